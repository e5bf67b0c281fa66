"""Each test speaks English until it says otherwise, and leaves it so."""

from collections.abc import Iterator

import pytest

from stagectl.words import tongue


@pytest.fixture(autouse=True)
def english() -> Iterator[None]:
    with tongue.speaking("en"):
        yield
