"""A line of text while somebody types it, and the keyboard they may type it on; no widget here."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace

MOST = 80  # signs of a name or a role: more never fits on a screen
LONGEST = 200  # of any other text

SHIFT, LAYER, LEFT, RIGHT, ERASE, SPACE, LEAVE, USE = (
    "shift", "layer", "left", "right", "backspace", " ", "leave", "use",
)  # fmt: skip

LETTERS = (
    "1234567890-'",
    "qwertyuiopåü",
    "asdfghjkløæé",
    "zxcvbnm,.öäè",
)
OTHERS = (
    "!?:;&/()«»–@",
    "áàâčćçđďêëíî",
    "ïłñŋńóòôõřšś",
    "ßŧţúùûýžźż’+",
)
"""The other signs of Norwegian, Sámi and our guests' names."""
FIGURES = ("123", "456", "789", "0")
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})


@dataclass(frozen=True, slots=True)
class Field:
    """One line; `at` is where the cursor stands, in signs."""

    label: str
    text: str = ""
    at: int = 0
    most: int = MOST
    figures: bool = False
    """Only a whole number can be typed."""

    def type(self, said: str) -> "Field":
        """Put text at the cursor: on one line, what cannot be seen dropped, no more than `most`."""
        allowed = wholesome(said)
        if self.figures:
            allowed = "".join(sign for sign in allowed if sign in "0123456789")
        before, after = self.text[: self.at], self.text[self.at :]
        allowed = allowed[: max(0, self.most - len(self.text))]
        head = unicodedata.normalize("NFC", before + allowed)
        return replace(self, text=head + after, at=len(head))

    def erase(self, *, ahead: bool = False) -> "Field":
        """Take away the letter before the cursor, with all its marks, or the one after it."""
        start, end = self.at, self.at
        if ahead:
            end = _after(self.text, self.at)
        else:
            start = _before(self.text, self.at)
        return replace(self, text=self.text[:start] + self.text[end:], at=start)

    def move(self, way: str) -> "Field":
        """Move the cursor: left, right, home, end."""
        at = {
            "left": _before(self.text, self.at),
            "right": _after(self.text, self.at),
            "home": 0,
            "end": len(self.text),
        }[way]
        return replace(self, at=at)


@dataclass(frozen=True, slots=True)
class Form:
    """What is being typed: one or two lines, and how the keyboard stands."""

    title: str
    fields: tuple[Field, ...]
    which: int = 0
    shift: bool = False
    layer: int = 0
    needs: bool = False
    """The first line must not be empty."""

    @property
    def field(self) -> Field:
        """The line that is typed in."""
        return self.fields[self.which]

    @property
    def texts(self) -> tuple[str, ...]:
        """What stands there, without the spaces around it."""
        return tuple(" ".join(field.text.split()) for field in self.fields)

    @property
    def usable(self) -> bool:
        """Tell whether it can be used."""
        return bool(self.texts[0]) or not self.needs

    def with_field(self, field: Field) -> "Form":
        """Return the form with another state of its line."""
        return replace(self, fields=_put(self.fields, self.which, field))

    def turn(self, which: int) -> "Form":
        """Type in another line from now on."""
        return replace(self, which=which % len(self.fields))

    def key(self, name: str, sign: str | None = None) -> "Form":
        """Return the form after a key: one of a keyboard, or one of the screen's."""
        match name:
            case "shift":
                return replace(self, shift=not self.shift)
            case "layer":
                return replace(self, layer=1 - self.layer)
            case "left" | "right" | "home" | "end":
                return self.with_field(self.field.move(name))
            case "backspace":
                return self.with_field(self.field.erase())
            case "delete":
                return self.with_field(self.field.erase(ahead=True))
            case "tab" | "down":
                return self.turn(self.which + 1)
            case "shift+tab" | "up":
                return self.turn(self.which - 1)
            case _ if sign:
                return replace(self.with_field(self.field.type(sign)), shift=False)
            case _:
                return self


def opened(title: str, *fields: Field, needs: bool = False) -> Form:
    """Return a form to be typed in, the cursor at the end of what is there."""
    ready = tuple(replace(f, text=wholesome(f.text)[: f.most]) for f in fields)
    ready = tuple(f.move("end") for f in ready)
    return Form(title, ready, shift=not ready[0].text and not ready[0].figures, needs=needs)


def wholesome(text: str) -> str:
    """Return text as it can be shown: composed, on one line, nothing unseen in it."""
    plain = "".join(" " if sign in "\t\n\r\v\f" else sign for sign in text)
    composed = unicodedata.normalize("NFC", plain)
    composed = "".join(" " if unicodedata.category(s) == "Zs" else s for s in composed)
    return "".join(sign for sign in composed if unicodedata.category(sign) not in _UNSEEN)


def signs(form: Form) -> tuple[str, ...]:
    """Return the rows of the keyboard as it stands."""
    if form.field.figures:
        return FIGURES
    rows = OTHERS if form.layer else LETTERS
    return tuple(map(_raised, rows)) if form.shift else rows


def _raised(row: str) -> str:
    return "".join(sign.upper() if len(sign.upper()) == 1 else sign for sign in row)


def _before(text: str, at: int) -> int:
    at -= 1
    while at > 0 and unicodedata.combining(text[at]):
        at -= 1
    return max(0, at)


def _after(text: str, at: int) -> int:
    at += 1
    while at < len(text) and unicodedata.combining(text[at]):
        at += 1
    return min(len(text), at)


def _put(fields: Sequence[Field], which: int, field: Field) -> tuple[Field, ...]:
    return (*fields[:which], field, *fields[which + 1 :])
