"""The way of one request, in order: given a target, made ready, sent through a tab, parsed on its way back.

Everything here is core and ports; who fills the ports is decided in `cli/serve.py`.
"""

from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Final, Protocol

import msgspec

from lmarena_bridge.attaching import Attaching
from lmarena_bridge.core.chat.events import ChatEvent, Finished, Take
from lmarena_bridge.core.chat.patience import Patience
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.chat.sizes import check_size
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import BridgeError, HumanCheckRequired, RateLimited
from lmarena_bridge.core.site.attempts import Attempts, is_trouble
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.plan import Plan, Plans
from lmarena_bridge.core.site.pool import Situation
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES, REPORT_HEADERS, is_refusal, refusal
from lmarena_bridge.core.site.request import Moment
from lmarena_bridge.core.site.short_way import Passage, ShortWay
from lmarena_bridge.core.site.stream import StreamParser
from lmarena_bridge.core.site.target import Target
from lmarena_bridge.core.tabs.effects import Arrived, Completed, Delivery, FetchJob, Job, Opened

# Clients give up without a sign of life (clients.md 0.5); a site that has nothing to say at all is
# watched by the ledger, by the same measure.
_QUIET_SECONDS: Final = 10.0


class Deliveries(Protocol):
    """What a job gets back, in order: an iterator, and the two steps of which its own are made."""

    def __aiter__(self) -> AsyncIterator[Delivery]: ...
    async def __anext__(self) -> Delivery: ...

    def take(self) -> Delivery | None:
        """The next delivery, if it is here; raises what broke the job."""

    def arrival(self) -> Awaitable[None]:
        """To be waited for when nothing is here."""

    @property
    def is_ending(self) -> bool:
        """Whether Completed is next, and here."""
        ...

    def short_cut(self, passes: Callable[[bytes], bool]) -> None:
        """Offer bytes to `passes` first, whenever nothing is before them and the iterator is waited for."""


class Tabs(Protocol):
    """Whoever can have a job done by a browser tab."""

    @property
    def profiles(self) -> Collection[str]:
        """The browser profiles whose tabs may be given work now."""

    def run(self, job: Job) -> AbstractContextManager["Deliveries"]:
        """The job's deliveries, Completed last; raises TabError or SiteError. Leaving cancels the job."""

    def needs_attention(self, tab: str, message: str) -> None:
        """The site wants to see a person in this tab."""

    def troubled(self, tab: str, retry_after: float | None) -> None:
        """What came through this tab was no answer, and not because of what was asked."""

    def worked(self, tab: str) -> None:
        """An answer has begun to come through this tab."""


class Configs(Protocol):
    """Whoever knows the configuration."""

    @property
    def latest(self) -> Config:
        """The configuration of this moment; a request asks once and keeps what it got."""


@dataclass(frozen=True, slots=True)
class World:
    """What the core must not reach for itself: randomness and time."""

    new_id: Callable[[], str]
    pick: Callable[[int], int]
    # Seconds since the epoch: may jump.
    clock: Callable[[], float]
    # Seconds since some moment: never set back.
    steady: Callable[[], float]
    # The present moment as the site writes it: ISO 8601, UTC, milliseconds, Z.
    timestamp: Callable[[], str]


