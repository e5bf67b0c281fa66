"""The catalogues are whole and fresh, and a language needs nothing but one."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from stagectl.words import catalogue, codes, tongue
from stagectl.words.tongue import N_, _, ngettext


def test_bokmal_is_whole_and_its_mo_is_fresh():
    assert catalogue.faults("nb", catalogue.template()) == []


def test_every_language_there_is_is_whole():
    sentences = catalogue.template()
    told = [f for language in catalogue.catalogues() for f in catalogue.faults(language, sentences)]
    assert told == []


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A copy of the catalogues, to be torn."""
    for path in tongue.LOCALE.glob("*/LC_MESSAGES/*"):
        copy = tmp_path / path.relative_to(tongue.LOCALE)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(tongue, "LOCALE", tmp_path)
    monkeypatch.setattr(catalogue, "LOCALE", tmp_path)
    return tmp_path


def nb(folder: Path) -> Path:
    return folder / "nb/LC_MESSAGES/stagectl.po"


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('msgstr "Salen"', 'msgstr ""', "nb: not translated: 'House'"),
        ("{name} ned til {value}", "{name} ned", "nb: {value} differs: '{name} down to {value}'"),
        ('msgid "House"', 'msgid "Hose"', "nb: not in the catalogue: 'House'"),
        ('msgid "House"', 'msgid "Hose"', "nb: no longer said: 'Hose'"),
        ('msgstr "Salen"', 'msgstr "Sal"', "nb: stagectl.mo is not what stagectl.po compiles to"),
    ],
)
def test_a_torn_catalogue_is_told(elsewhere, old, new, fault):
    text = nb(elsewhere).read_text(encoding="utf-8")
    assert old in text
    nb(elsewhere).write_text(text.replace(old, new), encoding="utf-8")
    assert fault in catalogue.faults("nb", catalogue.template())


def test_an_update_of_what_is_fresh_changes_nothing(elsewhere):
    catalogue.update()
    before = {p: p.read_bytes() for p in elsewhere.rglob("*.*o")}
    assert catalogue.update() == []
    assert {p: p.read_bytes() for p in elsewhere.rglob("*.*o")} == before


def test_a_sentence_that_comes_back_finds_its_translation(elsewhere, monkeypatch):
    whole = catalogue.template()
    less = catalogue.template()
    less.delete("House")
    monkeypatch.setattr(catalogue, "template", lambda: less)
    catalogue.update()
    assert catalogue.read("nb", nb(elsewhere)).get("House") is None
    monkeypatch.setattr(catalogue, "template", lambda: whole)
    catalogue.update()
    back = catalogue.read("nb", nb(elsewhere)).get("House")
    assert back is not None
    assert back.string == "Salen"
    monkeypatch.setattr(catalogue, "template", lambda: less)
    catalogue.update(tidy=True)
    assert 'msgstr "Salen"' not in nb(elsewhere).read_text(encoding="utf-8")


def test_another_language_needs_only_a_catalogue_and_falls_back_to_bokmal(elsewhere):
    assert "nn" not in tongue.languages()
    po = b'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n' + (
        'msgid "House"\nmsgstr "Salen på nynorsk"\n'.encode()
    )
    folder = elsewhere / "nn/LC_MESSAGES"
    folder.mkdir(parents=True)
    (folder / "stagectl.po").write_bytes(po)
    with (folder / "stagectl.po").open("rb") as file:
        (folder / "stagectl.mo").write_bytes(catalogue.compiled(read_po(file, locale="nn")))
    with tongue.speaking("nn_NO.UTF-8"):
        assert tongue.spoken() == "nn"
        assert _("House") == "Salen på nynorsk"
        assert _("Stage light") == "Scenelyset"
        assert _("this is in no catalogue") == "this is in no catalogue"
    with tongue.speaking("se"):
        assert _("House") == "Salen"


@pytest.mark.parametrize(
    ("asked", "spoken"),
    [("nb", "nb"), ("nb_NO.UTF-8", "nb"), ("no", "nb"), ("en-GB", "en"), ("xx", "en"), ("", "en")],
)
def test_the_nearest_language_there_is_is_spoken(asked, spoken):
    with tongue.speaking("en"):
        assert tongue.use(asked) == spoken


def test_the_machine_can_say_its_language(monkeypatch):
    for name in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        monkeypatch.delenv(name, raising=False)
    assert tongue.of_the_machine() == ""
    monkeypatch.setenv("LANG", "nb_NO.UTF-8")
    assert tongue.of_the_machine() == "nb_NO"
    monkeypatch.setenv("LC_ALL", "C")
    assert tongue.of_the_machine() == "nb_NO"


def test_english_needs_no_catalogue():
    assert (N_("x"), _("House"), ngettext("one", "many", 2)) == ("x", "House", "many")


def test_the_command_tells_by_its_status(elsewhere, capsys):
    assert catalogue.main([]) == 0
    assert catalogue.main(["--check"]) == 0
    nb(elsewhere).with_suffix(".mo").write_bytes(b"")
    assert catalogue.main(["--check"]) == 1
    assert "stagectl.mo is not what" in capsys.readouterr().out
    assert catalogue.main(["--chekc"]) == 2


def test_nothing_that_speaks_needs_babel():
    code = (
        "import sys; from stagectl.words import tongue, plain, problems, codes;"
        "tongue.use('nb'); print(plain.number(-2.5)); print('babel' in sys.modules)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2]), "PYTHONIOENCODING": "utf-8"}
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", env=env, check=True
    )
    assert done.stdout.split() == ["−2,5", "False"]


def test_codes_are_sentences_in_both_languages():
    assert codes.refusal("no_cue", "7") == "There is no cue 7"
    assert codes.refusal("brand_new") == "Refused (brand_new)"
    assert codes.trouble("silent") == "does not answer"
    assert codes.overdue("late") == "Its time had passed"
    with tongue.speaking("nb"):
        assert codes.refusal("guard") == "For kort tid siden forrige GO"
        assert codes.trouble("password") == "feil passord"
        assert codes.trouble("brand_new\x1b") == "brand_new␛"
