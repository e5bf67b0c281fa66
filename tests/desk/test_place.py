"""A command finds the desk of its folder; the dead do not count; desks do not collide."""

import os
import stat
import subprocess
import sys
import time

import pytest

from stagectl.desk import place as places
from stagectl.desk.lock import Lock
from stagectl.desk.place import (
    Card,
    NoDeskError,
    Place,
    UnsafePlaceError,
    find,
    place_of,
    project_of,
)

POSIX = pytest.mark.skipif(os.name != "posix", reason="Windows keeps others out by the profile")


@pytest.fixture
def state(tmp_path, monkeypatch):
    folder = tmp_path / "state"
    monkeypatch.setenv(places.STATE, str(folder))
    return folder


def project(folder):
    for part in ("cues", "scenes"):
        (folder / part).mkdir(parents=True)
    return folder


def at_home(place, project_folder, venue="hall"):
    """Somebody lives there: the card is left and the desk's lock is held until it is dropped."""
    place.make()
    place.leave_card(Card(1, 2, "ws://127.0.0.1:1", "Show", "x", venue, str(project_folder), 0.0))
    lock = place.lock("desk")
    assert lock.take()
    return lock


def test_a_desk_is_found_from_anywhere_inside_its_project(state, tmp_path):
    mine = project(tmp_path / "library")
    place = place_of(mine, "hall")
    lock = at_home(place, mine)
    assert find(mine) == place
    assert find(mine / "cues") == place
    lock.drop()


def test_a_desk_of_another_project_is_not_taken_for_ones_own(state, tmp_path):
    mine, other = project(tmp_path / "mine"), project(tmp_path / "other")
    lock = at_home(place_of(other, "hall"), other)
    with pytest.raises(NoDeskError) as nothing:
        find(mine)
    assert nothing.value.code == "none"
    assert nothing.value.names == (place_of(other, "hall").name,)
    with pytest.raises(NoDeskError):
        find(tmp_path)  # no project at all
    lock.drop()


def test_two_venues_of_one_project_must_be_told_apart(state, tmp_path):
    mine = project(tmp_path / "library")
    hall, yard = place_of(mine, "hall"), place_of(mine, "yard")
    locks = [at_home(hall, mine, "hall"), at_home(yard, mine, "yard")]
    with pytest.raises(NoDeskError) as two:
        find(mine)
    assert two.value.code == "several"
    assert set(two.value.names) == {hall.name, yard.name}
    assert find(mine, "yard") == yard
    assert find(tmp_path, hall.name) == hall
    assert find(tmp_path, str(yard.folder)) == yard
    for lock in locks:
        lock.drop()


def test_a_path_names_the_desk_of_the_project_it_is_in(state, tmp_path):
    mine = project(tmp_path / "library")
    lock = at_home(place_of(mine, "hall"), mine)
    assert find(tmp_path, str(mine / "cues")) == place_of(mine, "hall")
    lock.drop()


def test_a_name_that_is_no_path_does_not_mean_the_folder_one_stands_in(
    state, tmp_path, monkeypatch
):
    mine = project(tmp_path / "library")
    monkeypatch.chdir(mine)
    lock = at_home(place_of(mine, "hall"), mine)
    with pytest.raises(NoDeskError) as no_such:
        find(mine, "yard")
    assert no_such.value.code == "no_such"
    lock.drop()


def test_same_named_projects_have_different_desks(state, tmp_path):
    one, two = project(tmp_path / "a" / "library"), project(tmp_path / "b" / "library")
    assert place_of(one, "hall") != place_of(two, "hall")


def test_the_nearest_project_counts(tmp_path):
    outer = project(tmp_path / "outer")
    inner = project(outer / "inner")
    assert project_of(inner / "cues") == inner
    assert project_of(tmp_path) is None


def test_what_a_dead_desk_left_behind_is_not_a_desk(state, tmp_path):
    mine = project(tmp_path / "library")
    place = place_of(mine, "hall")
    at_home(place, mine).drop()
    assert place.card() is not None
    assert not place.running()
    with pytest.raises(NoDeskError):
        find(mine)


def test_a_killed_process_lets_go_of_its_lock(tmp_path):
    path = tmp_path / "desk.lock"
    script = (
        "import sys, time, pathlib; from stagectl.desk.lock import Lock;"
        "print(Lock(pathlib.Path(sys.argv[1])).take(), flush=True); time.sleep(60)"
    )
    child = subprocess.Popen(
        [sys.executable, "-c", script, path], stdout=subprocess.PIPE, text=True
    )
    with child:
        assert child.stdout is not None
        assert child.stdout.readline() == "True\n"
        lock = Lock(path)
        assert lock.held()
        assert not lock.take()
        child.kill()
        child.wait(10)
    assert lock.take(wait=5)
    lock.drop()


def test_a_look_at_the_lock_does_not_keep_a_desk_from_starting(tmp_path):
    """`held` takes the lock for an instant; a desk that starts in that instant tries again."""
    looking, starting = Lock(tmp_path / "l"), Lock(tmp_path / "l")
    assert looking.take()
    began = time.monotonic()
    assert not starting.take(wait=0.1)
    assert time.monotonic() - began >= 0.1
    looking.drop()
    assert starting.take(wait=0.1)
    starting.drop()


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b'{"pid": 1}', b"\xff\xfe"])
def test_a_torn_card_is_no_card(tmp_path, content):
    (tmp_path / "desk.json").write_bytes(content)
    assert Place(tmp_path).card() is None


def test_a_card_comes_back_as_it_was_left(tmp_path):
    card = Card(1, 2, "ws://127.0.0.1:1", "Høytlesning", "cues/å.yaml", "hall", "/p", 12.5)
    Place(tmp_path).leave_card(card)
    assert Place(tmp_path).card() == card


def test_tokens_differ_by_role_and_are_new_each_evening(tmp_path):
    place = Place(tmp_path)
    assert place.token("operate") == ""
    place.renew_tokens()
    first = {place.token("operate"), place.token("watch")}
    place.renew_tokens()
    second = {place.token("operate"), place.token("watch")}
    assert len(first | second) == 4
    assert min(map(len, first | second)) >= 43  # 256 bits


@POSIX
def test_nobody_else_can_read_what_a_desk_keeps(tmp_path):
    place = Place(tmp_path / "state" / "hall")
    place.make()
    place.renew_tokens()
    place.leave_card(Card(1, 2, "", "", "", "", "", 0.0))
    assert stat.S_IMODE(place.folder.stat().st_mode) == 0o700
    for name in ("token", "token.watch", "desk.json"):
        assert stat.S_IMODE((place.folder / name).stat().st_mode) == 0o600
    assert sorted(p.name for p in place.folder.iterdir()) == ["desk.json", "token", "token.watch"]
    place.trust()


@POSIX
def test_a_folder_that_others_can_write_in_is_not_believed(tmp_path):
    place = Place(tmp_path / "hall")
    place.make()
    place.folder.chmod(0o770)
    with pytest.raises(UnsafePlaceError, match="chmod 700"):
        place.trust()


def test_a_show_outside_any_project_has_its_desk_in_its_own_folder(state, tmp_path):
    home = places.home_of(tmp_path / "reading.yaml")
    lock = at_home(place_of(home, "hall"), home)
    assert find(tmp_path) == place_of(home, "hall")
    lock.drop()