class Bridge:
    """One question in, the events of its answer out."""

    def __init__(
        self,
        *,
        tabs: Tabs,
        configs: Configs,
        world: World,
        health: SessionHealth,
        attaching: Attaching,
    ) -> None:
        self._tabs = tabs
        self._attaching = attaching
        self._configs = configs
        self._world = world
        self._health = health
        self._plans = Plans()
        self._situation = Situation(health, world.clock, lambda: tabs.profiles, world.pick)

    async def chat(self, request: ChatRequest, take: Take, way: ShortWay | None = None) -> None:
        """Give the answer to `take`, in batches of events as they come; return when it is complete.

        Raises BridgeError, at any point, and what `take` raises. Both, and being cancelled, stop the tab's
        fetch. What fails before the first event is tried once more where that makes sense; after it, never.
        What goes by `way` is in no batch.

        No generator, and none above it: three of them took 12,000 instructions of 930,000 for a short answer,
        and half a kilobyte of a silent one.
        """
        plan = self._plans.of(request.model, self._configs.latest)
        attempts = Attempts(plan.targets)
        target = attempts.first(self._situation)
        # Once for all attempts: they differ in their sessions, not in the model.
        attaching = self._attaching
        request = attaching.ready_at_once(request, plan) or await attaching.ready(request, target, plan)
        way = way or ShortWay()
        while True:
            attempt = _Attempt(target, attempts.login)
            try:
                job = self._job(request, attempt, plan)
                with self._health.at_work(target), self._tabs.run(job) as deliveries:
                    del job  # its body may be large, and its answer take long
                    reading = self._reading(target, deliveries, plan.settings, way)
                    while not reading.complete:
                        delivery = deliveries.take()
                        if delivery is None:
                            await deliveries.arrival()
                        elif type(delivery) is Opened:
                            attempt.tab, attempt.profile = delivery.tab, delivery.profile
                            await self._look(delivery, deliveries)
                        elif (events := reading.events(delivery)) is not None:
                            if events and not attempt.begun:
                                self._went_well(attempt)
                            attempt.giving = True
                            if (until := take(events)) is not None:
                                await until
                            attempt.giving = False
                            # What went wrong right after them is not kept until the next bytes come.
                            reading.parser.check()
                return
            except BridgeError as error:
                if not self._may_be_tried_again(attempt, error):
                    raise
                target = attempts.after(target, error, self._situation, attempt.profile)

    def _reading(
        self, target: Target, deliveries: Deliveries, settings: Settings, way: ShortWay
    ) -> "_Reading":
        parser = StreamParser(target.side)
        passage = Passage(way, parser)
        deliveries.short_cut(passage.short)
        steady = self._world.steady
        patience = Patience(steady(), quiet=_QUIET_SECONDS, longest=settings.answer_wait_seconds)
        return _Reading(parser, passage, patience, way, deliveries, steady)

    def _went_well(self, attempt: "_Attempt") -> None:
        attempt.begun = True
        self._health.worked(attempt.target)
        self._tabs.worked(attempt.tab)

    def _may_be_tried_again(self, attempt: "_Attempt", error: BridgeError) -> bool:
        """A tab that shows a human check gets no more work; one that gave no answer gets it last."""
        if attempt.giving:  # it is the error of whoever takes the answer
            return False
        if isinstance(error, HumanCheckRequired):
            self._tabs.needs_attention(attempt.tab, error.message)
        elif isinstance(error, RateLimited) or is_trouble(error):
            self._tabs.troubled(attempt.tab, error.retry_after)
        return not attempt.begun

    async def _look(self, opened: Opened, deliveries: AsyncIterator[Delivery]) -> None:
        """Raise what the site says instead of an answer, if it does."""
        if is_refusal(opened.status, opened.headers):
            body = await _first_bytes(deliveries)
            raise refusal(opened.status, opened.headers, body, now=self._world.clock())

    def _job(self, request: ChatRequest, attempt: "_Attempt", plan: Plan) -> FetchJob:
        new_id = self._world.new_id
        moment = Moment(new_id, self._world.timestamp())
        site_request = plan.builder(request, attempt.target, plan.settings, moment)
        check_size(request, len(site_request.body), plan.room)
        return FetchJob(
            id=new_id(),
            method=site_request.method,
            path=site_request.path,
            headers=site_request.headers,
            report=REPORT_HEADERS,
            body=site_request.body,
            profile=attempt.target.profile or attempt.login,
            client=request.client,
        )


class _Attempt(msgspec.Struct):
    """One session asked once. Through which tab is known when the response has begun.

    `begun`: events were given; `giving`: some are being taken.
    """

    target: Target
    login: str | None
    tab: str = ""
    profile: str | None = None
    begun: bool = False
    giving: bool = False


async def _first_bytes(deliveries: AsyncIterator[Delivery]) -> bytes:
    """As much of a refusal as is needed to understand it."""
    body = b""
    async for delivery in deliveries:
        if isinstance(delivery, Arrived):
            body += delivery.payload
        if len(body) >= MAX_REFUSAL_BYTES:
            break
    return body[:MAX_REFUSAL_BYTES]


class _Reading(msgspec.Struct):
    """What the deliveries of one attempt mean to the client."""

    parser: StreamParser
    passage: Passage
    patience: Patience
    way: ShortWay
    deliveries: Deliveries
    steady: Callable[[], float]
    # Whether the response has ended, and well.
    complete: bool = False

    def events(self, delivery: Delivery) -> Sequence[ChatEvent] | None:
        """None: nothing; no events: that it still takes time. Raises BridgeError."""
        if type(delivery) is Completed:
            self.complete = True
            return self.parser.close() or None
        now = self.steady()
        if type(delivery) is not Arrived:
            self.patience.heard(now)
            return ()
        events = self.passage.long(delivery.payload)
        if events and type(events[-1]) is Finished:
            self.way.is_last = self.deliveries.is_ending
        if events or self.passage.has_spoken():
            self.patience.heard(now)
            return events or None
        # The site is drawing and says so; the client would hear nothing.
        return () if self.patience.wants_sign(now) else None
