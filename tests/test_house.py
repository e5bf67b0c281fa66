"""The import contracts hold, and each of them would notice: every one is broken here in a copy."""

import os
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CONTRACTS = {
    contract["id"]: contract["name"]
    for contract in tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"][
        "importlinter"
    ]["contracts"]
}

# contract → the imports that must break it, as (a module put into the copy, what it imports)
SEEDS = {
    "layers": [
        ("core.seed", "stagectl.engine"),
        ("engine.seed", "stagectl.files"),
        ("files.seed", "stagectl.words"),  # siblings
        ("words.seed", "stagectl.drivers"),
        ("drivers.seed", "stagectl.desk"),
        ("panel.seed", "stagectl.sim"),
        ("sim.seed", "stagectl.cli"),
        ("panel.seed2", "stagectl.web"),
        ("web.seed", "stagectl.cli"),
    ],
    "core-pure": [("core.seed", "json"), ("core.seed2", "time"), ("core.seed3", "os.path")],
    "engine-pure": [("engine.seed", "asyncio"), ("engine.seed2", "datetime")],
    "drivers-report": [
        ("drivers.seed", "stagectl.engine.intent"),
        ("drivers.seed2", "stagectl.engine"),
    ],
    "faces": [("panel.seed", "stagectl.drivers"), ("panel.seed2", "stagectl.desk")],
    "click": [("desk.seed", "click")],
    "mido": [("drivers.seed", "mido"), ("desk.seed", "rtmidi")],
    "obs": [("sim.seed", "obsws_python"), ("drivers.seed", "websocket")],
    "osc": [("desk.seed", "pythonosc.udp_client"), ("panel.seed", "pythonosc.osc_message")],
    "pydantic": [("desk.seed", "pydantic"), ("core.seed", "pydantic")],
    "textual": [("desk.seed", "textual.app"), ("sim.seed", "rich.text")],
    "web": [("panel.seed", "aiohttp"), ("cli.seed", "textual_serve"), ("desk.seed", "jinja2")],
    "websockets": [("panel.seed", "websockets.sync.client"), ("drivers.seed", "websockets")],
    "yaml": [("words.seed", "yaml"), ("panel.seed", "yaml")],
}


def lint(folder, *contracts):
    """Run lint-imports on the copy in `folder`."""
    only = [f"--contract={contract}" for contract in contracts]
    command = "from importlinter.cli import lint_imports_command; lint_imports_command()"
    return subprocess.run(
        [sys.executable, "-c", command, "--no-logo", "--no-cache", *only],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(folder), "COLUMNS": "200"},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """The house without its furniture: modules and contracts."""
    folder = tmp_path_factory.mktemp("house")
    shutil.copy(ROOT / "pyproject.toml", folder)
    shutil.copytree(
        ROOT / "stagectl",
        folder / "stagectl",
        ignore=lambda at, names: {
            name for name in names if not (name.endswith(".py") or Path(at, name).is_dir())
        },
    )
    return folder


def test_the_imports_of_the_house_keep_every_contract(copy):
    linted = lint(copy)
    assert linted.returncode == 0, linted.stdout + linted.stderr


def test_every_contract_has_a_seed_that_breaks_it():
    assert set(SEEDS) == set(CONTRACTS)


@pytest.mark.parametrize("contract", SEEDS)
def test_a_contract_names_what_breaks_it(copy, contract):
    seeded = []
    try:
        for module, imported in SEEDS[contract]:
            path = copy.joinpath("stagectl", *module.split(".")).with_suffix(".py")
            assert path.parent.is_dir(), f"stagectl.{module} has no package to be seeded in"
            path.write_text(f"import {imported}\n")
            seeded.append(path)
        linted = lint(copy, contract)
    finally:
        for path in seeded:
            path.unlink()
    assert linted.returncode == 1, linted.stdout + linted.stderr
    assert f"{CONTRACTS[contract]} BROKEN" in linted.stdout
    for module, _ in SEEDS[contract]:
        assert f"stagectl.{module} -> " in linted.stdout
