"""A touch in «Hånd» becomes an intent; what comes of it is on its button."""

from dataclasses import replace

import pytest

from stagectl.engine.intent import Go, LetGo, Name, Put, Trigger
from stagectl.panel.link import Hello, Reply
from stagectl.panel.widgets.meter import Meter
from stagectl.words import tongue
from tests.panel.by_hand import Desk, by_hand, values
from tests.panel.canned import KIOSK, ME, NARROW, WIDE

SIZES = [NARROW, KIOSK, WIDE]
GUEST = "Strip(stem='mixer.guest',"
AUDIENCE = "Strip(stem='mixer.audience'"


# ---- touches


async def test_the_audience_microphone_is_muted_in_three_touches():
    async with by_hand() as it:  # one touch opened it
        await it.page("sound")
        before = it.desk.snapshot.values["mixer.audience.on"][0]
        await it.touch("main", AUDIENCE)
        assert it.asked == [Put("mixer.audience.on", not before)]


async def test_the_guest_is_a_little_down_in_three_touches():
    async with by_hand() as it:
        await it.page("sound")
        await it.touch("down", GUEST)
        assert it.asked == [Put("mixer.guest.level", -7.0)]


async def test_two_quick_touches_are_two_steps_before_the_desk_has_said_anything():
    async with by_hand() as it:
        await it.page("sound")
        await it.touch("down", GUEST)
        await it.touch("down", GUEST)
        await it.touch("up", GUEST)
        levels = [i.value for i in it.asked]
        assert levels == [-7.0, -9.0, -7.0]


async def test_steps_to_and_fro_count_from_the_last_touch_while_the_desk_is_one_behind():
    async with by_hand() as it:
        await it.page("sound")
        await it.touch("down", GUEST)
        await it.touch("up", GUEST)  # where it was: the desk has said so before
        it.desk.ask(it.asked[0])
        await it.it.say(it.desk.snapshot)  # and now it says the first of the two
        await it.touch("down", GUEST)
        assert [i.value for i in it.asked] == [-7.0, -5.0, -7.0]


async def test_a_step_goes_from_where_the_desk_says_it_is_once_the_first_was_a_second_ago():
    async with by_hand() as it:
        await it.page("sound")
        await it.touch("down", GUEST)
        await it.it.wait(1.5)
        await it.touch("down", GUEST)
        assert [i.value for i in it.asked] == [-7.0, -7.0]


async def test_what_is_asked_for_is_sent_then_confirmed_and_held_until_a_cue_takes_it():
    async with by_hand() as it:
        await it.page("sound")
        assert it.shown("main", AUDIENCE).endswith("○ off ✓")
        await it.touch("main", AUDIENCE)
        assert it.shown("main", AUDIENCE).endswith("● on → sent")
        await it.carry_out(answer=False)
        assert it.shown("main", AUDIENCE).endswith("● on ◆→")
        it.desk.answer()
        await it.it.say(it.desk.snapshot)
        assert it.shown("main", AUDIENCE).endswith("● on ◆✓")
        assert "◆ Held" in it.it.text()
        while it.desk.snapshot.held:  # until a cue speaks of it
            it.desk.ask(Go())
            it.desk.answer()
        await it.it.say(it.desk.snapshot)
        assert it.shown("main", AUDIENCE).endswith("○ off ✓")
        assert "◆ Held" not in it.it.text()


async def test_what_the_desk_refuses_is_not_shown_as_done():
    async with by_hand() as it:
        await it.page("sound")
        await it.touch("main", AUDIENCE)
        await it.it.say(Reply("1", ok=False, why="value"))
        await it.it.wait(1.5)
        assert it.shown("main", AUDIENCE).endswith("○ off ✓")


async def test_a_camera_is_red_when_it_is_seen_and_green_when_go_brings_it():
    desk = Desk()
    while not (shots := [c.after for c in desk.snapshot.next if c.parameter == "obs.program"]):
        desk.ask(Go())
        desk.answer()
    async with by_hand(desk=desk) as it:
        [coming] = shots
        seen = it.desk.snapshot.values["obs.program"][0]
        assert (
            it.ground("main Pick(parameter='obs.program'", f"'{seen}'"),
            it.ground("main Pick(parameter='obs.program'", f"'{coming}'"),
        ) == (
            "R",
            "V",
        )
        assert "● shown" in it.shown("main Pick(parameter='obs.program'", f"'{seen}'")
        assert "▷ at GO" in it.shown("main Pick(parameter='obs.program'", f"'{coming}'")
        await it.touch("main Pick(parameter='obs.program'", "'Rulletekst'")
        assert it.asked == [Put("obs.program", "Rulletekst")]
        await it.carry_out()
        assert it.ground("main Pick(parameter='obs.program'", "'Rulletekst'") == "R"
        assert "● shown ◆ held" in it.shown("main Pick(parameter='obs.program'", "'Rulletekst'")


