"""What came of an intent, in the words of whoever asked."""

import math
from collections.abc import Iterable, Mapping
from typing import Any

from stagectl.client import Answer
from stagectl.core.problem import Problem
from stagectl.core.value import Unfit
from stagectl.core.wire import Wire
from stagectl.engine import event as e
from stagectl.engine.event import Event
from stagectl.engine.intent import Intent, Redo, Trigger
from stagectl.words import codes, plain
from stagectl.words.tongue import _

NO_SORTS: Mapping[str, Wire] = {}
_ANY = Wire("word")


def told(events: Iterable[Event], sorts: Mapping[str, Wire] = NO_SORTS) -> str:
    """Return what happened, a sentence each, on lines; `sorts` says how values are said."""
    return "\n".join(said for event in events if (said := _sentence(event, sorts)))


def is_done(intent: Intent, events: Iterable[Event]) -> bool:
    """Tell whether what was asked for was really begun: a Do to a lost device was not."""
    if isinstance(intent, Trigger) or (isinstance(intent, Redo) and not intent.drop):
        return any(isinstance(event, e.Did) for event in events)
    return True


def refusal(answer: Answer) -> str:
    """Return why an intent was refused, and what to do about it."""
    about = next((event.cue for event in answer.events if isinstance(event, e.Refused)), "")
    return codes.refusal(answer.why, about) + "."


def unfit(problem: Unfit) -> str:
    """Return why a text is no such value, and the cure."""
    from stagectl.words.problems import cure, sentence

    told_ = Problem(problem.code, data=problem.data)
    return "\n".join(line for line in (sentence(told_), cure(told_)) if line)


def meant(book: Mapping[str, Any], name: str) -> str:
    """Return the parameter a name means in the desk's book: `mixer.host` is its main; "": none."""
    parameters = book["parameters"]
    if name in parameters:
        return name
    main = [p for p, c in parameters.items() if c["main"] and p.rpartition(".")[0] == name]
    return main[0] if len(main) == 1 else ""


def control(book: Mapping[str, Any], parameter: str) -> Wire:
    """Return how a parameter of the desk's book is written, as far as a person writes it."""
    plain = book["parameters"][parameter]
    low, high = plain["low"], plain["high"]
    return Wire(
        plain["kind"],
        unit=plain["unit"],
        low=-math.inf if low is None else low,
        high=math.inf if high is None else high,
        words=tuple((word, word) for word in plain["words"]),
    )


def _sentence(event: Event, sorts: Mapping[str, Wire]) -> str:
    match event:
        case e.Fired(cue=cue):
            return _("Cue {n} went.").format(n=cue)
        case e.StoodBy(cue=cue):
            return _("Cue {n} stands by.").format(n=cue)
        case e.WentBack(cue=cue):
            return _("Back: cue {n} stands by again.").format(n=cue)
        case e.Skipped(cue=cue):
            return _("Cue {n} is skipped.").format(n=cue)
        case e.Unskipped(cue=cue):
            return _("Cue {n} is in the show again.").format(n=cue)
        case e.Postponed(seconds=seconds):
            return _("Cues with a time of day are moved by {time}.").format(time=_span(seconds))
        case e.Held(parameter=parameter, value=value):
            return _("{name} is held at {value}.").format(
                name=parameter, value=plain.value(value, sorts.get(parameter, _ANY))
            )
        case e.Kept(parameter=parameter):
            return _("{name} is kept.").format(name=parameter)
        case e.Freed(parameter=parameter):
            return _("{name} is the cue's again.").format(name=parameter)
        case e.Did(device=device, verb=verb, argument=argument):
            return _("Said: {what}.").format(what=plain.do(device, verb, argument))
        case e.Missed(do=number, device=device, verb=verb, argument=argument):
            return _("Not done: {what}. When it can be: stagectl redo {id}").format(
                what=plain.do(device, verb, argument), id=number
            )
        case e.Dropped():
            return _("It is off the list of what was missed.")
        case e.Stopped():
            return _("Everything is stopped. Go on: stagectl release")
        case e.Covered():
            return _("Stream and recording are covered. Go on: stagectl release")
        case e.Released():
            return _("The look of now is back.")
        case e.Asserted():
            return _("Everything is said again.")
        case e.Named(role=role, name=name):
            return _("{role} is {name}.").format(role=role, name=name)
        case e.Reloaded(onstage=onstage, standby=standby):
            return _("The new show is loaded: cue {n} is on stage, cue {next} stands by.").format(
                n=onstage or "–", next=standby or "–"
            )
        case e.Messaged(text=text):
            said = _("The stage clock says: {text}") if text else _("The stage clock says nothing.")
            return said.format(text=text)
        case e.Noted():
            return _("It is noted.")
        case e.Declined():
            return _("What is loaded goes on.")
        case e.Ended():
            return _("The show is over.")
        case _:
            return ""


def _span(seconds: float) -> str:
    minutes, rest = divmod(round(abs(seconds)), 60)
    sign = "−" if seconds < 0 else "+"
    return f"{sign}{minutes}:{rest:02}"
