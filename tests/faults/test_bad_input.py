"""Bad input, row by row: refused with one sentence and a cure, and nothing is sent."""

import os
import re
import select
import shutil
import socket
import subprocess
import sys
import threading
import time

import pytest

from stagectl.words.problems import cure, sentence
from stagectl.words.visible import visible_lines
from tests.cli.library import Library
from tests.desk.house import ROOT
from tests.faults.house import until
from tests.files.house import HEAD, PROFILES, SHOW, VENUE, House, found

EVIL = (
    "[/]", "[@click=app.fire]Kari[/]", "[red]Ø[/red]", "$(reboot)", "{guest.__class__}", "%s%n",
    "\u202eoroT\u202c", "Kari\u200b\u2066x\u2069", "=HYPERLINK(1)",
)  # fmt: skip


@pytest.fixture
def house(tmp_path, monkeypatch):
    monkeypatch.setenv("STAGECTL_CACHE", str(tmp_path / "cache"))
    return House(tmp_path)


def errors(checked):
    return [problem for problem in checked.problems if problem.severity == "error"]


def codes(checked):
    return [problem.code for problem in errors(checked)]


# ---------------------------------------------------------------- YAML


@pytest.mark.parametrize("name", ["NO", "1:30", "010", "on", "0x1F", "1e3", "2026-11-28", "~"])
def test_bad_input_a_name_is_never_taken_for_something_else(house, name):
    book = house.cues(f"  - {{cue: 1, name: {name}, scene: holding}}\n").book
    assert book is not None
    assert book.show.cues[0].name == name


def test_bad_input_on_as_a_key_is_the_word_on(house):
    book = house.cues("  - cue: 1\n    set: {mixer.host: {on: off}}\n").book
    assert book is not None
    assert book.show.cues[0].sets == {"mixer.host.on": False}


def test_bad_input_one_thirty_as_a_length_says_that_it_could_be_either(house):
    [problem] = errors(house.cues("  - {cue: 1, length: '1:30'}\n"))
    assert problem.code == "hours_or_minutes"
    assert cure(problem) == "write 1 h 30 min, or 1 min 30 s"


@pytest.mark.parametrize(
    "cues",
    ["  - {cue: 1, cue: 2}\n", "  - {cue: 1, set: {mixer.host: on, mixer.host: off}}\n"],
)
def test_bad_input_a_key_that_stands_twice_is_told_with_both_its_lines(house, cues):
    [problem] = errors(house.cues(cues))
    assert problem.code == "key_twice"
    assert problem.data["line"] == str(problem.place.line)


@pytest.mark.parametrize("opening", ["[", "{a: ", "[a, "])
def test_bad_input_five_hundred_nested_brackets_are_a_mistake_and_no_crash(house, opening):
    assert codes(house.cues("  - cue: 1\n    set: " + opening * 500 + "\n")) == ["too_deep"]


