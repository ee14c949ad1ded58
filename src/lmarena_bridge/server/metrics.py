"""The server in figures, for whoever collects such (Prometheus and its kin): GET /metrics.

Counted are answers, when they end; everything else is looked up when somebody asks. No name of a client, no
address and no text is among the figures.
"""

from collections import Counter
from collections.abc import Iterator

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
from lmarena_bridge.server.ended_answers import Durations, EndedAnswers
from lmarena_bridge.server.services import Services


class Metrics:
    """All figures of one server."""

    def __init__(self, services: Services, ended: EndedAnswers) -> None:
        self._registry = CollectorRegistry()
        ProcessCollector(registry=self._registry)
        self._registry.register(_Present(services))
        self._registry.register(_Past(ended))

    def text(self) -> bytes:
        """In Prometheus' text format."""
        return generate_latest(self._registry)


class _Past(Collector):
    """The answers that have ended."""

    def __init__(self, ended: EndedAnswers) -> None:
        self._ended = ended

    def collect(self) -> Iterator[Metric]:
        ended = self._ended
        answers = CounterMetricFamily(
            "lmarena_bridge_answers",
            "Answers that have ended, by HTTP status; left: the client did not wait.",
            labels=["status"],
        )
        for status, count in ended.count.items():
            answers.add_metric([status], count)
        yield answers
        yield CounterMetricFamily(
            "lmarena_bridge_answer_tokens", "Tokens of answers, counted or estimated.", value=ended.tokens
        )
        yield _how_long("first_event", "From a request to the first of its answer.", ended.first_event)
        yield _how_long("answer", "From a request to the end of its answer.", ended.whole)


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
        yield _by_state("sessions", "Captured sessions.", Counter(view.state for view in views))


def _by_state(name: str, about: str, values: dict[str, int]) -> Metric:
    family = GaugeMetricFamily(f"lmarena_bridge_{name}", about, labels=["state"])
    for state, value in values.items():
        family.add_metric([state], value)
    return family


def _how_long(name: str, about: str, took: Durations) -> Metric:
    return HistogramMetricFamily(
        f"lmarena_bridge_{name}_seconds", about, buckets=took.buckets(), sum_value=took.sum
    )
