"""The answers that have ended, in numbers: counted whether anybody asks for them (`/metrics`) or not."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping
from itertools import accumulate
from typing import Final

from lmarena_bridge.server.board.asked import Asked

# Seconds. Models think for minutes; the bridge itself takes a thousandth of the first.
_SECONDS: Final = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)
# In place of a status, of answers whose clients did not wait.
_LEFT: Final = "left"


class Durations:
    """How often something took how long. The library's own take five times as long to be told.

    `counts`: by the first of the limits that was not exceeded.
    """

    __slots__ = ("counts", "sum")

    def __init__(self) -> None:
        self.counts = [0] * (len(_SECONDS) + 1)
        self.sum = 0.0

    def buckets(self) -> list[tuple[str, float]]:
        """Pairs of a limit in seconds and how often it was not exceeded, as Prometheus has them."""
        limits = (*(str(float(limit)) for limit in _SECONDS), "+Inf")
        return list(zip(limits, accumulate(self.counts), strict=True))


class EndedAnswers:
    """Those of one server."""

    def __init__(self) -> None:
        self._by_status: Counter[int | None] = Counter()
        self.tokens = 0
        self.first_event = Durations()
        self.whole = Durations()

    @property
    def count(self) -> Mapping[str, int]:
        """By status, in words."""
        return {_LEFT if status is None else str(status): count for status, count in self._by_status.items()}

    def add(self, asked: Asked) -> None:
        """One more."""
        self._by_status[asked.status] += 1
        if (tokens := asked.tokens) is not None:
            self.tokens += tokens
        for durations, seconds in ((self.first_event, asked.first), (self.whole, asked.total)):
            if seconds is not None:
                durations.counts[bisect_left(_SECONDS, seconds)] += 1
                durations.sum += seconds
