"""What is known of a recording or a stream when it begins, ends or is lost: for the log.

While it grows its bytes are in the snapshot; the journal has them when they grow no more.
"""

from collections.abc import Iterable, Iterator, Mapping

from stagectl.engine.event import Wrote
from stagectl.engine.report import Fact

Known = Mapping[str, Fact]


def written(device: str, verb: str, known: Known, news: Known, now: float) -> Iterator[Wrote]:
    """Yield what there is to say; of one that has just begun, nothing of the one before it."""
    begins = known.get(verb) is True
    path = news.get(f"{verb}.path", "" if begins else known.get(f"{verb}.path", ""))
    size, length = (
        0.0 if begins else _number(known.get(f"{verb}.{name}", 0.0))
        for name in ("bytes", "seconds")
    )
    if path or size:
        yield Wrote(at=now, device=device, verb=verb, path=str(path), bytes=size, seconds=length)


def came_late(
    device: str, verbs: Iterable[str], known: Known, news: Known, now: float
) -> Iterator[Wrote]:
    """Yield what comes after the start or the stop: the file's name, the last count of bytes."""
    for verb in verbs:
        counted = known.get(verb) is False and news.get(f"{verb}.bytes")
        if verb not in news and (counted or f"{verb}.path" in news):
            yield from written(device, verb, known, news, now)


def _number(fact: Fact) -> float:
    return 0.0 if isinstance(fact, str | bool) else float(fact)
