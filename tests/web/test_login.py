"""Who is let in, as what, and until when."""

import time

from stagectl.desk.doors import Pass
from stagectl.desk.pins import Pins
from stagectl.web.login import DAY, SESSIONS, Keys, Login, Wrong
from tests.web.served import place


def login(folder, clock=time.time, standing=()):
    keys = Keys(lambda: standing)
    pins = Pins(place(folder))
    return pins, keys, Login(pins, keys, clock)


async def test_a_pin_gives_its_role(tmp_path):
    pins, _, door = login(tmp_path)
    name = await door.by_pin(str(pins.make("guest", own=["mixer.guest"])), "10.0.0.7")
    assert isinstance(name, str)
    session = door.session(name)
    assert session is not None
    assert (session.may.role, session.may.own) == ("guest", ("mixer.guest",))


async def test_a_session_ends_with_its_pin(tmp_path):
    pins, _, door = login(tmp_path)
    name = await door.by_pin(str(pins.make("operate")), "10.0.0.7")
    assert isinstance(name, str)
    assert door.session(name) is not None
    pins.make("operate")
    assert door.session(name) is None


async def test_a_session_ends_with_the_time_of_its_pin(tmp_path):
    pins, _, door = login(tmp_path)
    name = await door.by_pin(str(pins.make("guest", until=time.time() + 3.0)), "10.0.0.7")
    session = door.session(name if isinstance(name, str) else None)
    assert session is not None
    assert 0 < door.lasts(session) <= 3.0
    end = time.monotonic() + 10
    while door.session(str(name)) is not None:
        assert time.monotonic() < end


async def test_after_five_wrong_pins_an_address_waits_and_the_right_one_is_not_looked_at(tmp_path):
    pins, _, door = login(tmp_path)
    pin = str(pins.make("operate"))
    wrong = f"{(int(pin) + 1) % 1_000_000:06}"
    tried = [await door.by_pin(wrong, "10.0.0.7") for _ in range(5)]
    assert all(isinstance(one, Wrong) for one in tried)
    refused = await door.by_pin(pin, "10.0.0.7")
    assert isinstance(refused, Wrong)
    assert refused.wait > 0
    assert isinstance(await door.by_pin(pin, "10.0.0.8"), str)


async def test_nobody_is_let_in_where_there_is_no_pin(tmp_path):
    _, _, door = login(tmp_path)
    for pin in ("", "000000", "123456"):
        assert isinstance(await door.by_pin(pin, "10.0.0.7"), Wrong)
    assert isinstance(door.by_key(""), Wrong)


def test_a_link_opens_once(tmp_path):
    _, keys, door = login(tmp_path)
    key = keys.once(Pass("operate"))
    assert isinstance(door.by_key(key), str)
    assert isinstance(door.by_key(key), Wrong)


def test_a_standing_key_opens_always_unless_it_can_be_guessed(tmp_path):
    long, short = "k" * 32, "k" * 8
    _, _, door = login(tmp_path, standing=[(long, Pass("operate")), (short, Pass("operate"))])
    assert isinstance(door.by_key(long), str)
    assert isinstance(door.by_key(long), str)
    assert isinstance(door.by_key(short), Wrong)


def test_no_session_lasts_longer_than_a_day(tmp_path):
    now = [1000.0]
    _, keys, door = login(tmp_path, clock=lambda: now[0])
    name = door.by_key(keys.once(Pass("operate")))
    assert isinstance(name, str)
    now[0] += DAY - 1
    assert door.session(name) is not None
    now[0] += 1
    assert door.session(name) is None


def test_of_too_many_sessions_the_one_longest_away_gives_way(tmp_path):
    _, keys, door = login(tmp_path)
    names = [door.by_key(keys.once(Pass("watch"))) for _ in range(SESSIONS)]
    assert door.session(str(names[0])) is not None  # it was here just now
    door.by_key(keys.once(Pass("watch")))
    assert door.session(str(names[0])) is not None
    assert door.session(str(names[1])) is None


def test_no_key_and_no_token_is_shown_where_values_are(tmp_path):
    _, keys, door = login(tmp_path)
    key = keys.once(Pass("operate"))
    name = door.by_key(key)
    shown = f"{keys!r} {door!r} {door.session(str(name))!r}"
    assert key not in shown
    assert str(name) not in shown


async def test_whoever_was_in_is_told_that_it_is_over_and_nobody_else_is(tmp_path):
    pins, _, door = login(tmp_path)
    name = await door.by_pin(str(pins.make("guest")), "10.0.0.7")
    left = await door.by_pin(str(pins.make("watch")), "10.0.0.7")
    assert isinstance(name, str)
    assert isinstance(left, str)
    assert not door.has_ended(name)
    pins.drop("guest")
    door.leave(left)
    assert door.has_ended(name)
    assert not any(door.has_ended(other) for other in (left, "nobody's", "", None))
