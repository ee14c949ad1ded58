"""The server in figures, for whoever collects such (Prometheus and its kin): GET /metrics.

Counted are answers, when they end; everything else is looked up when somebody asks. No name of a client, no
address and no text is among the figures.
"""

from collections import Counter as Tally
from collections.abc import Iterator
from typing import Final

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily, InfoMetricFamily, Metric
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
        self._answers = Counter(
            "lmarena_bridge_answers",
            "Answers that have ended, by HTTP status; left: the client did not wait.",
            ["status"],
            registry=self._registry,
        )
        self._tokens = Counter(
            "lmarena_bridge_answer_tokens",
            "Tokens of answers, counted or estimated.",
            registry=self._registry,
        )
        self._first = Histogram(
            "lmarena_bridge_first_event_seconds",
            "From a request to the first of its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )
        self._whole = Histogram(
            "lmarena_bridge_answer_seconds",
            "From a request to the end of its answer.",
            buckets=_SECONDS,
            registry=self._registry,
        )

    def ended(self, asked: Asked) -> None:
        """One more answer."""
        self._answers.labels("left" if asked.status is None else str(asked.status)).inc()
        self._tokens.inc(asked.tokens or 0)
        if asked.first is not None:
            self._first.observe(asked.first)
        if asked.total is not None:
            self._whole.observe(asked.total)

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)


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
