"""Each test speaks English until it says otherwise."""

import pytest

from stagectl.words import tongue


@pytest.fixture(autouse=True)
def english():
    with tongue.speaking("en"):
        yield
