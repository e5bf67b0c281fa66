"""What a show may mean in a room, and what it may not."""

import math

import pytest

from stagectl.core.model import Do, Person
from stagectl.core.parts import MOST_PARTS
from tests.files.house import HEAD, SHOW, VENUE, found


def errors(checked):
    return [found(p) for p in checked.problems if p.severity == "error"]


def warnings(checked):
    return [p.code for p in checked.problems if p.severity == "warning"]


def one_cue(house, text):
    checked = house.cues(f"  - cue: 1\n    {text}\n")
    assert checked.book is not None, [(found(p), p.data) for p in checked.problems]
    return checked.book.show.cues[0]


# ---- names


@pytest.mark.parametrize(
    "written",
    [
        "{mixer: {host: {level: -5 dB}}}",
        "{mixer: {host.level: -5 dB}}",
        "{mixer.host.level: -5 dB}",
        "{mixer.host: {level: -5}}",
        "{mixer.ch.1.level: -5 dB}",
        "{mixer.ch: {1.level: -5 dB}}",
    ],
)
def test_nested_dotted_and_the_profiles_own_name_are_one_thing(house, written):
    assert one_cue(house, f"set: {written}").sets == {"mixer.host.level": -5.0}


def test_a_bare_name_means_its_main_parameter(house):
    assert one_cue(house, "set: {mixer.host: on}").sets == {"mixer.host.on": True}
    assert one_cue(house, "set: {lights.stage: 40}").sets == {"lights.stage": 40.0}
    assert one_cue(house, "set: {obs.Samtale/Tolk: on}").sets == {"obs.Samtale/Tolk.on": True}


def test_the_cues_own_set_wins_over_its_scene(house):
    cue = one_cue(house, "scene: conversation\n    set: {mixer.guest: off}")
    assert cue.sets == {
        "obs.program": "Samtale",
        "mixer.host.on": True,
        "mixer.guest.on": False,
        "lights.stage": 90.0,
    }


def test_a_devices_own_name_may_have_any_sign_in_it(house):
    book = house.cues("  - cue: 1\n    set: {obs.talk: off, obs.program: talk}\n").book
    assert book is not None
    assert book.wires["obs.talk.on"].address == "Dr. Dahl / sal 1"
    assert book.show.cues[0].sets["obs.program"] == "Dr. Dahl / sal 1"


def test_a_do_is_said_in_the_devices_own_name(house):
    cue = one_cue(house, "do: [obs.play: talk, obs.record: start, mixer.recall: 7]")
    assert cue.dos == (
        Do("obs", "play", "Dr. Dahl / sal 1"),
        Do("obs", "record", "start"),
        Do("mixer", "recall", "7"),
    )


def test_every_number_and_switch_of_a_named_channel_is_in_the_book_and_at_rest(house):
    book = house.cues("  - {cue: 1, scene: holding}\n").book
    assert book is not None
    assert set(book.wires) == set(book.show.base)
    assert book.show.base["mixer.guest.level"] == -math.inf
    assert book.show.base["mixer.host.level"] == -5.0
    assert book.show.base["obs.master.on"] is True
    assert "mixer.host.name" not in book.wires  # nobody asked for it to be wiped


# ---- mistakes


