"""Files checked together: a scene is unreached only when no show of its room takes it."""

from stagectl.files.together import check_files, yaml_in
from tests.files.house import HEAD, SHOW, found


def write(house, name, cues):
    return house.write(f"cues/{name}.yaml", SHOW + cues)


HOLDING = "  - {cue: 1, scene: holding}\n"
TALK = "  - {cue: 1, scene: conversation}\n"


def test_a_scene_that_one_of_the_shows_takes_is_reached(house):
    one, other = write(house, "a", HOLDING), write(house, "b", TALK)
    assert [p.code for p in check_files([one])] == ["unreached"]
    assert check_files([one, other]) == ()


def test_a_scene_no_show_takes_is_told_once_at_its_own_line(house):
    text = (house.root / "scenes/sal.yaml").read_text("utf-8")
    text = text.replace("scenes:\n", "scenes:\n  film: {set: {obs.program: Film}}\n")
    house.write("scenes/sal.yaml", text)
    one, other = write(house, "a", HOLDING), write(house, "b", TALK)
    [problem] = check_files([one, other])
    line = text[: text.index("  film:")].count("\n") + 1
    assert found(problem) == ("unreached_by_all", line, 3, 4)
    assert (problem.severity, problem.data["scenes"], problem.data["shows"]) == (
        "warning", ("film",), "2",
    )  # fmt: skip


def test_while_a_show_cannot_be_read_nobody_can_tell_what_it_reaches(house):
    one, other = write(house, "a", HOLDING), write(house, "b", "  - {cue: 1, scene: conversaton}\n")
    [problem] = check_files([one, other])
    assert found(problem)[:2] == ("unknown_scene", HEAD + 1)


def test_what_is_wrong_with_a_room_is_told_once_however_many_shows_it_has(house):
    text = (house.root / "scenes/sal.yaml").read_text("utf-8")
    house.write("scenes/sal.yaml", text.replace("-5 dB", "99"))
    shows = [write(house, name, TALK) for name in "abc"]
    assert [p.code for p in check_files(shows)] == ["range"]


def test_a_folder_stands_for_all_the_yaml_in_it(house):
    one = write(house, "a", HOLDING)
    house.write("cues/README.md", "no show")
    assert yaml_in([house.root / "cues"]) == (one,)
    assert {p.name for p in yaml_in([house.root])} == {
        "a.yaml", "sal.yaml", "desk.yaml", "light.yaml", "picture.yaml",
    }  # fmt: skip
    assert check_files(yaml_in([house.root / "cues"])) == check_files([one])
