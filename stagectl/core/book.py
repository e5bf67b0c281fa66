"""The prompt book: one show made for one venue, whole; all that a desk is given to run."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from stagectl.core.controls import Binding
from stagectl.core.model import Parameter, Show, Venue
from stagectl.core.profile import Profile
from stagectl.core.wire import Wire


@dataclass(frozen=True, slots=True)
class Book:
    """Plain data, so that a desk needs no YAML and no validator.

    `wires` has every parameter that the venue names or the show uses, by the name people use;
    whatever a cue or a scene sets has a resting value in `show.base`. `profiles` are by device
    name. `digest` tells one version of the files from another.
    """

    show: Show
    venue: Venue
    profiles: Mapping[str, Profile] = field(default_factory=dict)
    wires: Mapping[Parameter, Wire] = field(default_factory=dict)
    controls: tuple[Binding, ...] = ()
    """What the keys and faders of the venue's controllers do."""
    show_path: str = ""
    venue_path: str = ""
    digest: str = ""
