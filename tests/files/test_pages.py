"""What the page about shows and venues says is what is read."""

import re
from pathlib import Path

import pytest

from stagectl.core.check import SCENES
from stagectl.core.room import ROLES
from stagectl.files.shapes import (
    CueShape,
    DeviceShape,
    PartShape,
    PersonShape,
    SceneShape,
    ShowShape,
    VenueShape,
)

PAGE = (Path(__file__).parents[2] / "docs/show-format.md").read_text(encoding="utf-8")
TOLD = set(re.findall(r"[`{ ,]([a-z_]+)[:`,]", PAGE))


@pytest.mark.parametrize(
    "shape",
    [ShowShape, CueShape, PartShape, PersonShape, VenueShape, DeviceShape, SceneShape],
)
def test_every_key_is_told(shape):
    for name, info in shape.model_fields.items():
        assert (info.alias or name) in TOLD


def test_every_key_for_later_is_told():
    assert set(CueShape.RESERVED) <= TOLD


def test_every_name_that_shows_share_is_told():
    words = " ".join(PAGE.split())
    assert all(scene in words for scene in SCENES)
    assert all(role.partition(" ")[0] in words for role in ROLES)
