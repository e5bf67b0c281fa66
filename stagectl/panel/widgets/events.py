"""How the list of events is drawn, and what is asked before one is opened."""

from stagectl.panel import almanac, clocks, say
from stagectl.panel.board import Board, Heading, items, layout
from stagectl.panel.clean import clean
from stagectl.panel.home import Asked, EventLine, Refused, Way
from stagectl.panel.ink import EMPTY, Line, clip, line, spread, width, wrap, wrapped
from stagectl.panel.widgets.digits import big
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import N_, _, ngettext

WHEN = 18  # columns of the date and the time
KEYS_FIT = 100  # columns from which on the keys are told too
ROOMY = 3  # rows of the head from which on the time of day is written large

_LANGUAGES = {
    "nb": N_("bokmål"), "nn": N_("nynorsk"), "en": N_("English"), "se": N_("Northern Sámi"),
    "sma": N_("Southern Sámi"), "smj": N_("Lule Sámi"), "ar": N_("Arabic"), "pl": N_("Polish"),
    "so": N_("Somali"), "uk": N_("Ukrainian"), "ur": N_("Urdu"), "vi": N_("Vietnamese"),
    "lt": N_("Lithuanian"), "ti": N_("Tigrinya"), "fa": N_("Persian"), "tr": N_("Turkish"),
    "de": N_("German"), "fr": N_("French"), "es": N_("Spanish"), "sv": N_("Swedish"),
    "da": N_("Danish"), "zh": N_("Chinese"),
}  # fmt: skip


def draw_list(board: Board, columns: int, rows: int) -> list[Row]:
    """The page of events."""
    listed = items(board)
    if not listed:
        return _nothing(board, columns)
    drawn: list[Row] = []
    cards: dict[int, list[Row]] = {}
    for place, row in layout(listed, rows, board.first):
        item = listed[place]
        if place < 0:
            drawn.append((EMPTY, "page"))
        elif isinstance(item, Heading):
            rule = "─" * (columns - len(item.word) - 4)
            drawn.append(
                (line(("── ", "rule"), (item.word, "strong"), (f" {rule}", "rule")), "page")
            )
        else:
            if place not in cards:
                cards[place] = draw_event(board, item, columns)
            drawn.append(cards[place][row])
    return drawn


def draw_event(board: Board, event: EventLine, columns: int) -> list[Row]:
    """Three rows: when, what and its state; where; and what there is to say of it."""
    ground = "marked" if event.path == board.marked else "card"
    if event.path == board.opening:
        ground = "pressed"
    elif ground == "card" and event.date == board.today.isoformat() and event.state != "run":
        ground = "raised"
    chip = line(" ", *_chip(board, event), " ")
    first, second = _when(board, event)
    space = columns - WHEN - width(chip)
    below = _detail(board, event, columns - WHEN - 2)
    tone = "dim" if event.elsewhere or event.state == "run" else "strong"
    title = wrap(clean(event.title), space, 1 if below else 2) or [""]
    where = line((_where(board, event), "dim"))
    rest = [line((part, tone)) for part in title[1:]] + [where]
    if below:
        rest.append(below)
    left = [line((f" {first}".ljust(WHEN), tone)), line((f" {second}".ljust(WHEN), "dim"))]
    out = [spread(line(*left[0], (title[0], tone)), chip, columns)]
    out.append(clip(line(*left[1], *rest[0]), columns))
    out.append(clip(line(" " * WHEN, *(rest[1] if len(rest) > 1 else EMPTY)), columns))
    return [(pieces, ground) for pieces in out]


def _when(board: Board, event: EventLine) -> tuple[str, str]:
    day, start = almanac.of(event.date), clean(event.start)
    if day is None:
        return start, ""
    today = board.today
    if day == today:
        return start or _("today"), ""
    return almanac.short(day, today), f"{almanac.weekday(day)} {start}".strip()


def _where(board: Board, event: EventLine) -> str:
    parts = [clean(event.venue)]
    if event.elsewhere:
        parts = [_("another room: {venue}").format(venue=clean(event.venue))]
    home = board.day.language if board.day else ""
    if event.language and event.language != home:
        parts.append(language(event.language))
    day = almanac.of(event.date)
    if day is not None and day != board.today:
        parts.append(almanac.far(day, board.today))
    return " · ".join(part for part in parts if part)


def language(code: str) -> str:
    """Return what a language is called in the one that is spoken."""
    return _(_LANGUAGES[code]) if code in _LANGUAGES else clean(code)


def state(event: EventLine) -> tuple[str, str, str]:
    """Return a shape, a word and a tone: never a colour alone."""
    match event.state:
        case "unread":
            return "…", _("is being read"), "faint"
        case "mistakes":
            count = ngettext("{n} mistake", "{n} mistakes", event.mistakes)
            return "!", count.format(n=event.mistakes), "chip_warn"
        case "ready":
            return "✓", _("ready"), "green"
        case "running":
            return "►", _("runs now"), "chip_preview"
        case "unended":
            return "‖", _("not ended"), "chip_warn"
        case "run":
            return "■", _("run"), "dim"
        case "published":
            return "▲", _("published"), "dim"


