"""docs/faults.md names every fault once, and no test that is not there."""

import re

from tests.faults.house import ROOT

PAGE = (ROOT / "docs" / "faults.md").read_text("utf-8")
FAULTS = range(1, 38)


def test_every_fault_has_a_row():
    rows = {int(number) for number in re.findall(r"(?m)^\| (\d+) \|", PAGE)}
    assert rows == set(FAULTS)


def test_every_test_the_page_names_is_there():
    sources = "\n".join(path.read_text("utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    there = set(re.findall(r"def (test_\w+)", sources))
    named = set(re.findall(r"`(test_\w+)`", PAGE))
    assert named - there == set()


def test_every_fault_test_is_on_the_page():
    paths = [*(ROOT / "tests" / "faults").glob("test_*.py"), ROOT / "tests/real/test_faults_obs.py"]
    made = {
        name for path in paths
        for name in re.findall(r"def (test_(?:fault|bad_input)_\w+)", path.read_text("utf-8"))
    }  # fmt: skip
    assert {name for name in made if f"`{name}`" not in PAGE} == set()


def test_every_row_of_bad_input_names_its_test():
    table = PAGE.partition("## Bad input\n")[2]
    rows = [line for line in table.splitlines() if line.startswith("| ")][1:]
    kinds = {row[2:].partition(":")[0] for row in rows if not row.startswith("| …")}
    assert kinds == {"YAML", "Meaning", "Text", "OSC in", "MIDI in", "Paths", "Refusal"}
    assert [row for row in rows if not re.search(r"`test_\w+`", row.split("|")[3])] == []
