"""A profile's patterns: what a name may stand for, and how its address is filled."""

from stagectl.core.pattern import Pattern
from stagectl.core.wire import Wire

FADER = Pattern("ch.{1..32}.level", Wire("number", "/ch/{:02}/mix/fader"))
DIMMER = Pattern("level.{1..512}", Wire("number", "/0/dmx/{-1}"))
ITEM = Pattern("{scene}/{item}.on", Wire("switch", "{}\n{}"))


def test_a_slot_in_range_fills_the_address():
    assert FADER.match("ch.3.level") == Wire("number", "/ch/03/mix/fader")
    assert DIMMER.match("level.1") == Wire("number", "/0/dmx/0")


def test_a_slot_out_of_range_or_oddly_written_is_no_parameter():
    huge = "ch." + "9" * 5000 + ".level"
    for path in ("ch.0.level", "ch.33.level", "ch.03.level", "ch.٣.level", huge):
        assert FADER.match(path) is None


def test_a_free_slot_is_filled_with_the_devices_own_name_whatever_signs_it_has():
    names = {"talk": "Prof. Dahl / sal 1"}
    assert ITEM.match("talk/logo.on", names) == Wire("switch", "Prof. Dahl / sal 1\nlogo")
    assert ITEM.match("Prof. Dahl/logo.on") is None


def test_a_pattern_tells_each_of_its_paths():
    assert list(FADER.every())[:2] == ["ch.1.level", "ch.2.level"]
    assert len(list(FADER.every())) == 32


def test_a_stem_finds_its_parameter_under_a_pattern():
    assert FADER.under("ch.3") == "ch.3.level"
    assert FADER.under("ch") is None
    assert FADER.under("ch.33") is None
    assert DIMMER.under("level.1") == "level.1"
    assert Pattern("main.level", Wire("number")).under("main") == "main.level"
    assert Pattern("ch.{1..32}.{bus}.level", Wire("number")).under("ch.3") is None