BOMB = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{new}: &{new} [{', '.join([f'*{old}'] * 9)}]\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)
MERGE = "a: &a {x: y}\n" + "".join(
    f"{new}: &{new} {{<<: [{', '.join([f'*{old}'] * 9)}]}}\n"
    for old, new in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize("bomb", [BOMB, MERGE], ids=["aliases", "merges"])
def test_bad_input_a_bomb_of_aliases_costs_no_more_than_its_letters(house, bomb):
    house.read(SHOW)  # what is imported once is not the bomb's
    started = time.perf_counter()
    checked = house.read(SHOW + bomb)
    spent = time.perf_counter() - started
    assert {"anchor", "alias"} <= set(codes(checked))
    plain = SHOW + "".join(f"{letter * 3}: {{{letter}: {'x' * 60}}}\n" for letter in "abcdefghi")
    started = time.perf_counter()
    house.read(plain)
    assert spent < 0.05 or spent < 20 * (time.perf_counter() - started)


def test_bad_input_a_page_of_brackets_cannot_end_the_process(house):
    """PyYAML's C composer recurses, and 100,000 brackets end it: in a process of its own, then."""
    path = house.write("cues/kveld.yaml", SHOW + "  - " + "[" * 100_000)
    done = subprocess.run(
        [sys.executable, "-m", "stagectl", "check", str(path)], cwd=house.root,
        env=os.environ | {"PYTHONPATH": str(ROOT)}, capture_output=True, text=True, timeout=60,
        check=False,
    )  # fmt: skip
    assert done.returncode == 1, done.returncode
    assert "kveld.yaml:7" in done.stdout
    assert "Traceback" not in done.stderr


def test_bad_input_a_missing_quotation_mark_is_told_where_it_was_opened(house):
    for cues in (
        '  - cue: 1\n    name: "Kari\n    notes: "Hei"\n    fade: 2 s\n',
        '  - cue: 1\n    name: "Kari\n    at: "19:00"\n',
        '  - cue: 1\n    name: "Kari\n  - cue: 2\n    name: "Ola"\n',
        "  - cue: 1\n    name: 'Kari\n    notes: 'Hei'\n",
        '  - cue: 1\n    name: "Kari\n',
        '  - cue: 1\n    name: "Kari\n    notes: Hei\n  - cue: 2\n    at: "19:00"\n',
        '  - cue: 1\n    name: "\n    notes: Hei\n  - {cue: 2, name: "Ola", at: "19:00"}\n',
        "  - cue: 1\n    name: 'Kari\n    notes: it's\n  - {cue: 2, name: 'Ola'}\n",
    ):
        [problem] = errors(house.cues(cues))
        assert found(problem)[:3] == ("unclosed_quote", HEAD + 2, 11), cues


def test_bad_input_an_unquoted_time_with_a_full_stop_is_no_time(house):
    [problem] = errors(house.cues("  - {cue: 1, at: 10.57}\n"))
    assert problem.code == "clock_decimal"
    assert cure(problem) == 'write it as "10:57"'


# ---------------------------------------------------------------- meaning


@pytest.mark.parametrize(
    ("cue", "code"),
    [
        ("set: {mixr.host: on}", "unknown_device"),
        ("set: {mixer.gest: on}", "unknown_name"),
        ("set: {mixer.host.levl: -5 dB}", "unknown_name"),
        ("scene: holdnig", "unknown_scene"),
        ("do: [mixer.recal: 3]", "unknown_verb"),
        ("do: [mixr.recall: 3]", "unknown_device"),
    ],
)
def test_bad_input_what_the_room_has_not_is_told_with_what_was_meant(house, cue, code):
    [problem] = errors(house.cues(f"  - cue: 1\n    {cue}\n"))
    assert problem.code == code
    assert cure(problem).startswith("did you mean ")


@pytest.mark.parametrize(
    ("key", "text", "code"),
    [
        ("fade", "nan s", "not_finite"),
        ("wait", "inf s", "not_finite"),
        ("follow", "-3 s", "negative"),
        ("length", "-1:00:00", "negative"),
        ("fade", "9" * 400 + " s", "not_finite"),
        ("fade", "3", "no_unit"),
    ],
)
def test_bad_input_a_time_that_cannot_pass_is_refused(house, key, text, code):
    assert codes(house.cues(f"  - {{cue: 1, {key}: '{text}'}}\n")) == [code]


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("nan", "not_finite"), ("inf dB", "not_finite"), ("1e3 dB", "unit"), ("99 dB", "range"),
        ("-91 dB", "range"), ("5 Hz", "unit"), ("40 %", "unit"), ("loud", "not_number"),
        ("", "empty"), ("9" * 70, "not_number"),
    ],
)  # fmt: skip
def test_bad_input_a_value_its_parameter_cannot_take_is_refused(house, text, code):
    assert codes(house.cues(f"  - cue: 1\n    set: {{mixer.host.level: '{text}'}}\n")) == [code]


@pytest.mark.parametrize(("one", "other"), [("2", "2"), ("2", "2.0"), ("2.10", "2.1"), ("02", "2")])
def test_bad_input_two_cues_of_one_number_are_refused(house, one, other):
    assert codes(house.cues(f"  - cue: {one}\n  - cue: {other}\n")) == ["number_twice"]


@pytest.mark.parametrize("text", ["{guest.name", "{guest.role, Oslo", "Møt guest.name} nå"])
def test_bad_input_a_name_with_half_its_braces_never_reaches_the_screen(house, text):
    [problem] = errors(house.cues(f"  - cue: 1\n    set: {{obs.Navn.text: '{text}'}}\n"))
    assert problem.code == "half_template"
    assert cure(problem) in ("write {guest.name}", "write {guest.role}")


def test_bad_input_a_scene_no_cue_can_reach_is_a_warning(house):
    checked = house.cues("  - {cue: 1, scene: holding}\n")
    assert checked.book is not None
    [problem] = [p for p in checked.problems if p.code == "unreached"]
    assert (problem.severity, problem.data["scenes"]) == ("warning", ("conversation",))


# ---------------------------------------------------------------- what is shown


@pytest.mark.parametrize("raw", ["\x1b]0;x\x07", "\x9b31m", "\x00", "\x7f", "\u2028"])
def test_bad_input_a_control_character_in_a_file_is_refused(house, raw):
    for text in (
        f"  - {{cue: 1, name: a{raw}b}}\n",
        f'  - {{cue: 1, name: "{ascii(raw)[1:-1]}"}}\n',
    ):
        checked = house.cues(text)
        assert codes(checked)[0] == "control"
        assert checked.book is None


