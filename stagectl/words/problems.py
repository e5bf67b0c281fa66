"""A problem becomes the block that is printed: where, what, the line, a caret, a cure."""

from collections.abc import Callable, Iterable, Mapping

from stagectl.core.problem import Place, Problem
from stagectl.core.value import Datum
from stagectl.words.mistakes import MISTAKES
from stagectl.words.plain import number
from stagectl.words.tongue import _
from stagectl.words.visible import MOST, columns, shown, visible

WIDEST = 96  # cells of a source line that are shown; the rest of a long one is left out


def block(problem: Problem) -> str:
    """Return the whole block, two or three lines, in the language spoken."""
    place = problem.place
    said = sentence(problem)
    if problem.severity == "warning":
        said = _("warning: {sentence}").format(sentence=said)
    help_ = cure(problem)
    if not place.file:
        return "\n".join(line for line in (said, help_) if line)
    head = f"{visible(place.file)}:{place.line}:{place.column}: {said}"
    source, caret = _underlined(place)
    if not source.strip():
        return "\n".join(line for line in (head, f"  {help_}" if help_ else "") if line)
    return f"{head}\n{source}\n{caret} {help_}".rstrip()


def blocks(problems: Iterable[Problem], most: int = 100) -> str:
    """Return the blocks of all problems, errors first, each file from top to bottom."""
    ordered = sorted(
        problems,
        key=lambda p: (p.severity == "warning", p.place.file, p.place.line, p.place.column),
    )
    said = [block(problem) for problem in ordered[:most]]
    if (left := len(ordered) - most) > 0:
        said.append(_("… and {count} more").format(count=left))
    return "\n".join(said)


def sentence(problem: Problem) -> str:
    """Return what is wrong, in one sentence."""
    said, _cure = _words_of(problem)
    return said


def cure(problem: Problem) -> str:
    """Return what would put it right, "" when the sentence says it."""
    _said, help_ = _words_of(problem)
    near = problem.data.get("near", ())
    if isinstance(near, tuple) and near:
        # Translators: {name} is what people probably meant to write
        return _("did you mean {name}?").format(name=visible(near[0], MOST))
    return help_


def _words_of(problem: Problem) -> tuple[str, str]:
    code = problem.code
    if code == "unit" and not problem.data.get("wanted"):
        code = "unit_none"
    said, help_ = MISTAKES.get(code, ("{code}", ""))
    data = _Data(problem)
    return _(said).format_map(data) if said else "", _(help_).format_map(data) if help_ else ""


class _Data(dict[str, str]):
    """What a sentence may name; a catalogue that names something else shows the gap, no more."""

    def __init__(self, problem: Problem) -> None:
        super().__init__({key: _datum(value) for key, value in problem.data.items()})
        self["code"] = problem.code
        self["subject"] = _subject(problem.data.get("who", ()))
        for name, make in _MADE.items():
            self[name] = make(problem.data)

    def __missing__(self, key: str) -> str:
        return "?"


def _datum(value: Datum) -> str:
    if isinstance(value, str):
        return visible(value, MOST)
    if isinstance(value, tuple):
        shown_ = ", ".join(visible(v, MOST) for v in value[:12])
        return shown_ + (", …" if len(value) > 12 else "")
    return number(value)


def _subject(who: Datum) -> str:
    match who:
        case ("cue", name):
            return _("cue {number}").format(number=visible(str(name), MOST))
        case ("scene", name):
            return _("the scene {name}").format(name=visible(str(name), MOST))
        case ("base", _name):
            return _("the base")
        case ("controls", name):
            return _("a control of {name}").format(name=visible(str(name), MOST))
        case _:
            return _("this")


def _span(data: Mapping[str, Datum]) -> str:
    """Return "from −90 to 10 dB"."""
    low, high, unit = data.get("low", 0.0), data.get("high", 0.0), data.get("unit", "")
    if not isinstance(low, float | int) or not isinstance(high, float | int):
        return ""
    return _("from {low} to {high}").format(low=number(low), high=f"{number(high)} {unit}".strip())


def _readings(data: Mapping[str, Datum]) -> str:
    """Return the two things that 1:30 could be, as they can be written."""
    first, _colon, second = str(data.get("text", "")).strip().partition(":")
    return _("{a} h {b} min, or {a} min {b} s").format(a=visible(first, 9), b=visible(second, 9))


_MADE: Mapping[str, Callable[[Mapping[str, Datum]], str]] = {"span": _span, "readings": _readings}


# ---- the line and its caret


def _underlined(place: Place) -> tuple[str, str]:
    """Return the source line as it can be shown, and a line of carets under the mistake."""
    start = min(place.column - 1, len(place.source))
    end = min(start + place.width, max(len(place.source), start + 1))
    before, at, after = (
        "".join(map(shown, part))
        for part in (place.source[:start], place.source[start:end], place.source[end:])
    )
    if columns(before) + columns(at) > WIDEST:
        before = _tail(before, WIDEST // 3)
    at = at if columns(at) <= WIDEST // 2 else at[: WIDEST // 2] + "…"
    room = WIDEST - columns(before) - columns(at)
    after = after if columns(after) <= room else after[: max(room - 1, 0)] + "…"
    return before + at + after, " " * columns(before) + "^" * max(columns(at), 1)


def _tail(text: str, most: int) -> str:
    return "…" + text[-most:] if len(text) > most else text
