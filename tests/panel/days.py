"""A canned day: events in every state, and a home that says what a test says."""

from stagectl.panel.home import Asked, Day, EventLine, Mistake, Opened, Refused, RunLine, Way
from tests.panel.snapshots import WALL

HALL = "Lillestrøm bibliotek – scenen"


def event(name, date="2026-11-28", start="18:00", state="ready", **parts):
    title = parts.pop("title", name.capitalize())
    venue = parts.pop("venue", HALL)
    return EventLine(f"/cues/{name}.yaml", title, date, start, venue, state=state, **parts)


EVENTS = (
    event("lesing", start="11:00", state="run", title="Høytlesning med tegnspråktolkning",
          run=RunLine("/j/1", WALL - 31200, WALL - 27660, WALL - 27660)),
    event("debatt", start="19:00", state="running", title="Debatt: Hvem eier byrommet?"),
    event("konsert", start="21:00", language="uk",
          title="Forfattermøte med konsert: «Det som blir igjen når alle har gått hjem», Kari "
          "Ødegård og Lillestrøm kammerensemble i samtale om arkitektur"),
    event("film", "2026-11-29", state="mistakes", mistakes=3, title="Foredrag og film",
          mistake=Mistake("cues/film.yaml:14:18", "cue 2 setter mixer.gest, men Lillestrøm "
                          "bibliotek har ikke noe slikt navn.", "mente du mixer.guest?")),
    event("laser", "2026-12-03", "17:30", "unread", title="Laser tag med lest fortelling"),
    event("podkast", "2027-01-21", "10:00", venue="Medierommet", elsewhere=True,
          title="Verdt å snakke om"),
    event("nyttår", "2026-02-17", "12:00", "run", title="Månenyttår med dragedans",
          run=RunLine("/j/2", WALL - 2e7, WALL - 2e7 + 5000, WALL - 2e7 + 5000)),
    event("prøve", "", "", title="Skrivekurs – åpen scene"),
)  # fmt: skip
DAY = Day(EVENTS, HALL, "Europe/Oslo", "en", 0, "/bibliotek/cues")


class Canned:
    """A home that says what a test says."""

    def __init__(self, day: Day) -> None:
        self.day = day
        self.looks = 0
        self.asked: list[tuple[str, str]] = []
        self.outcome: Opened | Refused | Asked = Refused("?")

    def today(self) -> Day:
        self.looks += 1
        return self.day

    def open(self, path, how=""):
        self.asked.append((path, how))
        return self.outcome

    def runs(self, path):
        return ()


UNENDED = Asked(
    "Kjøringen til kl. 19:40 ble aldri avsluttet",
    "Cue 12 sto på scenen. Fortsett derfra: ingenting flytter seg før noen trykker GO.",
    (Way("Fortsett der", "/cues/konsert.yaml", "resume"),
     Way("Begynn forfra", "/cues/konsert.yaml", "fresh")),
)  # fmt: skip

TEXTS = (
    *(text for e in EVENTS for text in (e.title, e.venue)),
    *(text for e in EVENTS if e.mistake for text in (e.mistake.place, e.mistake.said)),
    HALL, UNENDED.what, UNENDED.text, *(way.word for way in UNENDED.ways),
)  # fmt: skip
"""What people have typed, or a home has worded."""
