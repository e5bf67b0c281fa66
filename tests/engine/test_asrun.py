"""The log says what happened, when, by whom, and how that was against the plan."""

import time

from stagectl.engine import event as e
from stagectl.engine.asrun import Absence, Deed, Hand, Interval, Moment, Output, Plan, PlannedCue
from stagectl.engine.story import as_run

PLAN = Plan(
    "Debatt", "Scenen", "2026-11-28", 1000.0, "Europe/Oslo",
    (
        PlannedCue("1", "Dørene", 60.0),
        PlannedCue("2", "Velkommen", 30.0),
        PlannedCue("3", "Lesning", 100.0),
        PlannedCue("4", "Pris", at=1500.0),
        PlannedCue("5", "Takk"),
    ),
)  # fmt: skip
PLANS = {"d": PLAN}
ZERO = 900.0  # the wall when the desk's clock was 0


def log(*events, now=None, plans=PLANS, **more):
    return as_run(events, plans, "d", epoch=ZERO, now=now, **more)


def fired(at, cue, by="panel"):
    return e.Fired(at=at, by=by, cue=cue)


EVENING = (
    e.Began(at=110.0, by="panel"),
    fired(110.0, "1"),
    fired(180.0, "2"),
    e.Skipped(at=190.0, by="panel", cue="3"),
    fired(200.0, "4", "clock"),
    e.Ended(at=300.0, by="panel"),
)


def rows(told):
    return [(r.cue, r.state, r.began, r.lasted, r.over, r.how) for r in told.rows]


def test_each_cue_has_its_time_its_length_and_how_it_went():
    told = log(*EVENING)
    assert rows(told) == [
        ("1", "gone", 1010.0, 70.0, 10.0, "go"),
        ("2", "gone", 1080.0, 20.0, -10.0, "go"),
        ("3", "skipped", None, None, None, None),
        ("4", "gone", 1100.0, 100.0, None, "clock"),
        ("5", "not_gone", None, None, None, None),
    ]
    assert [r.planned_at for r in told.rows] == [1000.0, 1060.0, 1090.0, 1500.0, 1500.0]
    assert [r.by for r in told.rows] == ["panel", "panel", "panel", "clock", ""]
    assert (told.began, told.ended) == (1010.0, 1200.0)


def test_the_total_compares_like_with_like():
    totals = log(*EVENING).totals
    assert (totals.planned, totals.lasted, totals.over) == (90.0, 90.0, 0.0)
    assert (totals.late, totals.took) == (10.0, 190.0)


def test_a_cue_that_was_gone_back_to_is_on_stage_twice_and_planned_once():
    told = log(
        fired(0.0, "1"), fired(50.0, "2"), e.WentBack(at=55.0, by="panel", cue="2"),
        fired(60.0, "2"), e.Ended(at=90.0),
    )  # fmt: skip
    assert rows(told)[:4] == [
        ("1", "gone", 900.0, 50.0, -10.0, "go"),
        ("2", "gone", 950.0, 5.0, -25.0, "go"),
        ("1", "gone", 955.0, 5.0, -55.0, "back"),
        ("2", "gone", 960.0, 30.0, 0.0, "go"),
    ]
    assert told.totals.planned == 90.0
    assert told.totals.lasted == 90.0


def test_going_back_steps_over_what_is_skipped_and_before_the_first_there_is_nothing():
    told = log(
        e.Skipped(at=0.0, cue="2"), fired(0.0, "1"), fired(10.0, "3"), e.WentBack(at=20.0, cue="3"),
        e.WentBack(at=30.0, cue="1"),
    )  # fmt: skip
    gone = [(r.cue, r.how, r.lasted) for r in told.rows if r.state == "gone"]
    assert gone == [("1", "go", 10.0), ("3", "go", 10.0), ("1", "back", 10.0)]


def test_so_far_the_cue_on_stage_lasts_until_now():
    told = log(fired(0.0, "1"), now=ZERO + 75.0)
    assert rows(told)[0] == ("1", "on_stage", 900.0, 75.0, 15.0, "go")
    assert (told.ended, told.now, told.totals.took) == (None, 975.0, 75.0)


