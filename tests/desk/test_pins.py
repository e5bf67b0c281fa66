"""A PIN is told once and kept as a hash; guessing is slow, whoever guesses and from wherever."""

import json
import os
import stat
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stagectl.desk import brake, pins
from stagectl.desk.brake import CEILING, FREE, HOUR, Brake, known_as
from stagectl.desk.moment import Moment, now
from stagectl.desk.pins import DIGITS, Grant, Pins
from stagectl.desk.place import Place, UnsafePlaceError
from tests.desk.house import ROOT

EVENING = 1_800_000_000.0
DAY = 24 * HOUR


class Clock:
    """Both clocks, each moved by the test."""

    def __init__(self):
        self.moment = Moment(EVENING, 1000.0, "boot one")

    def __call__(self):
        return self.moment

    def pass_(self, seconds):
        """Time goes by: both clocks show it."""
        now = self.moment
        self.moment = replace(now, wall=now.wall + seconds, ran=now.ran + seconds)

    def set(self, seconds):
        """Somebody puts the clock on the wall by so much."""
        self.moment = replace(self.moment, wall=self.moment.wall + seconds)

    def restart(self):
        self.moment = replace(self.moment, ran=5.0, boot=f"{self.moment.boot}+")


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def house(tmp_path, clock, monkeypatch):
    """The PINs of a place, at a thousandth of what a look costs."""
    monkeypatch.setitem(pins._COST, "n", 1 << 4)
    return Pins(Place(tmp_path / "state" / "hall"), clock)


def another(house, clock):
    """Return the same place's PINs as another process sees them."""
    return Pins(house._place, clock)


def wrong(*right):
    return next(f"{n:0{DIGITS}}" for n in range(10) if f"{n:0{DIGITS}}" not in right)


# ---- what a PIN is


def test_a_pin_gives_its_roles_grant_to_whoever_asks_in_whichever_process(house, clock):
    made = {role: house.make(role, until=EVENING + HOUR) for role in pins.ROLES}
    assert all(len(pin) == DIGITS and pin.isdecimal() for pin in made.values())
    assert len(set(made.values())) == len(pins.ROLES)
    for role, pin in made.items():
        grant = another(house, clock).check(pin)
        assert grant is not None
        assert (grant.role, grant.until) == (role, EVENING + HOUR)
        assert grant.token in {g.token for g in house.grants()}
    assert len({grant.token for grant in house.grants()}) == len(pins.ROLES)


def test_a_guests_microphones_and_end_are_in_the_grant(house):
    pin = house.make("guest", until=EVENING + 60, own=("mixer.guest 2", "mixer.guest"))
    assert house.check(pin).own == ("mixer.guest", "mixer.guest 2")


@pytest.mark.parametrize("typed", ["123 456", " 123456\n", "123\u00a0456"])
def test_a_pin_may_be_typed_with_spaces(house, monkeypatch, typed):
    monkeypatch.setattr("secrets.randbelow", lambda most: 123456)
    house.make("guest")
    assert house.check(typed) is not None


@pytest.mark.parametrize(
    "typed",
    ["", "12345", "1234567", "\uff11\uff12\uff13\uff14\uff15\uff16", "123456" * 20, "\ud800"],
)
def test_nothing_else_is_that_pin(house, monkeypatch, typed):
    monkeypatch.setattr("secrets.randbelow", lambda most: 123456)
    house.make("guest")
    assert house.check(typed) is None


def test_a_new_pin_makes_the_old_one_of_its_role_void_and_no_other(house):
    old, operate = house.make("guest"), house.make("operate")
    token = house.check(old).token
    new = house.make("guest")
    assert house.check(old) is None or old == new
    assert house.check(new).token != token
    assert house.check(operate).role == "operate"


def test_a_pin_that_is_dropped_gives_nothing(house):
    pin = house.make("watch")
    assert house.drop("watch")
    assert not house.drop("watch")
    assert house.check(pin) is None
    assert house.grants() == ()


def test_two_roles_never_have_one_pin(house, monkeypatch):
    drawn = iter([7, 7, 7, 8])
    monkeypatch.setattr("secrets.randbelow", lambda most: next(drawn))
    assert (house.make("operate"), house.make("guest")) == ("000007", "000008")


def test_the_pin_is_nowhere_and_the_files_are_this_users_alone(house):
    pin = house.make("guest", own=("mixer.guest",))
    house.check(pin, "10.0.0.5")
    grant = house.check(pin)
    for path in house.path.parent.iterdir():
        assert pin not in path.read_text("utf-8").replace(grant.token, "")
        if os.name == "posix":
            assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert pin not in repr(pin)
    assert grant.token not in repr(grant)


