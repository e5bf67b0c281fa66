"""Which key does what: one table for the screen's bindings, its buttons and its help."""

from dataclasses import dataclass

from stagectl.words.tongue import _


@dataclass(frozen=True, slots=True)
class Key:
    """A key as Textual names it, and the action it starts."""

    keys: str
    action: str

    @property
    def every(self) -> str:
        """All its names: a letter is the same key with Shift or Caps Lock."""
        if len(self.keys) == 1 and self.keys.isalpha():
            return f"{self.keys},{self.keys.upper()},shift+{self.keys}"
        return self.keys


KEYS = (
    Key("space", "go"),
    Key("escape", "stop"),
    Key("up", "arrow('up')"),
    Key("down", "arrow('down')"),
    Key("left", "arrow('left')"),
    Key("right", "arrow('right')"),
    Key("backspace", "ask('back')"),
    Key("s", "ask('skip')"),
    Key("d", "ask('cover')"),
    Key("r", "ask('record')"),
    Key("t", "ask('stream')"),
    Key("a", "ask('assert')"),
    Key("u", "ask('postpone')"),
    Key("o", "turn('takeover')"),
    Key("tab", "another"),
    Key("1", "choose(0)"),
    Key("2", "choose(1)"),
    Key("3", "choose(2)"),
    Key("f1", "turn('keys')"),
    Key("f2", "turn('room')"),
    Key("f3", "turn('beside')"),
    Key("f4", "turn('check')"),
    Key("f5", "turn('stageclock')"),
    Key("f6", "turn('after')"),
    Key("f7", "today"),
    Key("f8", "app.contrast"),
    Key("h", "turn('hand')"),
    Key("m", "turn('menu')"),
    Key("enter", "enter"),
    Key("pageup", "page(-1)"),
    Key("pagedown", "page(1)"),
    Key("ctrl+e", "ask('end')"),
    Key("ctrl+q", "close"),
    Key("ctrl+c", "how_to_close"),
)


def said(action: str) -> str:
    """Return the key of an action as it is written on its button."""
    return {
        "go": _("space"),
        "stop": "Esc Esc",
        "previous": "↑",
        "next": "↓",
        "chapter": "← →",
        "back": _("backspace"),
        "skip": "S",
        "cover": "D",
        "record": "R",
        "stream": "T",
        "assert": "A",
        "postpone": "U",
        "takeover": "O",
        "another": "Tab",
        "choose": "1 2 3",
        "keys": "F1",
        "room": "F2",
        "beside": "F3",
        "check": "F4",
        "stageclock": "F5",
        "after": "F6",
        "today": "F7",
        "contrast": "F8",
        "hand": "H",
        "menu": "M",
        "enter": "Enter",
        "page": "PgUp PgDn",
        "end": "Ctrl+E",
        "close": "Ctrl+Q",
    }[action]


def explained(*, beside: bool) -> list[tuple[str, str]]:
    """Return every key and what it does; `beside`: there is something F3 shows."""
    words = {
        said("go"): _("GO: fire the next cue"),
        said("stop"): _("Stop all (within a second)"),
        said("cover"): _("Cover the stream"),
        said("record"): _("Resume; else: recording …"),
        said("stream"): _("Start/stop the stream …"),
        said("previous"): _("Next is the cue before"),
        said("next"): _("Next is the cue after"),
        said("chapter"): _("Next is another chapter"),
        said("back"): _("Back to the cue before"),
        said("skip"): _("Skip the next cue"),
        said("assert"): _("Set the room by the cue"),
        said("postpone"): _("Put times off …"),
        said("takeover"): _("Take over: the card …"),
        said("another"): _("The next question"),
        said("choose"): _("Answer the question"),
        said("page"): _("Look up and down the list"),
        said("hand"): _("Cameras, sound, light, text"),
        f"{said('menu')}, {said('enter')}": _("Menu; press what ↑ ↓ mark"),
        said("keys"): _("These keys"),
        f"{said('room')} {said('beside')}" if beside else said("room"): (
            _("The room; the stage") if beside else _("The room, value by value")
        ),
        "F4–F6": _("Check, stage clock, after"),
        "F7 F8": _("The events; the contrast"),
        said("end"): _("End the show"),
        said("close"): _("Close this panel"),
    }
    return list(words.items())
