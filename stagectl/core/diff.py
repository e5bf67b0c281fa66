"""The only place a command is born."""

from collections.abc import Callable, Container, Iterable, Mapping
from dataclasses import dataclass

from stagectl.core.model import Do, Parameter, Value


@dataclass(frozen=True, slots=True)
class Command:
    """Put one parameter at one value; `cause` says for whose sake ("cue 12", "hand", "safe")."""

    parameter: Parameter
    value: Value
    cause: str = ""

    @property
    def device(self) -> str:
        """The device is the parameter's first word."""
        return self.parameter.partition(".")[0]


Order = Command | Do


def diff(
    believed: Mapping[Parameter, Value],
    wanted: Iterable[tuple[Parameter, Value]],
    cause: Callable[[Parameter], str] = lambda _: "",
    anew: Container[Parameter] = (),
) -> tuple[Command, ...]:
    """Return what must be said so that `believed` becomes `wanted`, in the order wanted.

    Those in `anew` are said even if they are believed to be there already.
    """
    return tuple(Command(p, v, cause(p)) for p, v in wanted if believed.get(p) != v or p in anew)