@pytest.mark.skipif(os.name != "posix", reason="Windows keeps a user's own folder by itself")
def test_where_others_could_have_written_nobody_is_let_in(house):
    pin = house.make("operate")
    house.path.parent.chmod(0o770)
    with pytest.raises(UnsafePlaceError):
        house.check(pin)


ILLEGIBLE = {
    "empty": "", "list": "[]", "torn": "{", "deep": "[" * 9000, "bare": '{"guest": {}}',
    "number": '{"guest": 1}', "tokenless": '{"guest": {"salt": "", "hash": "", "token": "", '
    '"until": null, "own": [], "made": [0, 0, ""]}}',
}  # fmt: skip


@pytest.mark.parametrize("text", ILLEGIBLE.values(), ids=ILLEGIBLE)
def test_a_file_that_nobody_can_read_lets_nobody_in_and_is_written_anew(house, text):
    house.make("operate")
    house.path.write_text(text)
    assert house.check(wrong()) is None
    with pytest.raises(ValueError):
        house.grants()
    assert house.check(house.make("guest")).role == "guest"


def test_where_there_is_no_place_yet_nobody_is_let_in(tmp_path):
    assert Pins(Place(tmp_path / "none")).check("123456") is None
    assert not Pins(Place(tmp_path / "none")).drop("guest")


# ---- until when


def test_a_pin_ends_at_its_time(house, clock):
    pin = house.make("guest", until=EVENING + HOUR)
    clock.pass_(HOUR - 1)
    assert house.check(pin).left(clock()) == pytest.approx(1)
    clock.pass_(1)
    assert house.check(pin) is None


def test_a_pin_without_an_end_lasts(house, clock):
    pin = house.make("operate")
    clock.pass_(1000 * DAY)
    assert house.check(pin).left(clock()) == float("inf")


def test_a_clock_put_back_prolongs_no_pin_and_one_put_forward_ends_it(house, clock):
    pin = house.make("guest", until=EVENING + HOUR)
    clock.pass_(HOUR - 60)
    clock.set(-HOUR)
    assert house.check(pin).left(clock()) == pytest.approx(60)
    clock.pass_(60)
    assert house.check(pin) is None
    later = house.make("guest", until=clock().wall + HOUR)
    clock.set(HOUR)
    assert house.check(later) is None


def test_over_a_restart_a_clock_put_back_an_hour_gives_an_hour_and_no_more(house, clock):
    pin = house.make("guest", until=EVENING + HOUR)
    clock.pass_(HOUR - 60)
    clock.restart()
    clock.set(-HOUR)
    assert house.check(pin).left(clock()) == pytest.approx(HOUR + 60)
    clock.pass_(HOUR + 60)
    assert house.check(pin) is None


def test_the_machines_own_clocks_agree_that_time_goes_by():
    before, after = now(), now()
    assert after.ran >= before.ran
    assert after.boot == before.boot


# ---- guessing


def test_after_five_wrong_tries_nothing_is_looked_at_for_a_growing_while(house, clock):
    pin = house.make("operate")
    waits = []
    for _ in range(FREE + 7):
        assert house.check(wrong(pin), "10.0.0.5") is None
        waits.append(house.wait("10.0.0.5"))
        if waits[-1]:
            assert house.check(pin, "10.0.0.5") is None, "not even the right one"
            clock.pass_(waits[-1])
    assert waits[: FREE - 1] == [0] * (FREE - 1)
    assert waits[FREE - 1 :] == [30, 60, 120, 240, 480, 900, 900, 900]
    assert house.check(pin, "10.0.0.5").role == "operate"
    assert house.check(wrong(pin), "10.0.0.5") is None
    assert house.wait("10.0.0.5") == 0, "an operator has nothing to guess: all is forgiven"


def test_another_address_is_not_braked_by_it(house):
    pin = house.make("operate")
    for _ in range(FREE):
        house.check(wrong(pin), "10.0.0.5")
    assert house.check(pin, "10.0.0.5") is None
    assert house.check(pin, "10.0.0.6").role == "operate"


def test_neither_another_process_nor_a_restart_nor_a_crash_forgets_a_try(house, clock):
    pin = house.make("operate")
    for _ in range(FREE):
        another(house, clock).check(wrong(pin), "10.0.0.5")
    clock.restart()
    assert another(house, clock).check(pin, "10.0.0.5") is None
    assert another(house, clock).wait("10.0.0.5") > 0