async def test_a_picture_that_the_show_does_not_know_is_seen_too():
    async with by_hand() as it:
        values_ = {**it.desk.snapshot.values, "obs.program": ("Prøvebilde", "confirmed")}
        await it.it.say(replace(it.desk.snapshot, values=values_))
        assert it.ground("main Pick(parameter='obs.program'", "'Prøvebilde'") == "R"


async def test_a_scene_of_the_whole_room_puts_what_is_elsewhere_and_holds_no_more():
    async with by_hand() as it:
        look = it.pane.moment.view.bill.looks["conversation"]
        await it.touch("main Whole", "('conversation',)")
        put = values(it.asked)
        assert put
        assert put.items() <= look.items()
        at = it.desk.snapshot.values
        assert set(put) == {p for p, value in look.items() if at[p][0] != value}
        await it.carry_out()
        assert "● now" in it.shown("main Whole", "('conversation',)")
        asked = len(it.asked)
        await it.touch("main Whole", "('conversation',)")
        assert len(it.asked) == asked


async def test_a_light_goes_by_five_percent_and_not_beyond_its_end():
    async with by_hand() as it:
        await it.page("light")
        await it.touch("up", "lights.lectern")
        assert it.asked == [Put("lights.lectern", 5.0)]
        await it.touch("down", "lights.lectern")
        await it.touch("down", "lights.lectern")
        assert it.asked[1:] == [Put("lights.lectern", 0.0)]


async def test_a_light_look_touches_the_lights_alone():
    async with by_hand() as it:
        await it.page("light")
        await it.touch("main Whole", "film")
        assert values(it.asked)
        assert all(parameter.startswith("lights.") for parameter in values(it.asked))


async def test_a_thing_that_is_done_once_is_a_do():
    async with by_hand() as it:
        await it.page("other")
        await it.touch("main Once", "verb='play'", "Fanfare")
        assert it.asked == [Trigger("obs", "play", "Fanfare")]


async def test_a_number_that_a_device_is_told_is_typed():
    async with by_hand(size=WIDE) as it:
        await it.page("other")
        await it.touch("main Once", "'recall'")
        await it.it.press("1", "minus", "2", "x", "enter")
        assert it.asked == [Trigger("mixer", "recall", "12")]


async def test_what_is_held_is_given_back_one_or_all():
    desk = Desk()
    desk.ask(Put("mixer.audience.on", True), Put("lights.lectern", 40.0))
    desk.answer()
    async with by_hand(desk=desk) as it:
        await it.page("held")
        assert "Audience microphone: on" in it.shown("mixer.audience.on")
        await it.touch("lights.lectern")
        await it.touch("main Held(parameter='')")
        assert it.asked == [LetGo("lights.lectern"), LetGo()]
        await it.carry_out()
        assert it.desk.snapshot.held == ()
        assert "▼ Picture" in it.it.text(), "the page is gone with what was on it"


async def test_a_finger_that_came_down_before_the_page_was_turned_presses_nothing():
    async with by_hand() as it:
        button = it.buttons()[-1]
        await it.it.pilot.mouse_down(f"#{button.id}", (2, 1))
        await it.it.press("2")
        await it.it.pilot.mouse_up(f"#{button.id}", (2, 1))
        await it.it.settle()
        assert it.asked == []


# ---- keys, sizes, roles


async def test_the_same_by_keys_alone():
    async with by_hand() as it:
        await it.it.press("2", "down")
        while it.pane.marked is None or "mixer.guest'" not in it.pane.marked.button:
            await it.it.press("right")
        while not it.pane.marked.button.startswith("up Strip"):
            await it.it.press("down" if it.pane.marked.button.startswith("page") else "up")
        marked = it.pane.marked.button
        await it.it.press("enter")
        [put] = it.asked
        assert put.parameter.endswith(".level")
        assert put.parameter.removesuffix(".level") in marked