@pytest.mark.parametrize("evil", EVIL)
def test_bad_input_markup_and_marks_of_direction_in_a_name_are_its_letters(house, evil):
    book = house.cues(f"  - {{cue: 1, scene: holding, name: '{evil}', notes: '{evil}'}}\n").book
    assert book is not None
    assert book.show.cues[0].name == evil
    assert book.show.cues[0].notes == evil


@pytest.mark.parametrize("evil", EVIL)
def test_bad_input_a_mistake_about_such_a_name_is_told_and_turns_nothing(house, evil):
    [problem] = errors(house.cues(f"  - {{cue: 1, set: {{'{evil}': on}}}}\n"))
    told = sentence(problem)
    assert not set(told) & set("\u202e\u202c\u200b\u2066\u2069")
    assert all(sign.isprintable() for sign in told)


def test_bad_input_what_a_command_says_shows_escapes_and_obeys_none():
    evil = "Cue \x1b]0;owned\x07\x1b[2J\x9b5n \u202eoroT went.\nCue 2 stands by.\r"
    said = visible_lines(evil)
    assert said.count("\n") == 1
    assert not set(said) & set("\x1b\x07\x9b\u202e\r")
    assert "␛]0;owned␇" in said


@pytest.fixture
def library(tmp_path):
    library = Library(tmp_path / "library", tmp_path / "home")
    yield library
    library.close()


def test_bad_input_no_name_speaks_to_the_terminal_of_whoever_asks(library):
    """Names come by a file, by a command, and by the desk's own journal; all end on a terminal."""
    path = library.folder / "cues" / "reading.yaml"
    text = path.read_text("utf-8").replace("name: Velkommen", f"name: '{' '.join(EVIL)}'")
    path.write_text(text.replace("show: Høytlesning", f"show: '{' '.join(EVIL)}'"), "utf-8")
    evil = "\x1b]0;owned\x07\x1b[2J\x9b5n\u202eoroT"
    kept = library.headless()
    told = kept.said + library("name", "guest", evil, "--title", evil).told
    told += library("go").told + library("go").told + library("status").told
    told += library("check", "cues/reading.yaml").told
    told += library("standby", evil).told + library("put", evil, evil).told
    told += library("end").told
    told += "".join(kept.communicate(timeout=15))
    logs = (library.home / "state").glob("*/log")
    told += "".join(log.read_text("utf-8") for log in logs)
    assert "[@click=app.fire]Kari[/]" in told
    assert "]0;owned" in told
    odd = {f"U+{ord(c):04X}" for c in told if not c.isprintable() and c != "\n"}
    assert odd <= {"U+00A0"}


# ---------------------------------------------------------------- a refused file sends nothing


class Ears:
    """A mixer, lights and an OBS that only listen: whatever reaches them is counted."""

    def __init__(self) -> None:
        self.heard = dict.fromkeys(("obs", "mixer", "lights"), 0)
        self.sockets = {
            "obs": socket.socket(socket.AF_INET, socket.SOCK_STREAM),
            "mixer": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
            "lights": socket.socket(socket.AF_INET, socket.SOCK_DGRAM),
        }
        for ear in self.sockets.values():
            ear.bind(("127.0.0.1", 0))
        self.sockets["obs"].listen()
        self._closing = False
        self._thread = threading.Thread(target=self._listen, name="ears")
        self._thread.start()

    @property
    def options(self) -> list[str]:
        ports = {name: ear.getsockname()[1] for name, ear in self.sockets.items()}
        return [w for name, port in ports.items() for w in ("--at", f"{name}=127.0.0.1:{port}")]

    def close(self) -> None:
        self._closing = True
        self._thread.join(10)
        for ear in self.sockets.values():
            ear.close()

    def _listen(self) -> None:
        names = {ear: name for name, ear in self.sockets.items()}
        while not self._closing:
            for ear in select.select(list(names), [], [], 0.05)[0]:
                if names[ear] == "obs":
                    ear.accept()[0].close()
                else:
                    ear.recv(65536)
                self.heard[names[ear]] += 1


@pytest.fixture
def ears():
    ears = Ears()
    yield ears
    ears.close()


@pytest.fixture
def project(tmp_path):
    for folder in ("cues", "scenes"):
        shutil.copytree(ROOT / folder, tmp_path / folder)
    return tmp_path


NAME = "cues/2026-11-28-hoytlesning-tegnspraktolk.yaml"


def environ(project):
    return os.environ | {
        "STAGECTL_STATE": str(project / "state"),
        "STAGECTL_CONFIG": str(project / "config"),
        "STAGECTL_CACHE": str(project / "cache"),
        "STAGECTL_SECRET_OBS": "loopback",
        "PYTHONPATH": str(ROOT),
    }


