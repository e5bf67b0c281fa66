"""What is written into a venue leaves everything else as it was typed, or nothing is written."""

from pathlib import Path

import pytest

from stagectl.files import edit, load
from stagectl.files.edit import ChangedMeanwhileError, bind, given_up, with_controls
from stagectl.files.load import Mistakes, load_venue

VENUE = """\
# Øverst
venue:   Liten sal        # med   mellomrom
devices:
  keys: {profile: nanokontrol2, at: "midi:nano"}
  mixer: {profile: behringer-x32, at: 127.0.0.1, names: {host: ch.1}}

scenes:
  holding: {set: {mixer.host: off}}
safe: holding
cover: holding"""


@pytest.fixture
def hall(tmp_path: Path) -> Path:
    path = tmp_path / "hall.yaml"
    path.write_text(VENUE, "utf-8")
    return path


def test_a_first_section_stands_at_the_end(hall: Path):
    bind(hall, "keys", {"play": "go", "track next": "next", "fader.1": "mixer.host.level"})
    assert hall.read_text("utf-8") == VENUE + (
        "\n\ncontrols:\n  keys:\n"
        "    play: go\n    track next: next\n    fader.1: mixer.host.level\n"
    )
    assert [line.name for line in load_venue(hall).controls] == ["play", "track next", "fader.1"]
    assert list(hall.parent.iterdir()) == [hall], "nothing is left beside it"


@pytest.mark.parametrize(
    "text",
    [
        "controls:\n  # en\n  keys:   # to\n    play: back   # tre\n    # f\n\n# fem\nvenue: X\n",
        "venue: X\ncontrols: {keys: {play: back}}   # én\n",
        "venue: X\ncontrols:\n",
        "controls:\n  other:\n    a: go  # deres\nvenue: X\n# siste\n",
    ],
)
def test_comments_and_the_lines_of_others_stay(text: str):
    after = with_controls(text, "keys", {"play": "go"})
    for line in text.splitlines():
        if "#" in line:
            assert "#" + line.partition("#")[2] in after, (line, after)
    assert "venue: X" in after
    assert "play: go" in after
    assert "back" not in after
    assert ("a: go" in after) == ("a: go" in text), "another device's keys are its own"


def test_written_twice_is_written_once():
    once = with_controls(VENUE + "\n", "keys", {"play": "go"})
    assert with_controls(once, "keys", {"play": "go"}) == once


def test_a_key_relearnt_gives_up_what_it_was_for():
    once = with_controls(VENUE + "\n", "keys", {"play": "go", "stop": "safe"})
    again = with_controls(once, "keys", {"record": "go"})
    assert "play: go" not in again
    assert "record: go" in again
    assert "stop: safe" in again


def test_what_is_given_up_is_known_before_it_is(hall: Path):
    before = VENUE + "\ncontrols:\n  keys: {play: go, stop: safe, cycle: release}\n"
    hall.write_text(before, "utf-8")
    assert given_up(hall, "keys", {"record": "go", "cycle": "cover", "stop": "safe"}) == {
        "play": "go",
        "cycle": "release",
    }
    assert given_up(hall, "others", {"record": "go"}) == {}
    assert hall.read_text("utf-8") == before


def test_windows_line_ends_and_a_mark_at_the_top_stay(hall: Path):
    hall.write_bytes(b"\xef\xbb\xbf" + VENUE.replace("\n", "\r\n").encode())
    bind(hall, "keys", {"play": "go"})
    after = hall.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf# \xc3\x98")
    assert after.count(b"\n") == after.count(b"\r\n")
    assert load_venue(hall).controls


def test_what_does_not_pass_check_is_not_written(hall: Path):
    with pytest.raises(Mistakes) as mistakes:
        bind(hall, "keys", {"no such key": "go"})
    (problem,) = mistakes.value.problems
    assert (problem.code, Path(problem.place.file).name) == ("unknown_control", "hall.yaml")
    assert hall.read_text("utf-8") == VENUE
    assert list(hall.parent.iterdir()) == [hall]


def test_a_file_somebody_else_has_just_written_is_left_to_them(hall: Path, monkeypatch):
    check = load.read_venue

    def slow(path: Path):
        hall.write_text("venue: En annen\n", "utf-8")
        return check(path)

    monkeypatch.setattr(edit, "read_venue", slow)
    with pytest.raises(ChangedMeanwhileError):
        bind(hall, "keys", {"play": "go"})
    assert hall.read_text("utf-8") == "venue: En annen\n"


def test_a_link_stays_a_link_and_what_it_leads_to_is_written(hall: Path, tmp_path: Path):
    link = tmp_path / "link.yaml"
    try:
        link.symlink_to(hall)
    except OSError:
        pytest.skip("this system makes no links for this user")
    bind(link, "keys", {"play": "go"})
    assert link.is_symlink()
    assert "play: go" in hall.read_text("utf-8")


def test_what_is_no_venue_is_refused(hall: Path):
    hall.write_text("[1, 2", "utf-8")
    with pytest.raises(Mistakes):
        bind(hall, "keys", {"play": "go"})
    assert hall.read_text("utf-8") == "[1, 2"


SECTIONS = (
    "controls: {}",
    "controls:",
    "controls:\n  keys:",
    "controls: {keys: {play: back}}",
    "controls:   # knapper\n  keys:\n    play: back   # en",
)


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("section", SECTIONS)
def test_what_stands_before_and_after_the_section_stays_byte_for_byte(
    hall: Path, section: str, newline: str
):
    tail = "\n# om språket, ikke om knappene\n\nlanguage: nb   # norsk\n# siste"
    text = (VENUE + "\n" + section + "\n" + tail).replace("\n", newline)
    hall.write_bytes(b"\xef\xbb\xbf" + text.encode())
    bind(hall, "keys", {"play": "go"})
    after = hall.read_bytes()
    assert after.startswith(b"\xef\xbb\xbf" + (VENUE + "\n").replace("\n", newline).encode())
    assert after.endswith(tail.replace("\n", newline).encode())
    assert [line.name for line in load_venue(hall).controls] == ["play"]


def test_a_line_keeps_its_own_line_break(hall: Path):
    mixed = VENUE.replace("\n", "\r\n", 3) + "\n"
    hall.write_bytes(mixed.encode())
    bind(hall, "keys", {"play": "go"})
    assert hall.read_bytes().startswith(mixed.encode())


def test_what_check_refuses_is_not_put_right_in_passing(hall: Path):
    tabbed = VENUE.replace("med   mellomrom", "med\tmellomrom")
    hall.write_text(tabbed, "utf-8")
    with pytest.raises(Mistakes):
        bind(hall, "keys", {"play": "go"})
    assert hall.read_text("utf-8") == tabbed