def test_of_a_run_that_breaks_off_nothing_is_made_up():
    told = log(fired(0.0, "1"), e.Latched(at=1.0, device="obs", verb="record", on=True), damaged=2)
    assert rows(told)[0] == ("1", "on_stage", 900.0, 1.0, -59.0, "go")
    assert told.outputs == (Output("obs", "record", 901.0, None, "unknown"),)
    assert told.damaged == 2


def test_a_journal_with_nothing_in_it_is_a_plan():
    told = as_run((), PLANS, "d")
    assert [r.state for r in told.rows] == ["not_gone"] * 5
    assert (told.began, told.totals.took) == (None, None)
    assert as_run((), {}).rows == ()


def test_a_cue_that_the_plan_does_not_know_is_there_by_its_number():
    told = log(fired(0.0, "77"), plans={})
    assert [(r.cue, r.name) for r in told.rows] == [("77", "")]


# ---- what goes out


def latched(at, *, on, verb="record"):
    return e.Latched(at=at, device="obs", verb=verb, on=on)


def wrote(at, path="", size=0.0, seconds=0.0):
    return e.Wrote(at=at, device="obs", verb="record", path=path, bytes=size, seconds=seconds)


def test_a_recording_has_its_file_its_times_and_its_last_count():
    told = log(
        latched(0.0, on=False), latched(1.0, on=True), wrote(1.0, "/a.mkv"), latched(9.0, on=False),
        wrote(9.0, "/a.mkv", 500.0, 7.9), wrote(9.5, "/a.mkv", 600.0),
    )  # fmt: skip
    assert told.outputs == (Output("obs", "record", 901.0, 909.0, "stopped", "/a.mkv", 600.0, 7.9),)


def test_a_recording_that_its_device_died_over_ends_there_and_the_next_is_another():
    told = log(
        latched(1.0, on=True), wrote(1.0, "/a.mkv"),
        e.DeviceLost(at=5.0, device="obs", why="closed"),
        wrote(5.0, "/a.mkv", 300.0, 3.5), e.DeviceLinked(at=8.0, device="obs", restarted=True),
        latched(8.0, on=True), wrote(8.0, "/b.mkv"), latched(9.0, on=False),
    )  # fmt: skip
    assert told.outputs == (
        Output("obs", "record", 901.0, 905.0, "lost", "/a.mkv", 300.0, 3.5),
        Output("obs", "record", 908.0, 909.0, "stopped", "/b.mkv"),
    )
    assert told.absences == (Absence("obs", 905.0, "closed", 908.0, restarted=True),)


def test_a_recording_goes_on_while_only_the_link_was_lost():
    told = log(
        latched(1.0, on=True), wrote(1.0, "/a.mkv"),
        e.DeviceLost(at=5.0, device="obs", why="silent"),
        e.DeviceLinked(at=8.0, device="obs"), latched(8.0, on=True), latched(9.0, on=False),
        wrote(9.0, "/a.mkv", 500.0),
    )  # fmt: skip
    assert told.outputs == (Output("obs", "record", 901.0, 909.0, "stopped", "/a.mkv", 500.0),)


def test_after_the_desk_restarted_the_same_recording_is_one_and_another_file_is_another():
    resumed = (
        latched(1.0, on=True),
        wrote(1.0, "/a.mkv"),
        e.Resumed(at=5.0),
        latched(6.0, on=True),
    )
    same = log(*resumed, latched(9.0, on=False), wrote(9.0, "/a.mkv", 1.0))
    assert [(o.path, o.began, o.ended) for o in same.outputs] == [("/a.mkv", 901.0, 909.0)]
    other = log(*resumed, latched(9.0, on=False), wrote(9.0, "/b.mkv", 1.0))
    assert [o.path for o in other.outputs] == ["/a.mkv", "/b.mkv"]


# ---- the rest