def _chip(board: Board, event: EventLine) -> Line:
    if event.path == board.opening:
        return line(("… " + _("is being opened"), "strong"))
    shape, word, tone = state(event)
    text = f"{shape} {word}"
    return line((f" {text} " if tone.startswith("chip") else text, tone))


def _detail(board: Board, event: EventLine, columns: int) -> Line:
    """What a state means in this case."""
    if event.state == "mistakes" and event.mistake is not None:
        found = event.mistake
        return clip(line((clean(f"{found.place}: {found.said}"), "text")), columns)
    if event.run is None or event.state in ("running", "ready", "unread"):
        return EMPTY
    return clip(line((ran(board, event), "dim")), columns)


def ran(board: Board, event: EventLine) -> str:
    """Return when an event was run, and how long."""
    if event.run is None:
        return ""
    zone = board.day.timezone if board.day else ""
    began = almanac.at(event.run.began, zone)
    day = almanac.far(began.date(), board.today) or almanac.full(began.date(), board.today)
    words = (
        _("run {day} at {time}, lasted {span}")
        if event.run.ended is not None
        else _("began {day} at {time}, and nobody ended it")
    )
    span = clocks.hms(event.run.lasted)
    return words.format(day=day, time=began.strftime("%H:%M"), span=span)


def _nothing(board: Board, columns: int) -> list[Row]:
    if board.day is None:
        return [(line("  ", (_("Looking for the events …"), "dim")), "page")]
    text = _("There are no events in {folder}. A show is a file there, such as {example}.")
    said = text.format(folder=clean(board.day.folder), example="2026-11-28-reading.yaml")
    return [(line("  ", *one), "page") for one in wrapped(said, columns - 4, 4, "dim")]


def draw_head(board: Board, columns: int, rows: int, page: str = "") -> list[Row]:
    """The room, the date in words and the clock; and how far the reading has come."""
    zone = board.day.timezone if board.day else ""
    now = almanac.at(board.wall, zone)
    venue = clean(board.day.venue) if board.day else ""
    date_ = say.capital(almanac.full(board.today, board.today))
    word = _("Today")
    title = line((f" {word} ", "chip_calm"), "  ", (date_, "strong"))
    keys = _("Touch one to open it, or ↑ ↓ and Enter") if columns >= KEYS_FIT and board.day else ""
    said = (part for part in (reading(board), page, keys) if part)
    read = line((f" {' · '.join(said)}", "dim"))
    if rows < ROOMY:
        clock = line((now.strftime("%H:%M:%S"), "strong"), " ")
        under = spread(line((f" {venue}", "text")), line(*read, " "), columns)
        return [(spread(title, clock, columns), "page"), (under, "page")]
    figures = big(now.strftime("%H:%M"))
    left = (title, line((f" {venue}", "text")), read)
    return [
        (spread(one, line((figure, "text"), "  "), columns), "page")
        for one, figure in zip(left, figures, strict=True)
    ]


def page_said(number: int, every: int) -> str:
    """Return which page of the list is seen (from nought), "" if there is only one."""
    return _("page {n} of {all}").format(n=number + 1, all=every) if every > 1 else ""


def reading(board: Board) -> str:
    """Return how many events there are, and how many of them are read."""
    if board.day is None:
        return ""
    every, left = len(board.day.events), board.day.unread
    if left:
        return _("Reading the events: {done} of {all}").format(done=every - left, all=every)
    return ngettext("{n} event", "{n} events", every).format(n=every)


def draw_outcome(board: Board, columns: int, rows: int) -> list[Row]:
    """Why it was not opened, and what to do; or what has to be chosen."""
    outcome = board.outcome
    if outcome is None:
        return []
    under = outcome.cure if isinstance(outcome, Refused) else outcome.text
    mark = "!" if isinstance(outcome, Refused) else "◆"
    said = wrap(clean(outcome.what), columns - 5, max(2, rows - (1 if under else 0)))
    drawn = [line((f" {mark} ", "strong"), (said[0] if said else "", "strong"))]
    drawn += [line("   ", (part, "strong")) for part in said[1:]]
    shape = "► " if isinstance(outcome, Refused) and under else ""
    drawn += [
        line("   ", *one) for one in wrapped(shape + clean(under), columns - 5, rows - len(drawn))
    ]
    return [(one, "warn" if isinstance(outcome, Refused) else "calm") for one in drawn] + [
        (EMPTY, "warn" if isinstance(outcome, Refused) else "calm")
    ] * (rows - len(drawn))


def first_asked(board: Board, event: EventLine) -> Asked | None:
    """Return what is asked before an event is opened: was it the right one that was touched?"""
    again = (Way(_("Open it"), event.path),)
    if event.elsewhere:
        what = _("{show} is in another room").format(show=clean(event.title))
        text = _("It is made for {venue}. Open it from here all the same?")
        return Asked(what, text.format(venue=clean(event.venue)), again)
    if event.state == "run":
        what = _("{show} has been run").format(show=clean(event.title))
        said = say.capital(ran(board, event))
        return Asked(what, said + ". " + _("Open it for another run?"), again)
    return None


def close_asked() -> Asked:
    """Return what is asked when a finger closes the panel; a way without a path is that."""
    what, text = _("Close the panel?"), _("What runs goes on without it.")
    return Asked(what, text, (Way(_("Close the panel"), ""),))