def test_a_try_is_counted_before_it_is_looked_at(house, clock, monkeypatch):
    pin = house.make("operate")

    def pulled(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as plug:
        plug.setattr(pins, "_fitting", pulled)
        for _ in range(FREE):
            with pytest.raises(KeyboardInterrupt):
                house.check(pin, "10.0.0.5")
    assert another(house, clock).check(pin, "10.0.0.5") is None


def test_who_knows_the_guests_pin_guesses_no_quicker_with_it(house):
    guest, operate = house.make("guest"), house.make("operate")
    for _ in range(FREE):
        assert house.check(guest, "10.0.0.5").role == "guest"
        assert house.check(wrong(guest, operate), "10.0.0.5") is None
    assert house.check(guest, "10.0.0.5") is None
    assert house.wait("10.0.0.5") > 0


def test_tries_at_once_are_counted_one_by_one(house, clock):
    pin = house.make("operate")
    with ThreadPoolExecutor(8) as crowd:
        list(crowd.map(lambda _: another(house, clock).check(wrong(pin), "10.0.0.5"), range(24)))
    told = json.loads(house._brake_path.read_text())
    assert told["guesses"]["10.0.0.5"][0] == FREE


def tries(house, clock, hours, addresses):
    """Return how many wrong tries were looked at in each hour, by whoever never gives up."""
    pin = house.make("operate")
    made, began = [], clock().wall
    while clock().wall < began + hours * HOUR:
        for address in addresses:
            if house.wait(address) == 0:
                house.check(wrong(pin), address)
                made.append(int((clock().wall - began) // HOUR))
        clock.pass_(max(1.0, min(house.wait(address) for address in addresses)))
    return [made.count(hour) for hour in range(hours)]


def test_one_address_has_twelve_tries_in_the_first_hour_and_four_in_each_after_it(house, clock):
    assert tries(house, clock, 6, ["10.0.0.5"]) == [12, 4, 4, 4, 4, 4]


def test_a_crowd_of_addresses_has_sixty_tries_an_hour(house, clock):
    crowd = [f"10.0.{n // 250}.{n % 250}" for n in range(300)]
    assert tries(house, clock, 3, crowd) == [CEILING] * 3


def test_no_crowd_keeps_an_operator_out_of_where_one_has_been_let_in(house, clock):
    pin = house.make("operate")
    assert house.check(pin, "10.0.0.1") is not None
    for n in range(CEILING):
        clock.pass_(1)
        house.check(wrong(pin), f"10.0.1.{n}")
    assert house.check(pin, "10.0.2.1") is None, "a stranger's right PIN waits too"
    assert 0 < house.wait("10.0.2.1") < HOUR
    assert house.check(pin, "10.0.0.1").role == "operate"
    for _ in range(FREE):
        house.check(wrong(pin), "10.0.0.1")
    assert house.wait("10.0.0.1") > 0, "its own brake holds there too"


def test_whoever_sits_at_the_machine_lifts_every_brake_by_a_new_pin(house):
    pin = house.make("operate")
    for _ in range(FREE):
        house.check(wrong(pin), "10.0.0.5")
    new = house.make("operate")
    assert house.check(new, "10.0.0.5").role == "operate"


def test_a_clock_put_back_makes_nobody_wait_longer_than_he_has_earned(house, clock):
    pin = house.make("operate")
    for _ in range(FREE):
        house.check(wrong(pin), "10.0.0.5")
    clock.set(-DAY)
    assert house.check(pin, "10.0.0.5") is None
    clock.pass_(brake.FIRST)
    assert house.check(pin, "10.0.0.5").role == "operate"


def test_on_a_full_disk_a_checker_brakes_all_the_same(house, clock, monkeypatch):
    pin = house.make("operate")

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(pins, "write_private", full)
    for _ in range(FREE):
        house.check(wrong(pin), "10.0.0.5")
    assert house.check(pin, "10.0.0.5") is None
    assert house.check(pin, "10.0.0.6").role == "operate"


def test_who_comes_in_a_crowd_is_not_looked_at_and_not_counted(house, monkeypatch):
    pin = house.make("operate")
    monkeypatch.setattr(pins, "PATIENCE", 0.05)
    another_looks = house._place.lock("pins")
    assert another_looks.take()
    assert house.check(pin) is None
    another_looks.drop()
    assert house.check(pin).role == "operate"


@pytest.mark.parametrize("text", ILLEGIBLE.values(), ids=ILLEGIBLE)
def test_a_brake_that_nobody_can_read_is_a_new_one(house, text):
    pin = house.make("operate")
    house._brake_path.write_text(text)
    assert house.check(pin).role == "operate"


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.just("00"),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner),
    max_leaves=12,
)
KEYS = st.sampled_from(["salt", "hash", "token", "until", "own", "made"])
ANY_ROW = st.dictionaries(KEYS, JSON, max_size=6) | JSON


@given(st.dictionaries(st.sampled_from(pins.ROLES), ANY_ROW) | JSON)
def test_any_json_at_all_gives_a_grant_or_is_illegible(tmp_path_factory, plain):
    place = Place(tmp_path_factory.mktemp("any") / "hall")
    place.make()
    house = Pins(place)
    house.path.write_text(json.dumps(plain))
    house._brake_path.write_text(json.dumps(plain))
    assert house.wait("10.0.0.5") == 0
    try:
        grants = house.grants()
    except ValueError:
        return
    assert all(grant.left(now()) >= 0 for grant in grants)


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),  # who: an address of a crowd
            st.sampled_from([0.0, 1.0, 29.0, 31.0, 61.0, 500.0, 1000.0, 3600.0, 90_000.0]),
        ),
        max_size=400,
    )
)
def test_however_they_take_turns_no_hour_has_more_than_its_tries(tries):
    it, wall, looked = Brake(), EVENING, []
    for who, gap in tries:
        wall += gap
        asker = f"10.0.0.{who}"
        it = it.at(wall)
        if it.wait(asker, wall) == 0:
            it = it.missed(asker, wall)
            looked.append((wall, asker))
    for start, _ in looked:
        hour = [asker for at, asker in looked if start <= at < start + HOUR]
        assert len(hour) <= CEILING
        assert all(hour.count(asker) <= 12 for asker in set(hour))


