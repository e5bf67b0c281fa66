"""Every pane there is: a line here is all that the frame needs of it."""

from stagectl.panel.panes.after import After
from stagectl.panel.panes.check import Check
from stagectl.panel.panes.hand import Hand
from stagectl.panel.panes.menu import Menu
from stagectl.panel.panes.pane import Pane
from stagectl.panel.panes.stageclock import StageClock
from stagectl.panel.panes.takeover import Takeover
from stagectl.panel.view import PaneName

PANES: tuple[tuple[PaneName, type[Pane]], ...] = (
    ("menu", Menu),
    ("hand", Hand),
    ("check", Check),
    ("takeover", Takeover),
    ("stageclock", StageClock),
    ("after", After),
)

NAMES = frozenset(name for name, _pane in PANES)