def test_covers_are_dated_back_and_stops_are_as_long_as_they_were():
    told = log(
        e.Covered(at=200.0, by="panel", since=80.0),
        e.Released(at=260.0, by="pedal", overlay="cover"),
        e.Stopped(at=300.0, by="panel"),
    )  # fmt: skip
    assert told.intervals == (
        Interval("cover", 980.0, 1100.0, 1160.0, "panel", "pedal"),
        Interval("safe", 1200.0, 1200.0, None, "panel"),
    )


def test_a_fader_that_is_drawn_is_one_hand_with_its_last_value():
    held = [e.Held(at=t, by="hand", parameter="m.l", value=v) for t, v in ((1, -5.0), (2, -9.0))]
    held.append(e.Held(at=4.5, by="hand", parameter="m.l", value=-12.0))
    later = e.Held(at=60.0, by="panel", parameter="m.l", value=0.0)
    told = log(*held, later, e.Freed(at=70.0, parameter="m.l"))
    assert told.hands == (
        Hand(901.0, "m.l", -12.0, "hand"),
        Hand(960.0, "m.l", 0.0, "panel", until=970.0),
    )


def test_a_do_is_done_missed_or_only_said():
    def did(do):
        return e.Did(
            at=1.0, by="cue 2", do=do, device="obs", verb="record", argument="start", cue="2"
        )

    told = log(
        did(1), did(2), did(3), e.Done(at=2.0, do=1, device="obs", verb="record"),
        e.Missed(at=3.0, do=2, device="obs", verb="record", argument="start", cue="2", why="lost"),
        e.Missed(at=4.0, do=4, device="obs", verb="play", why="lost"),
    )  # fmt: skip
    assert [(d.outcome, d.why) for d in told.deeds] == [
        ("done", ""), ("missed", "lost"), ("said", ""), ("missed", "lost"),
    ]  # fmt: skip
    assert told.deeds[0] == Deed(901.0, "obs", "record", "start", "2", "cue 2", "done")


def test_what_happened_at_one_moment_is_told_in_its_order():
    told = log(
        e.Postponed(at=1.0, by="a", seconds=600.0), e.Overdue(at=2.0, cue="4", why="late"),
        e.Named(at=3.0, by="a", role="guest", name="Kari", title="Lege"),
        e.TookOver(at=4.0, by="b"),
        e.Resumed(at=5.0), e.Noted(at=6.0, by="b", text="Æ"), e.Messaged(at=7.0, by="b", text="5"),
        e.Refused(at=8.0, by="b", what="Go", why="guard"),
    )  # fmt: skip
    assert told.moments == (
        Moment(901.0, "postponed", "a", seconds=600.0),
        Moment(902.0, "overdue", "", "4", "late"),
        Moment(903.0, "named", "a", "guest", "Kari, Lege"),
        Moment(904.0, "took_over", "b"),
        Moment(905.0, "restarted"),
        Moment(906.0, "noted", "b", text="Æ"),
        Moment(907.0, "messaged", "b", text="5"),
    )
    assert told.notes == (told.moments[5],)


def test_a_reloaded_show_is_the_plan_from_there_on():
    new = Plan("Debatt 2", cues=(PlannedCue("1", "Dørene"), PlannedCue("9", "Ny", 10.0)))
    told = log(
        fired(0.0, "1"), e.Reloaded(at=5.0, by="panel", digest="n", before="d"), fired(10.0, "9"),
        e.Ended(at=30.0), plans={"d": PLAN, "n": new},
    )  # fmt: skip
    assert [(r.cue, r.name, r.over) for r in told.rows] == [
        ("1", "Dørene", -50.0),
        ("9", "Ny", 10.0),
    ]
    assert (told.show, told.moments[0].what) == ("Debatt 2", "reloaded")


def test_ten_thousand_cues_take_ten_times_what_a_thousand_take():
    def took(count):
        cues = tuple(PlannedCue(str(n), "x", 1.0) for n in range(count))
        events = [fired(float(n), str(n)) for n in range(0, count, 2)]
        begun = time.perf_counter()
        told = as_run(events, {"d": Plan(cues=cues)}, "d")
        assert len(told.rows) == count
        return time.perf_counter() - begun

    took(1000)
    assert min(took(10_000) for _ in range(3)) < 40 * min(took(1000) for _ in range(3))