async def test_tab_turns_what_has_no_room_and_a_figure_turns_to_a_page():
    async with by_hand(size=NARROW) as it:
        await it.it.press("2")
        assert not any("mixer.audience" in b.button for b in it.buttons())
        await it.it.press("tab")
        assert any("mixer.audience" in b.button for b in it.buttons())
        await it.it.press("pageup")
        await it.touch("more")
        assert any("mixer.audience" in b.button for b in it.buttons())
        await it.it.press("3")
        assert any("lights" in b.button for b in it.buttons())


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("language", ["en", "nb"])
async def test_go_works_on_every_page_and_nothing_reaches_over_it(size, language):
    desk = Desk("the media room")
    desk.ask(Put("mixer.audience.on", True))
    with tongue.speaking(language):
        async with by_hand(size=size, desk=desk, room="the media room") as it:
            go = it.it.panel.screen.query_one("#go").region
            for key in "12345":
                await it.it.press(key)
                for button in it.buttons():
                    assert not button.region.overlaps(go)
                    assert button.region.bottom <= go.y
                assert all(len(row) <= size[0] for row in it.it.text().splitlines())
            await it.it.touch("#go", (10, 3))
            assert it.asked == [Go(expect=desk.snapshot.standby)]


async def test_a_guest_sees_and_moves_only_their_own():
    hello = Hello(ME, "guest", own=("mixer.guest",))
    async with by_hand(hello=hello) as it:
        assert all("mixer.guest'" in b.button for b in it.buttons() if "Strip" in b.button)
        assert "Audience" not in it.it.text()
        await it.touch("down", GUEST)
        assert it.asked == [Put("mixer.guest.level", -7.0)]


async def test_who_only_watches_can_turn_pages_and_press_nothing():
    async with by_hand(hello=Hello(ME, "watch")) as it:
        await it.page("sound")
        await it.touch("main", AUDIENCE)
        assert it.asked == []


async def test_levels_are_asked_for_only_while_the_sound_is_shown():
    async with by_hand() as it:
        assert it.it.link.levels_wanted == []
        await it.page("sound")
        stems = {m.stem for m in it.pane.query(Meter) if m.display}
        assert {"mixer.host", "mixer.guest", "mixer.audience"} <= stems
        assert it.it.link.levels_wanted[-1:] == [True]
        await it.page("light")
        assert it.it.link.levels_wanted[-1:] == [False]
        await it.page("sound")
        await it.it.press("escape")
        assert it.it.link.levels_wanted[-1:] == [False]


# ---- people


async def test_a_wrong_name_is_corrected_for_the_evening():
    async with by_hand() as it:
        await it.page("text")
        await it.touch("main Somebody(role='guest')")
        await it.it.press("home", *["delete"] * 11)
        await it.it.press(*"Åse", "space", *"Ødegård", "enter")
        assert it.asked == [Name("guest", "Åse Ødegård", "Arkitekt")]
        await it.carry_out()
        assert "Åse Ødegård" in it.shown("main Somebody(role='guest')")


async def test_a_name_that_a_hand_has_put_is_put_again_when_it_is_corrected():
    async with by_hand() as it:
        await it.page("text")
        await it.touch("show Somebody(role='guest')")
        assert it.asked == [Put("obs.Navn.text", "Amir Rahimi, Arkitekt")]
        await it.carry_out()
        await it.touch("main Somebody(role='guest')")
        await it.it.press("x", "enter")
        assert it.asked[1:] == [
            Name("guest", "Amir Rahimix", "Arkitekt"),
            Put("obs.Navn.text", "Amir Rahimix, Arkitekt"),
        ]


async def test_a_text_is_taken_away_and_given_back():
    desk = Desk(cues=1)
    while not desk.snapshot.values["obs.Navn.text"][0]:
        desk.ask(Go())
        desk.answer()
    async with by_hand(desk=desk) as it:
        await it.page("text")
        await it.touch("off Text")
        assert it.asked == [Put("obs.Navn.text", "")]
        await it.carry_out()
        assert "Show again" in it.shown("off Text")
        await it.touch("off Text")
        assert it.asked[1:] == [LetGo("obs.Navn.text")]


async def test_a_show_that_is_loaded_anew_while_a_page_is_open_takes_its_place():
    async with by_hand() as it:
        await it.page("text")
        people = {k: p for k, p in it.desk.snapshot.people.items() if k != "guest"}
        await it.it.say(replace(it.desk.snapshot, people=people))
        assert not any("role='guest')" in b.button for b in it.buttons())
