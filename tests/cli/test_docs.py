"""docs/cli.md names every command and every option, and none that is not there."""

import re
from dataclasses import fields
from typing import get_args

import click

from stagectl.cli.commands import COMMANDS, stagectl
from stagectl.engine.asrun import (
    Absence,
    AsRun,
    Deed,
    Ending,
    Hand,
    How,
    Interval,
    Moment,
    Outcome,
    Output,
    Row,
    State,
    Totals,
)
from stagectl.engine.snapshot import Snapshot
from tests.desk.house import ROOT

PAGE = (ROOT / "docs" / "cli.md").read_text("utf-8")
ENTRY = re.compile(r"(?:### |\| )`stagectl ([a-z-]+)")
EVERYWHERE = {"--help", "--language", "--desk"}


def entries():
    """Return what stands about each command: a section, or a row of the table."""
    parts = re.split(r"^(?=#|\| `stagectl )", PAGE, flags=re.MULTILINE)
    told = {}
    for part in parts:
        if found := ENTRY.match(part):
            told[found[1]] = told.get(found[1], "") + part
    return told


def options(name):
    command = stagectl.get_command(click.Context(stagectl), name)
    assert command is not None
    parts = [command, *(command.commands.values() if isinstance(command, click.Group) else ())]
    return {o for one in parts for p in one.params if isinstance(p, click.Option) for o in p.opts}


def test_every_command_is_on_the_page_and_no_other():
    assert set(entries()) == set(COMMANDS)


def test_every_option_stands_with_its_command_and_no_other():
    for name, text in entries().items():
        told = set(re.findall(r"`(--[a-z-]+)", text)) - EVERYWHERE
        assert told == options(name) - EVERYWHERE, name


def test_what_stands_for_every_command_is_so():
    for option in EVERYWHERE:
        assert f"`{option}" in PAGE
    speaking = set(COMMANDS) - {
        "demo", "today", "run", "serve", "check", "profile", "schema", "sim", "midi", "log",
    }  # fmt: skip
    for name in COMMANDS:
        assert "--language" in options(name)
        assert ("--desk" in options(name)) == (name in speaking)


def test_the_exit_statuses_are_told():
    for status in ("**0** done", "**1** refused", "**2** wrong usage"):
        assert status in PAGE


def test_every_key_of_the_json_status_is_told():
    keys = {f.name for f in fields(Snapshot)} | {"pid", "show", "venue", "recording", "streaming"}
    table = PAGE.partition("### `status --json`")[2].partition("\n## ")[0]
    assert keys <= set(re.findall(r"`([a-z_]+)`", table))


def test_every_key_of_the_log_is_told():
    shapes = (AsRun, Totals, Row, Output, Interval, Hand, Deed, Absence, Moment)
    keys = {f.name for shape in shapes for f in fields(shape)} | {"version"}
    told = PAGE.partition("### `stagectl log")[2].partition("\n## ")[0]
    assert keys <= set(re.findall(r"`([a-z_]+)`", told))
    codes = {c for shape in (How, State, Ending, Outcome) for c in get_args(shape)} - {""}
    assert codes <= set(re.findall(r"`([a-z_]+)`", told))


def test_every_variable_is_told():
    sources = (ROOT / "stagectl").rglob("*.py")
    said = {
        name
        for path in sources
        for name in re.findall(r'"(STAGECTL_[A-Z]+)_?"', path.read_text("utf-8"))
    }
    assert said >= {"STAGECTL_STATE", "STAGECTL_CONFIG", "STAGECTL_SECRET"}
    for name in said:
        assert name in PAGE, name
