"""The only place where text that people typed becomes a value."""

import math
import re
import unicodedata

from stagectl.core.model import Value
from stagectl.core.wire import Wire

Datum = str | float | tuple[str, ...]


class Unfit(ValueError):  # noqa: N818 - a verdict on a text, caught and worded, never a crash
    """The text is no such value. `code` and `data` are worded at the edge (words/problems.py).

    Codes of values: empty, not_switch, not_number, not_finite, unit (data: unit, wanted),
    range (low, high, unit), choice (choices). Codes of durations: empty, not_duration, no_unit,
    hours_or_minutes, not_finite, negative, sixty. `data` always has `text`, as it was typed.
    """

    def __init__(self, code: str, **data: Datum) -> None:
        super().__init__(code)
        self.code = code
        self.data = data


def parse_value(text: str, wire: Wire) -> Value:
    """Return what `text` means for `wire`, in the wire's unit; raises Unfit.

    A switch is a bool, a number a finite float (−inf where the unit is dB), a word or a text a str.
    """
    match wire.kind:
        case "switch":
            return _switch(text)
        case "number":
            return _number(text, wire)
        case "word":
            return _word(text, wire)
        case "text":
            return unicodedata.normalize("NFC", text)


def parse_seconds(text: str) -> float:
    """Return a duration in seconds, finite and not negative; raises Unfit.

    `3 s`, `2,5 s`, `15 min`, `1 t 30 min`, `1:05:00`. A bare number has no unit, and `1:30` could
    be hours or minutes: both are refused.
    """
    plain = _plain(text).casefold()
    if not plain:
        raise Unfit("empty", text=text)
    if _ENDLESS.match(plain):
        raise Unfit("not_finite", text=text)
    if plain.startswith("-"):
        raise Unfit("negative", text=text)
    if clock := _CLOCK.fullmatch(plain):
        return _clock(clock, text)
    if _PAIR.fullmatch(plain):
        raise Unfit("hours_or_minutes", text=text)
    if _FIGURE.fullmatch(plain):
        raise Unfit("no_unit", text=text)
    return _lengths(plain, text)


def say_value(value: Value, wire: Wire) -> str:
    """Return the text a person would type for `value`: what `parse_value` reads back as it."""
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, str):
        return value
    number = "-inf" if value == -math.inf else say_number(value)
    return f"{number} {wire.unit}" if wire.unit else number


def say_number(value: float) -> str:
    """Return the shortest decimal text, with no exponent: -5, 2.5; nothing is finer than 1e-12."""
    text = f"{value:.12f}".rstrip("0").rstrip(".")
    return "0" if text == "-0" else text


_DIGITS = 64  # no setting of a stage is longer; a megabyte of digits is not worth reading

# spelling.py makes patterns for editors out of these, so that no word is listed twice.
ON = frozenset({"on", "på", "ja", "true", "yes"})
OFF = frozenset({"off", "av", "nei", "false", "no"})

# Minus signs and dashes that a word processor puts in, and spaces that do not break.
MINUS = "\u2212\u2010\u2011\u2012\u2013\ufe63\uff0d"
_TYPED = str.maketrans(dict.fromkeys(MINUS, "-") | dict.fromkeys("\u00a0\u202f\u2007\u2009", " "))

FIGURE = r"(?:[0-9]+(?:[.,][0-9]*)?|[.,][0-9]+)"
_FIGURE = re.compile(rf"[+-]?{FIGURE}")
_ENDLESS = re.compile(r"[+-]?\.?(?:inf(?:inity)?|∞|nan)(?![^\W\d_])", re.IGNORECASE)
_AMOUNT = re.compile(rf"({_FIGURE.pattern}|{_ENDLESS.pattern})\s*(.*)", re.DOTALL | re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]+):([0-9]{2}):([0-9]{2}(?:[.,][0-9]+)?)")
_PAIR = re.compile(r"[0-9]+:[0-9]+(?:[.,][0-9]+)?")
_LENGTH = re.compile(rf"({_FIGURE.pattern})\s*([^\W\d_]+)\s*")

