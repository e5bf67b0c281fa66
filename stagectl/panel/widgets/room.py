"""Every parameter of the room: its value, and how sure we are of it, in a shape and a word."""

from stagectl.panel import say
from stagectl.panel.ink import EMPTY, Line, cut, line, spread, width
from stagectl.panel.view import View
from stagectl.panel.widgets.painted import Row
from stagectl.words.tongue import _

_TONES = {
    "unknown": "faint",
    "sent": "text",
    "confirmed": "dim",
    "moving": "text",
    "held": "amber",
    "lost": "amber",
    "failed": "amber",
}
ORDER = ("failed", "lost", "held", "moving", "sent", "unknown", "confirmed")


def draw_room(view: View, columns: int, rows: int) -> list[Row]:
    """A heading for each device, its parameters below; the abnormal first when room is short."""
    space = columns - 4
    lines: list[Line] = [line((_("THE ROOM"), "strong")), EMPTY]
    names: dict[str, list[str]] = {}
    mute = {row.name for row in view.snap.devices if not row.readable}
    for name in view.snap.values:
        names.setdefault(name.partition(".")[0], []).append(name)
    for device, parameters in names.items():
        lines += _heading(view, device, space, mute=device in mute)
        lines += [row for name in parameters for row in _rows(view, name, space)]
        lines.append(EMPTY)
    if len(lines) > rows:
        lines = [lines[0], *_worst(view, space, rows - 1)]
    return [(line("  ", *pieces), "card") for pieces in [*lines, *[EMPTY] * (rows - len(lines))]]


def _heading(view: View, device: str, space: int, *, mute: bool) -> list[Line]:
    """A device's name, and why nothing of it is ever confirmed, on one row or on two."""
    name = line((say.device(view.bill, device), "dim"))
    if not mute:
        return [name]
    why = line((_("never answers: cannot be confirmed"), "text"))
    one = line(*name, "  ○ ", *why)
    return [one] if width(one) <= space else [line("○ ", *name), why]


def _rows(view: View, name: str, space: int) -> list[Line]:
    """The row of a parameter: one for a microphone's switch and its level if they stand alike."""
    stem, _dot, leaf = name.rpartition(".")
    other = f"{stem}.{'level' if leaf == 'on' else 'on'}" if leaf in ("on", "level") else ""
    values = view.snap.values
    if other not in values or values[other][1] != values[name][1]:
        return [_value(view, name, space)]
    return [_value(view, name, space, other)] if leaf == "on" else []


def _worst(view: View, space: int, rows: int) -> list[Line]:
    mute = [row.name for row in view.snap.devices if not row.readable]
    told = [row for name in mute for row in _heading(view, name, space, mute=True)]
    lines = told[: max(0, rows - 2)]
    never = tuple(f"{row.name}." for row in view.snap.devices if row.why == "no_driver")
    ordered = sorted(
        view.snap.values,
        key=lambda name: (name.startswith(never), ORDER.index(view.snap.values[name][1])),
    )
    room = rows - len(lines)
    values = [row for name in ordered for row in _rows(view, name, space)]
    shown = values if len(values) <= room else values[: room - 1]
    lines += shown
    if len(shown) < len(values):
        lines.append(line((say.more(len(values) - len(shown)), "dim")))
    return lines


def _value(view: View, name: str, space: int, also: str = "") -> Line:
    said, how = view.snap.values[name]
    shape, word = say.standing(how)
    tone = _TONES[how]
    left = line((say.parameter(view.bill, name), "dim" if how == "confirmed" else "text"))
    value = say.value(view.bill, name, said)
    beside = say.value(view.bill, also, view.snap.values[also][0]) if also else value
    if beside != value:  # not «?, ?», where nobody knows either
        value = f"{value}, {beside}"
    room = max(8, space - 30)
    right = line((cut(value, room), tone), (f"  {shape} {word:<10}", tone))
    return spread(left, right, space)