def test_the_brake_stays_small_however_many_addresses_there_are():
    it = Brake()
    for n in range(brake.ADDRESSES + 500):
        it = it.missed(f"10.{n // 65536}.{n // 256 % 256}.{n % 256}", EVENING + n)
    assert len(it.guesses) == brake.ADDRESSES
    assert len(it.wrong) == CEILING
    assert brake.brake_from_plain(json.loads(json.dumps(it.plain()))) == it


@pytest.mark.parametrize(
    ("address", "name"),
    [
        ("10.0.0.5", "10.0.0.5"),
        ("::ffff:10.0.0.5", "10.0.0.5"),
        ("fe80::1%eth0", "fe80::/64"),
        ("[2001:db8::1]", "2001:db8::/64"),
        ("2001:db8::ffff:1", "2001:db8::/64"),
        ("kiosk\x1b[2J" + "x" * 99, "kiosk[2J" + "x" * 56),
        ("", ""),
    ],
)
def test_an_address_is_counted_by_who_could_have_it(address, name):
    assert known_as(address) == name


def test_a_look_takes_as_long_whatever_is_wrong(tmp_path):
    """Real cost: each look hashes once for each role, whether it has a PIN or not."""
    hashed = []
    house = Pins(Place(tmp_path / "hall"))
    house.make("guest")
    real = pins._hashed

    def counted(pin, salt):
        hashed.append(salt)
        return real(pin, salt)

    pins._hashed = counted
    try:
        house.check("000000")
        assert len(hashed) == len(pins.ROLES)
    finally:
        pins._hashed = real


CHECKER = """
import sys
from pathlib import Path
from stagectl.desk.pins import Pins
from stagectl.desk.place import Place
grant = Pins(Place(Path(sys.argv[1]))).check(sys.stdin.readline(), "10.0.0.5")
print(grant.role if grant else "nobody")
"""


def test_processes_of_their_own_count_together(tmp_path):
    house = Pins(Place(tmp_path / "hall"))
    pin = house.make("operate")

    def typed(said):
        return subprocess.run(
            [sys.executable, "-c", CHECKER, str(tmp_path / "hall")],
            input=said, capture_output=True, text=True, check=True, cwd=ROOT,
        ).stdout.strip()  # fmt: skip

    assert typed(pin) == "operate"
    assert [typed(wrong(pin)) for _ in range(FREE)] == ["nobody"] * FREE
    assert typed(pin) == "nobody"


def test_a_grant_shows_no_token_in_a_traceback(house):
    house.make("guest")
    (grant,) = house.grants()
    assert isinstance(grant, Grant)
    assert str(grant.token) not in f"{grant!r} {grant!s}"