@pytest.mark.parametrize(
    ("text", "where", "near"),
    [
        ("set: {mixer.gest: off}", ("unknown_name", 2, 11, 10), "mixer.guest"),
        ("set: {mixer: {gest: off}}", ("unknown_name", 2, 19, 4), "mixer.guest"),
        ("set: {mixer.host.levl: -5 dB}", ("unknown_name", 2, 11, 15), "mixer.host.level"),
        ("set: {mixr.host: on}", ("unknown_device", 2, 11, 9), "mixer"),
        ("scene: conversasion", ("unknown_scene", 2, 12, 12), "conversation"),
        ("do: [obs.recrod: start]", ("unknown_verb", 2, 10, 10), "obs.record"),
        ("do: [obs.record: strat]", ("bad_argument", 2, 22, 5), "start"),
        ("fadee: 2 s", ("unknown_key", 2, 5, 5), "fade"),
    ],
)
def test_a_misspelt_name_is_told_with_the_nearest(house, text, where, near):
    checked = house.cues(f"  - cue: 1\n    {text}\n")
    code, line, column, width = where
    assert errors(checked) == [(code, HEAD + line, column, width)]
    assert [p.data["near"] for p in checked.problems if p.severity == "error"] == [(near,)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("set: {mixer.interpreter: on}", ("no_role", 2, 11, 17)),
        ("scene: film", ("no_shared_scene", 2, 12, 4)),
    ],
)
def test_what_other_rooms_have_and_this_one_lacks_is_said_in_plain_words(house, text, where):
    code, line, column, width = where
    assert errors(house.cues(f"  - cue: 1\n    {text}\n")) == [(code, HEAD + line, column, width)]


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("set: {mixer.host.level: 5 Hz}", ("unit", 2, 29, 4)),
        ("set: {mixer.host.level: 12 dB}", ("range", 2, 29, 5)),
        ("set: {mixer.host.level: .nan}", ("not_finite", 2, 29, 4)),
        ("set: {mixer.host: kanskje}", ("not_switch", 2, 23, 7)),
        ("set: {mixer.host: }", ("empty", 2, 23, 1)),
        ("set: {mixer.mode: medium}", ("choice", 2, 23, 6)),
        ("set: {lights.stage: [1, 2]}", ("list_value", 2, 25, 1)),
        ("set: {mixer.host: on, mixer.ch.1: off}", ("set_twice", 2, 27, 10)),
        ("set: {mixer: off}", ("unknown_name", 2, 11, 5)),
        ("set: {mixer..host: off}", ("unknown_name", 2, 11, 11)),
        ("set: {.host: off}", ("unknown_device", 2, 11, 5)),
        ("do: [mixer: 7]", ("unknown_verb", 2, 10, 5)),
        ("do: [mixer.recall: 7.5]", ("argument_number", 2, 24, 3)),
        ("do: [mixer.recall: sju]", ("argument_number", 2, 24, 3)),
        ("do: [obs.play]", ("needs_argument", 2, 10, 8)),
        ("fade: .inf s", ("not_finite", 2, 11, 6)),
        ("fade: .nan", ("not_finite", 2, 11, 4)),
        ("wait: -1 s", ("negative", 2, 11, 4)),
        ("fade: 1:30", ("hours_or_minutes", 2, 11, 4)),
        ("fade: 3 dB", ("not_duration", 2, 11, 4)),
        ("follow: etterpå", ("follow", 2, 13, 7)),
        ("at: 25:00", ("clock", 2, 9, 5)),
        ("block: kanskje", ("not_switch", 2, 12, 7)),
        ("notes: [a]", ("not_text", 2, 12, 1)),
        ("do: [{obs: [x]}]", ("list_value", 2, 16, 1)),
        ('set: {obs.Navn.text: "{gest.name}"}', ("nobody", 2, 26, 13)),
        ('set: {obs.Navn.text: "{guest.title}"}', ("no_attribute", 2, 26, 15)),
    ],
)
def test_a_value_that_cannot_be_is_told_at_its_place(house, text, where):
    code, line, column, width = where
    checked = house.cues(f"  - cue: 1\n    {text}\n  - {{cue: 2, scene: holding}}\n")
    got = errors(checked)
    assert [(c, ln, co) for c, ln, co, _ in got] == [(code, HEAD + line, column)]
    assert abs(got[0][3] - width) <= 2  # a list's or a map's bracket is wide as it is opened


def test_two_numbers_that_are_one_are_refused(house):
    checked = house.cues("  - cue: 2\n  - cue: 2.0\n  - cue: 02\n")
    assert errors(checked) == [("number_twice", HEAD + 2, 10, 3), ("number_twice", HEAD + 3, 10, 2)]


def test_a_cue_needs_a_number(house):
    checked = house.cues("  - name: Velkommen\n  - {cue: 2, scene: holding}\n")
    assert errors(checked) == [("missing_key", HEAD + 1, 5, 4)]


