"""The server in figures, for whoever collects such (Prometheus and its kin): GET /metrics.

Counted are answers, when they end; everything else is looked up when somebody asks. No name of a client, no
address and no text is among the figures.
"""

from bisect import bisect_left
from collections import Counter as Tally
from collections.abc import Iterator
from itertools import accumulate
from typing import Final

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    InfoMetricFamily,
    Metric,
)
from prometheus_client.process_collector import ProcessCollector
from prometheus_client.registry import Collector

from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.server.board.asked import Asked
from lmarena_bridge.server.services import Services

# Seconds. Models think for minutes; the bridge itself takes a thousandth of the first.
_SECONDS: Final = (0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120, 300)


class Metrics:
    """All figures of one server."""

    def __init__(self, services: Services) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Present(services))
        self._answers = _Answers()
        self._registry.register(self._answers)

    def ended(self, asked: Asked) -> None:
        """One more answer."""
        self._answers.add(asked)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)


class _Buckets:
    """How often something took how long. The library's own take five times as long to be told."""

    def __init__(self, name: str, about: str) -> None:
        self._name = name
        self._about = about
        self._counts = [0] * (len(_SECONDS) + 1)
        self._sum = 0.0

    def add(self, seconds: float) -> None:
        self._counts[bisect_left(_SECONDS, seconds)] += 1
        self._sum += seconds

    def family(self) -> Metric:
        limits = (*(str(float(limit)) for limit in _SECONDS), "+Inf")
        buckets = list(zip(limits, accumulate(self._counts), strict=True))
        return HistogramMetricFamily(self._name, self._about, buckets=buckets, sum_value=self._sum)


class _Answers(Collector):
    """The answers that have ended."""

    def __init__(self) -> None:
        self._ended: Tally[str] = Tally()
        self._tokens = 0
        self._first = _Buckets(
            "lmarena_bridge_first_event_seconds", "From a request to the first of its answer."
        )
        self._whole = _Buckets("lmarena_bridge_answer_seconds", "From a request to the end of its answer.")

    def add(self, asked: Asked) -> None:
        self._ended["left" if asked.status is None else str(asked.status)] += 1
        self._tokens += asked.tokens or 0
        if asked.first is not None:
            self._first.add(asked.first)
        if asked.total is not None:
            self._whole.add(asked.total)

    def collect(self) -> Iterator[Metric]:
        ended = CounterMetricFamily(
            "lmarena_bridge_answers",
            "Answers that have ended, by HTTP status; left: the client did not wait.",
            labels=["status"],
        )
        for status, count in self._ended.items():
            ended.add_metric([status], count)
        yield ended
        yield CounterMetricFamily(
            "lmarena_bridge_answer_tokens", "Tokens of answers, counted or estimated.", value=self._tokens
        )
        yield self._first.family()
        yield self._whole.family()


class _Present(Collector):
    """What is so at the moment of asking."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def describe(self) -> Iterator[Metric]:
        """Nothing beforehand: registering must not look."""
        return iter(())

    def collect(self) -> Iterator[Metric]:
        services = self._services
        yield InfoMetricFamily("lmarena_bridge", "The program.", {"version": services.version})
        tabs = services.hub.tabs
        yield _by_state(
            "tabs",
            "LMArena tabs.",
            {
                "connected": sum(tab.connected for tab in tabs),
                "link_broken": sum(not tab.connected for tab in tabs),
                "needs_attention": sum(tab.attention is not None for tab in tabs),
            },
        )
        running = sum(tab.jobs for tab in tabs)
        yield _by_state(
            "jobs", "Site requests.", {"running": running, "waiting": services.hub.jobs - running}
        )
        views = session_views(services.configs.current(), services.health, services.world.clock())
        yield _by_state("sessions", "Captured sessions.", Tally(view.state for view in views))


def _by_state(name: str, about: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"lmarena_bridge_{name}", about, labels=["state"])
    for state, value in values.items():
        family.add_metric([state], value)
    return family