SPELT = {"prosent": "%", "percent": "%", "desibel": "db", "decibel": "db"}
SECONDS = {
    **dict.fromkeys(("ms", "millisekund", "millisekunder", "milliseconds"), 0.001),
    **dict.fromkeys(("s", "sek", "sekund", "sekunder", "sec", "second", "seconds"), 1.0),
    **dict.fromkeys(("m", "min", "minutt", "minutter", "minute", "minutes"), 60.0),
    **dict.fromkeys(("t", "time", "timer", "h", "hour", "hours"), 3600.0),
}


def _plain(text: str) -> str:
    """Fold what looks alike on paper: minus signs, spaces, composed letters."""
    return " ".join(unicodedata.normalize("NFC", text).translate(_TYPED).split())


def _switch(text: str) -> bool:
    word = _plain(text).casefold()
    if word in ON:
        return True
    if word in OFF:
        return False
    raise Unfit("not_switch" if word else "empty", text=text)


def _number(text: str, wire: Wire) -> float:
    plain = _plain(text)
    if not plain:
        raise Unfit("empty", text=text)
    amount = _AMOUNT.fullmatch(plain)
    if amount is None or len(amount[1]) > _DIGITS:
        raise Unfit("not_number", text=text, unit=wire.unit)
    value = _float(amount[1]) * _scale(amount[2], wire.unit, text) + 0.0  # no negative nought
    if math.isnan(value) or (math.isinf(value) and not (value < 0 and wire.unit == "dB")):
        raise Unfit("not_finite", text=text, unit=wire.unit)
    if value != -math.inf and not wire.low <= value <= wire.high:
        raise Unfit("range", text=text, low=wire.low, high=wire.high, unit=wire.unit)
    if wire.words and value not in dict(wire.words):
        said = tuple(say_number(v) for v, _ in wire.words if not isinstance(v, str))
        raise Unfit("choice", text=text, choices=said)
    return value


def _scale(unit: str, wanted: str, text: str) -> float:
    """Return how many of the wanted unit go to one of the unit typed; no unit means the wanted."""
    typed, meant = unit.casefold(), wanted.casefold()
    typed = SPELT.get(typed, typed)
    if typed in ("", meant):
        return 1.0
    if typed in SECONDS and meant in SECONDS:
        return SECONDS[typed] / SECONDS[meant]
    raise Unfit("unit", text=text, unit=unit, wanted=wanted)


def _word(text: str, wire: Wire) -> str:
    word = unicodedata.normalize("NFC", text).strip()
    if not word:
        raise Unfit("empty", text=text)
    choices = tuple(said for said, _ in wire.words if isinstance(said, str))
    if not choices or word in choices:
        return word
    alike = [c for c in choices if c.casefold() == word.casefold()]
    if len(alike) == 1:
        return alike[0]
    raise Unfit("choice", text=text, choices=choices)


def _clock(clock: re.Match[str], text: str) -> float:
    hours, minutes, seconds = (_float(part) for part in clock.groups())
    if minutes >= 60 or seconds >= 60:
        raise Unfit("sixty", text=text)
    return _finite(hours * 3600 + minutes * 60 + seconds, text)


def _lengths(plain: str, text: str) -> float:
    """Add up `1 t 30 min`: each unit smaller than the one before it."""
    total, before, end = 0.0, math.inf, 0
    while end < len(plain):
        length = _LENGTH.match(plain, end)
        unit = SECONDS.get(length[2]) if length else None
        if length is None or unit is None or unit >= before or length[1].startswith("-"):
            raise Unfit("not_duration", text=text)
        total, before, end = total + _float(length[1]) * unit, unit, length.end()
    return _finite(total, text)


def _finite(seconds: float, text: str) -> float:
    if not math.isfinite(seconds):
        raise Unfit("not_finite", text=text)
    return seconds


def _float(text: str) -> float:
    if text.endswith("∞"):
        return -math.inf if text.startswith("-") else math.inf
    return float(text.casefold().replace(",", ".").replace(".inf", "inf").replace(".nan", "nan"))