def test_what_is_set_has_a_resting_value(house):
    speed = "  - cue: 1\n    set: {mixer.speed: 7}\n"
    assert errors(house.cues(speed)) == [("no_rest", HEAD + 2, 11, 11)]
    book = house.venue(VENUE.replace("base:\n", "base:\n  mixer.speed: 3\n"), speed).book
    assert book is not None
    assert book.show.base["mixer.speed"] == 3


def test_a_template_in_a_scene_is_told_where_the_cue_takes_the_scene(house):
    venue = VENUE.replace(
        "set: {obs.program: Samtale,", 'set: {obs.Navn.text: "{host.name}", obs.program: Samtale,'
    )
    checked = house.venue(venue, "  - {cue: 1, scene: conversation}\n")
    assert errors(checked) == [("nobody", HEAD + 1, 21, 12)]
    own = "  - {cue: 1, scene: conversation, set: {obs.Navn.text: Kari}}\n"
    assert errors(house.cues(own)) == []


def test_braces_that_are_no_template_are_text(house):
    cue = one_cue(house, 'set: {obs.Navn.text: "{Kari} { } {guest.name}"}')
    assert cue.sets["obs.Navn.text"] == "{Kari} { } {guest.name}"


# ---- warnings


def test_a_follow_on_the_last_cue_is_a_warning(house):
    checked = house.cues("  - {cue: 1, scene: holding, follow: 3 s}\n")
    assert checked.book is not None
    assert "follow_last" in warnings(checked)


def test_scenes_no_cue_can_reach_are_one_warning(house):
    checked = house.cues("  - {cue: 1, scene: holding}\n")
    told = [p for p in checked.problems if p.code == "unreached"]
    assert [(p.severity, p.data["scenes"]) for p in told] == [("warning", ("conversation",))]
    assert told[0].place.file.endswith("sal.yaml")
    assert "unreached" not in warnings(house.cues("  - {cue: 1, scene: conversation}\n"))


def test_a_name_only_the_device_knows_is_doubted_when_it_is_nearly_one_of_the_venues(house):
    venue = VENUE.replace("base:\n", 'base:\n  obs.Navn.text: ""\n')
    checked = house.venue(venue, "  - {cue: 1, set: {obs.Nvan.text: Kari}}\n")
    assert checked.book is not None
    told = [p for p in checked.problems if p.code == "doubtful_name"]
    assert [(found(p), p.data["near"]) for p in told] == [
        (("doubtful_name", HEAD + 1, 20, 13), ("obs.Navn.text",))
    ]
    for other in ("Navn 2", "Undertekst", "talk"):
        checked = house.cues(f"  - {{cue: 1, set: {{obs.{other}.text: Kari}}}}\n")
        assert "doubtful_name" not in warnings(checked)


# ---- groups and chapters

GROUP = """\
  - cue: 1
    scene: holding
    do: [obs.record: start]
    wait: 1 s
    fade: 4 s
    group:
      - {name: Lyset ned, set: {lights.house: 10 %}, fade: 5 s}
      - {name: Bandet, scene: conversation, wait: 2.5 s, do: [obs.play: intro]}
      - {set: {lights.house: 30 %}, wait: 3 s, fade: 0 s}
    follow: end
"""


def test_a_group_is_one_cue_that_puts_what_all_its_parts_put(house):
    [cue] = house.cues(GROUP).book.show.cues
    assert cue.sets == {
        "obs.program": "Samtale",
        "mixer.host.on": True,
        "mixer.guest.on": True,
        "lights.stage": 90.0,
        "lights.house": 30.0,
    }
    assert cue.dos == (Do("obs", "record", "start"), Do("obs", "play", "intro"))


def test_all_waits_of_a_group_count_from_go_and_a_part_takes_the_fade_of_its_cue(house):
    [cue] = house.cues(GROUP).book.show.cues
    assert [(p.name, p.wait, p.fade, len(p.dos)) for p in cue.group] == [
        ("", 1.0, 4.0, 1),
        ("Lyset ned", 1.0, 5.0, 0),
        ("Bandet", 3.5, 4.0, 1),
        ("", 4.0, 0.0, 0),
    ]
    assert cue.group[0].sets == {"obs.program": "Venteskjerm", "mixer.host.on": False}
    assert cue.follow_after == 7.5


