"""Whatever bytes are in a file, reading it ends, with a book or with problems that have places."""

from pathlib import Path

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from stagectl.files.load import check_file, read_show
from stagectl.files.read import Reading
from tests.files.house import PROFILES, SHOW, VENUE, House

CUES = """\
  - cue: 1
    name: Velkommen
    notes: |
      Nødutganger. Mobil på lydløs.
    scene: conversation
    set: {mixer.guest: off, obs.Navn.text: "{guest.name}"}
    do: [obs.record: start, mixer.recall: 3]
    fade: 2,5 s
    wait: 500 ms
    follow: end
    at: "19:00"
    length: 1:05:00
    block: ja
  - {cue: 2.5, scene: holding}
"""
SCRAPS = [
    b"", b"\t", b"\n", b" ", b"-", b"- ", b":", b": ", b"{", b"}", b"[", b"]", b"&a ", b"*a",
    b"!!x ", b"<<: ", b"|", b">", b"'", b'"', b"#", b"%", b"@", b"`", b"---\n", b"...\n", b"? ",
    b",", b"\\", b"\x00", b"\xff", b"\xc3", b"\xef\xbb\xbf", b"\r", b"\xe2\x80\xa8", b"0",
    b"1e999", b"nan", b".inf", b"\xf0\x9f\x8e\xad", b"{guest.name}", b"mixer: ", b"cue: ", b"  ",
    b"9" * 400, b"[" * 40, b"a\xcc\x8a",
]  # fmt: skip

calm = settings(
    max_examples=150, deadline=2000, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def is_told(path: Path) -> None:
    for problem in check_file(path):
        assert problem.place.line >= 1
        assert problem.place.column >= 1
        assert problem.place.width >= 1


@st.composite
def torn(draw, whole: bytes):
    """A real file with a few places cut out, doubled or replaced."""
    data = whole
    for _ in range(draw(st.integers(1, 4))):
        start = draw(st.integers(0, len(data)))
        end = draw(st.integers(start, min(start + 40, len(data))))
        put = draw(st.sampled_from(SCRAPS) | st.binary(max_size=6) | st.just(data[start:end] * 2))
        data = data[:start] + put + data[end:]
    return data


ROOT = Path(__file__).parents[2]
REAL = {
    p.relative_to(ROOT).as_posix(): p.read_bytes()
    for folder in ("cues", "scenes", "stagectl/profiles")
    for p in sorted((ROOT / folder).glob("*.yaml"))
}


@calm
@given(data=st.sampled_from(sorted(REAL)).flatmap(lambda name: torn(REAL[name])))
def test_a_real_file_torn_in_any_way(house: House, data: bytes):
    is_told(house.write("cues/kveld.yaml", data))


@calm
@given(data=st.binary(max_size=300))
def test_any_bytes_at_all(house: House, data: bytes):
    is_told(house.write("cues/kveld.yaml", data))


@calm
@given(data=torn((SHOW + CUES).encode()))
def test_a_show_torn_in_any_way(house: House, data: bytes):
    is_told(house.write("cues/kveld.yaml", data))


@calm
@given(data=torn(VENUE.encode()))
def test_a_venue_torn_in_any_way(house: House, data: bytes):
    is_told(house.write("scenes/sal.yaml", data))
    read_show(house.write("cues/kveld.yaml", SHOW + CUES), cached=False)


@calm
@given(data=st.sampled_from(sorted(PROFILES)).flatmap(lambda n: torn(PROFILES[n].encode())))
def test_a_profile_torn_in_any_way(house: House, data: bytes):
    reading = Reading()
    profile = reading.profile_bytes("torn", "torn.yaml", data)
    assert (profile is None) == any(p.severity == "error" for p in reading.told.problems)
    house.write("scenes/profiles/desk.yaml", data)
    read_show(house.write("cues/kveld.yaml", SHOW + CUES), cached=False)


def test_the_whole_show_is_sound_before_it_is_torn(house: House):
    checked = read_show(house.write("cues/kveld.yaml", SHOW + CUES), cached=False)
    assert checked.book is not None
