"""What obs-websocket 5.1 says of a request it cannot read, code for code and word for word.

Source: obs-websocket's protocol page, RequestStatus, and OBS 29.0.2's own answers.
"""

from collections.abc import Mapping
from typing import Any, Final

Json = dict[str, Any]

MISSING_TYPE: Final = 203
UNKNOWN_TYPE: Final = 204
WRONG_EXECUTION: Final = 206
NOT_READY: Final = 207
MISSING_FIELD: Final = 300
MISSING_DATA: Final = 301
INVALID: Final = 400
WRONG_TYPE: Final = 401
OUT_OF_RANGE: Final = 402
EMPTY: Final = 403
TOO_MANY: Final = 404
RUNNING: Final = 500
NOT_RUNNING: Final = 501
PAUSED: Final = 502
NOT_PAUSED: Final = 503
NO_STUDIO: Final = 506
NOT_FOUND: Final = 600
EXISTS: Final = 601
WRONG_KIND: Final = 602
WRONG_STATE: Final = 604
NO_SUCH_KIND: Final = 605
CANNOT: Final = 703


class Refused(Exception):  # noqa: N818 - an answer, not a mistake of ours
    """A request's status other than success."""

    def __init__(self, code: int, comment: str = "") -> None:
        """Keep what the answer says; a few have no comment."""
        super().__init__(comment)
        self.code = code
        self.comment = comment


class Fields:
    """A request's data, read the way OBS reads it; every reader raises Refused."""

    def __init__(self, data: object) -> None:
        """Take `requestData` as it came: anything but an object counts as none."""
        self._data: Mapping[str, Any] | None = data if isinstance(data, dict) else None

    def has(self, name: str) -> bool:
        """Tell whether the field is there; null is not."""
        return self._data is not None and self._data.get(name) is not None

    def text(self, name: str, *, may_be_empty: bool = False) -> str:
        """Return a string."""
        value = self._value(name)
        if not isinstance(value, str):
            raise Refused(WRONG_TYPE, f"The field value of `{name}` must be a string.")
        if not value and not may_be_empty:
            raise Refused(EMPTY, f"The field value of `{name}` must not be empty.")
        return value

    def number(self, name: str, low: float, high: float) -> float:
        """Return a number within limits."""
        value = self._value(name)
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise Refused(WRONG_TYPE, f"The field value of `{name}` must be a number.")
        if value < low:
            raise Refused(
                OUT_OF_RANGE, f"The field value of `{name}` is below the minimum of `{low:f}`"
            )
        if value > high:
            raise Refused(
                OUT_OF_RANGE, f"The field value of `{name}` is above the maximum of `{high:f}`"
            )
        return value

    def flag(self, name: str) -> bool:
        """Return a bool."""
        value = self._value(name)
        if not isinstance(value, bool):
            raise Refused(WRONG_TYPE, f"The field value of `{name}` must be boolean.")
        return value

    def object(self, name: str, *, may_be_empty: bool = False) -> Json:
        """Return an object."""
        value = self._value(name)
        if not isinstance(value, dict):
            raise Refused(WRONG_TYPE, f"The field value of `{name}` must be an object.")
        if not value and not may_be_empty:
            raise Refused(EMPTY, f"The field value of `{name}` must not be empty.")
        return value

    def anything(self, name: str) -> Any:  # noqa: ANN401 - JSON
        """Return whatever is there."""
        return self._value(name)

    def _value(self, name: str) -> Any:  # noqa: ANN401 - JSON
        if self._data is None:
            raise Refused(MISSING_DATA, "Your request data is missing or invalid (non-object)")
        if not self.has(name):
            raise Refused(MISSING_FIELD, f"Your request is missing the `{name}` field.")
        return self._data[name]