def test_a_cue_that_says_nothing_itself_is_no_part_of_its_group(house):
    [cue] = house.cues("  - {cue: 1, group: [{scene: holding}]}\n").book.show.cues
    assert len(cue.group) == 1
    [empty] = house.cues("  - {cue: 1, scene: holding, group: []}\n").book.show.cues
    assert empty.group == ()


def test_a_mistake_in_a_part_is_told_where_it_stands(house):
    checked = house.cues(
        "  - cue: 1\n"
        "    group:\n"
        "      - {set: {mixer.gest: off}, fade: 3}\n"
        "      - {scene: holdin, cue: 2}\n"
        "      - {do: [obs.rekord: start], follow: end}\n"
        '      - {set: {mixer.host.name: "{gest.name}"}}\n'
        "      - Bandet\n"
    )
    assert set(errors(checked)) == {
        ("unknown_name", HEAD + 3, 16, 10),
        ("no_unit", HEAD + 3, 40, 1),
        ("unknown_scene", HEAD + 4, 17, 6),
        ("unknown_key", HEAD + 4, 25, 3),
        ("unknown_verb", HEAD + 5, 15, 10),
        ("unknown_key", HEAD + 5, 35, 6),
        ("nobody", HEAD + 6, 33, 13),
        ("not_table", HEAD + 7, 9, 6),
    }


def test_a_scene_that_only_a_part_takes_is_reached(house):
    checked = house.cues("  - {cue: 1, group: [{scene: conversation}]}\n")
    assert "unreached" not in warnings(checked)


@pytest.mark.parametrize(
    ("first", "second", "told"),
    [
        ("set: {lights.house: 10 %}", "set: {lights.house: 20 %}", True),
        ("wait: 2 s, set: {lights.house: 10 %}", "set: {lights.house: 20 %}", True),
        ("set: {lights.stage: 10 %}", "scene: conversation", True),
        ("set: {lights.house: 10 %}", "wait: 1 s, set: {lights.house: 20 %}", False),
        ("set: {lights.house: 20 %}", "set: {lights.house: 20 %}", False),
        ("scene: holding", "scene: conversation", False),  # one look upon another is no mistake
    ],
)
def test_a_part_whose_value_a_later_one_takes_before_it_begins_is_doubted(
    house, first, second, told
):
    checked = house.cues(f"  - {{cue: 1, group: [{{{first}}}, {{{second}}}]}}\n")
    assert checked.book is not None
    assert ("part_hidden" in warnings(checked)) is told


def test_a_group_has_an_end(house):
    part = "{set: {lights.house: 10 %}}, "
    most = house.cues(f"  - {{cue: 1, group: [{part * MOST_PARTS}]}}\n")
    assert most.book is not None
    more = house.cues(f"  - {{cue: 1, group: [{part * (MOST_PARTS + 1)}]}}\n")
    assert [code for code, *_ in errors(more)] == ["group_long"]


def test_a_chapter_is_kept_as_it_was_typed(house):
    show = house.cues('  - {cue: 1, scene: holding, chapter: "Del 2 –  Konserten: «Sne»"}\n').book
    assert show.show.cues[0].chapter == "Del 2 –  Konserten: «Sne»"


def test_a_reserved_field_is_a_warning(house):
    assert "reserved" in warnings(house.cues("  - {cue: 1, scene: holding, consent: x}\n"))


def test_a_clock_that_runs_backwards_is_a_warning(house):
    checked = house.cues('  - {cue: 1, at: "19:00"}\n  - {cue: 2, at: "18:00"}\n')
    assert "at_backwards" in warnings(checked)


# ---- the room