def stagectl(project, *words):
    return subprocess.Popen(
        [sys.executable, "-m", "stagectl", *words, "--language", "en"], cwd=project,
        env=environ(project), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip


def done(project, *words):
    process = stagectl(project, *words)
    process.communicate(timeout=15)
    return process.returncode


SPOIL = {
    "YAML": (NAME, "show: ", 'show: "'),
    "a key": (NAME, "cues:", "queues:"),
    "a scene": (NAME, "scene: holding", "scene: holdnig"),
    "a value": (NAME, "fade: 3 s", "fade: 3"),
    "the venue": ("scenes/lillestrom.yaml", "profile: qlcplus", "profile: qlcplsu"),
    "the room at rest": ("scenes/lillestrom.yaml", "main.level: 0 dB", "main.level: 99 dB"),
}


@pytest.mark.parametrize(("file", "right", "wrong"), SPOIL.values(), ids=SPOIL)
def test_bad_input_a_refused_file_sends_nothing_to_any_device(project, ears, file, right, wrong):
    path = project / file
    text = path.read_text("utf-8")
    assert right in text
    path.write_text(text.replace(right, wrong, 1), "utf-8")
    run = stagectl(project, "run", NAME, "--headless", *ears.options)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert f"{file}:" in err
    assert "Nothing was started." in err
    time.sleep(0.3)  # whatever was under way on loopback has arrived
    assert ears.heard == {"obs": 0, "mixer": 0, "lights": 0}
    assert not list((project / "state").glob("*/desk.json"))


def test_bad_input_a_profile_of_ones_own_that_is_wrong_sends_nothing_either(project, ears):
    own = project / "scenes" / "profiles" / "behringer-x32.yaml"
    own.parent.mkdir(exist_ok=True)
    text = (ROOT / "stagectl/profiles/behringer-x32.yaml").read_text("utf-8")
    own.write_text(text.replace("driver: osc", "driver: ocs"), "utf-8")
    run = stagectl(project, "run", NAME, "--headless", *ears.options)
    _, err = run.communicate(timeout=30)
    assert run.returncode == 1
    assert "did you mean osc?" in err
    assert ears.heard == {"obs": 0, "mixer": 0, "lights": 0}


def test_bad_input_the_same_ears_hear_the_show_when_it_is_right(project, ears):
    run = stagectl(project, "run", NAME, "--headless", *ears.options)
    try:
        until(lambda: list((project / "state").glob("*/desk.json")), 15, "the desk to come up")
        until(lambda: ears.heard["obs"] and ears.heard["mixer"], 10, "devices to be spoken to")
        assert done(project, "go") == 0
        until(lambda: ears.heard["lights"], 10, "the lights to be told")
    finally:
        assert done(project, "end") == 0
        run.communicate(timeout=15)
    assert run.returncode == 0


# ---------------------------------------------------------------- paths


@pytest.mark.parametrize(
    "name", ["../hemmelig", "/etc/passwd", "..\\x", "C:x", ".skjult", "a/b", "~/x/y"]
)
def test_bad_input_a_venue_or_a_profile_is_a_name_and_leads_nowhere_else(house, name):
    assert codes(house.read(SHOW.replace("venue: sal", f"venue: '{name}'"))) == ["file_name"]
    text = VENUE.replace("profile: light", f"profile: '{name}'")
    assert "file_name" in codes(house.venue(text))


def test_bad_input_no_key_of_any_file_names_a_media_file():
    """Media are named inside OBS; the day a key here names a file, it must resolve in the venue's
    folder, and this test must give way to one that proves it."""
    from stagectl.files.schema import KINDS, schema

    keys = set(re.findall(r"'([a-z_]+)': \{'(?:description|type|\$ref|anyOf|allOf|enum)",
                          repr([schema(kind) for kind in KINDS])))  # fmt: skip
    assert {"scene", "profile", "run"} <= keys
    assert not keys & {"file", "media", "path", "image", "video", "sound", "folder", "slides"}


# ---------------------------------------------------------------- one sentence, nothing half done


def test_bad_input_every_mistake_of_the_tests_house_is_one_sentence(house):
    texts = (SHOW + "  - cue: en\n    fade: 90\n    nmae: x\n", SHOW + "  - [\n", "", "a: b\n")
    for text in texts:
        for problem in errors(house.read(text)):
            assert re.fullmatch(r"[^\n.]+(?:\.[^\n]*)?\.", sentence(problem)), sentence(problem)


def test_bad_input_a_book_is_whole_or_not_at_all(house):
    for profile in PROFILES:
        whole = house.root / f"scenes/profiles/{profile}.yaml"
        text = whole.read_bytes()
        whole.write_bytes(text.replace(b"driver", b"drover"))
        assert house.cues("  - {cue: 1, scene: holding}\n").book is None
        whole.write_bytes(text)
    assert house.cues("  - {cue: 1, scene: holding}\n").book is not None
