"""A medium is asked what it is doing before it is told what to do: OBS says OK to anything."""

from collections.abc import Callable, Iterator

from stagectl.core.model import Do
from stagectl.drivers.obs_batch import Part
from stagectl.drivers.obs_words import Answer, request
from stagectl.engine.report import Acknowledged, Failed, Report

VERBS = frozenset({"play", "pause", "stop", "restart"})


class Media:
    """The orders to films and sounds that are not answered yet."""

    def __init__(self, say: Callable[[Part], None]) -> None:
        """`say` puts a part into the next batch."""
        self._say = say
        self._orders: list[Do] = []

    def order(self, do: Do) -> None:
        """Take one of VERBS; its argument is an input."""
        self._orders.append(do)
        status = request("GetMediaInputStatus", inputName=do.argument)
        self._say(Part([status], lambda answers, _now: self._look(do, answers[0])))

    def linked(self) -> list[Report]:
        """The link is new: nobody knows what became of the orders, and none is said again."""
        orders, self._orders = self._orders, []
        return [Failed(do, "unknown", "the connection was lost") for do in orders]

    def _look(self, do: Do, status: Answer) -> Iterator[Report]:
        state = str(status.data.get("mediaState")).removeprefix("OBS_MEDIA_STATE_")
        if not status.ok:
            yield self._close(do, Failed(do, status.why, status.comment))
        elif state == "NONE":
            yield self._close(do, Failed(do, "refused", f"{do.argument} plays nothing"))
        elif do.verb == "play" and state == "PLAYING":
            yield self._close(do, Acknowledged(do))
        else:
            self._trigger(do, state)

    def _trigger(self, do: Do, state: str) -> None:
        # PLAY at the end, or before the beginning, says PLAYING for ever and shows the first frame
        from_the_start = do.verb == "play" and state != "PAUSED"
        action = "RESTART" if from_the_start else do.verb.upper()
        said = request(
            "TriggerMediaInputAction",
            inputName=do.argument,
            mediaAction=f"OBS_WEBSOCKET_MEDIA_INPUT_ACTION_{action}",
        )
        self._say(Part([said], lambda answers, _now: self._done(do, answers[0])))

    def _done(self, do: Do, said: Answer) -> Iterator[Report]:
        yield self._close(do, Acknowledged(do) if said.ok else Failed(do, said.why, said.comment))

    def _close(self, do: Do, report: Report) -> Report:
        self._orders = [other for other in self._orders if other is not do]
        return report