@pytest.mark.parametrize(
    ("old", "new", "where"),
    [
        ("safe: holding", "safe: holdin", ("overlay_scene", 17, 7, 6)),
        ("cover: cover\n", "cover: kover\n", ("overlay_scene", 18, 8, 5)),
        ("profile: desk", "profile: desks", ("no_profile", 4, 20, 5)),
        ("profile: desk", "profile: ../desk", ("file_name", 4, 20, 7)),
        ("host: ch.1", "host: ch.99", ("bad_stem", 4, 59, 5)),
        ("host: ch.1", "ho.st: ch.1", ("bad_name", 4, 53, 5)),
        ("at: 192.168.10.20, ", "", ("no_address", 4, 3, 5)),
        ("at: 192.168.10.20", "at: 192.168.10.20:0", ("bad_address", 4, 30, 15)),
        ("at: 192.168.10.20", "at: tcp://x", ("bad_address", 4, 30, 7)),
        ("at: 192.168.10.20", 'at: "192.168.10,20"', ("bad_address", 4, 30, 15)),
        ("at: 192.168.10.20", "at: 192.168.10.999", ("bad_address", 4, 30, 14)),
        ("at: 192.168.10.20", "at: mikser.lan:10023", ("named_address", 4, 30, 16)),
        ("house: 80 %", "house: 180 %", ("range", 9, 19, 5)),
        ("venue: Prøvesalen", "timezone: Europe/Olso\nvenue: P", ("no_timezone", 1, 11, 11)),
    ],
)  # fmt: skip
def test_a_mistake_in_the_room_is_told_in_the_rooms_file(house, old, new, where):
    assert old in VENUE
    checked = house.venue(VENUE.replace(old, new))
    assert where in errors(checked), errors(checked)
    assert all(p.place.file.endswith("sal.yaml") for p in checked.problems if p.code == where[0])


def test_a_room_without_safe_or_cover_scene_is_warned(house):
    checked = house.venue(VENUE.replace("safe: holding\ncover: cover\n", ""))
    assert {"no_safe", "no_cover"} <= set(warnings(checked))


def test_a_password_in_a_file_is_refused_and_never_shown(house):
    checked = house.venue(VENUE.replace("password: secret:obs", "password: hunter2"))
    assert errors(checked) == [("literal_password", 3, 54, 7)]
    assert "hunter2" not in repr(checked.problems)
    torn = VENUE.replace("password: secret:obs", "password: hunter2, passwor: hunter3, : {")
    assert "hunter" not in repr(house.venue(torn).problems)


def test_a_show_whose_venue_is_nowhere_names_those_that_are(house):
    checked = house.cues("  - cue: 1\n", SHOW.replace("venue: sal", "venue: sla"))
    assert errors(checked) == [("no_venue", 3, 8, 3)]
    assert checked.problems[0].data["near"] == ("sal",)


def test_an_unknown_device_at_another_address_is_told(house):
    from stagectl.files.load import read_show

    path = house.write("cues/kveld.yaml", SHOW + "  - {cue: 1, scene: holding}\n")
    checked = read_show(path, at={"mixr": "127.0.0.1:1"}, cached=False)
    assert [p.code for p in checked.problems if p.severity == "error"] == ["unknown_device"]
    book = read_show(path, at={"mixer": "127.0.0.1:1"}, cached=False).book
    assert book is not None
    assert book.venue.devices["mixer"].at == "127.0.0.1:1"
    assert book.venue.devices["lights"].at == "192.168.10.30"


# ---- the show


def test_people_can_be_a_name_alone(house):
    book = house.cues(
        "  - cue: 1\n", SHOW.replace("{name: Kari Ødegård, role: Forfatter}", "Kari")
    ).book
    assert book is not None
    assert book.show.people == {"guest": Person("Kari")}


def test_a_norwegian_date_is_a_date(house):
    book = house.cues("  - cue: 1\n", SHOW.replace("2026-11-28", "28.11.2026")).book
    assert book is not None
    assert book.show.date == "2026-11-28"


@pytest.mark.parametrize("date", ["2026-02-30", "i morgen", "20261128", "2026-W48-6"])
def test_a_date_that_is_none_is_refused(house, date):
    assert errors(house.cues("  - cue: 1\n", SHOW.replace("2026-11-28", date))) == [
        ("date", 2, 7, len(date))
    ]


def test_an_address_of_a_name_is_the_devices(house):
    book = house.cues("  - {cue: 1, scene: conversation}\n").book
    assert book is not None
    assert book.wires["mixer.guest.on"].address == "/ch/02/mix/on"
    assert book.wires["lights.house"].address == "/level/2"
    assert {n: p.driver for n, p in book.profiles.items()} == {
        "obs": "obs", "mixer": "osc", "lights": "osc",
    }  # fmt: skip
