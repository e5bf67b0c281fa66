from collections.abc import Iterator

import pytest

from stagectl.words import tongue


@pytest.fixture(autouse=True)
def _english() -> Iterator[None]:
    with tongue.speaking("en"):
        yield
