"""The colours the simulated stage is drawn in; the panel's own, so that the two look like one."""

from stagectl.sim.canvas import Colour

PAGE: Colour = (14, 17, 20)
CARD: Colour = (24, 29, 33)
RAISED: Colour = (42, 49, 56)
RULE: Colour = (61, 70, 78)
TEXT: Colour = (228, 232, 235)
DIM: Colour = (163, 173, 182)
FAINT: Colour = (135, 146, 156)
WHITE: Colour = (255, 255, 255)
BLACK: Colour = (0, 0, 0)
RED: Colour = (195, 36, 47)
GREEN: Colour = (29, 116, 67)
AMBER: Colour = (244, 183, 63)
SOUND: Colour = (126, 168, 190)
WARM: Colour = (255, 214, 150)
