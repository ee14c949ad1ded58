"""The way of one request, in order: given a target, made ready, sent through a tab, parsed on its way back.

Everything here is core and ports; who fills the ports is decided in `cli/serve.py`.
"""

from collections.abc import Callable, Collection, Coroutine
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Final, Protocol

import msgspec

from lmarena_bridge.attaching import Attaching
from lmarena_bridge.attempt import Attempt, Deliveries, Reading
from lmarena_bridge.core.chat.events import Take
from lmarena_bridge.core.chat.patience import Patience
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.chat.sizes import too_large
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import BridgeError, HumanCheckRequired, RateLimited
from lmarena_bridge.core.site.attempts import Attempts, is_trouble
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.plan import Plan, Plans
from lmarena_bridge.core.site.pool import Situation, choose_session
from lmarena_bridge.core.site.refusal import REPORT_HEADERS
from lmarena_bridge.core.site.short_way import Passage, ShortWay
from lmarena_bridge.core.site.stream import StreamParser
from lmarena_bridge.core.site.target import Target
from lmarena_bridge.core.tabs.effects import FetchJob, Job

# Clients give up without a sign of life (clients.md 0.5); a site that has nothing to say at all is
# watched by the ledger, by the same measure.
_QUIET_SECONDS: Final = 10.0


class Tabs(Protocol):
    """Whoever can have a job done by a browser tab."""

    @property
    def profiles(self) -> Collection[str]:
        """The browser profiles whose tabs may be given work now."""

    def run(self, job: Job) -> AbstractContextManager[Deliveries]:
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
        tabs: Tabs,
        configs: Configs,
        world: World,
        health: SessionHealth,
        attaching: Attaching,
        *,
        on_attempt: Callable[[str, str], None] = lambda *_: None,
    ) -> None:
        """`on_attempt` is told by which session and which job a tab is asked, each time but for `begin`."""
        self._tabs = tabs
        self._attaching = attaching
        self._configs = configs
        self._world = world
        self._health = health
        self._on_attempt = on_attempt
        self._plans = Plans()
        self._situation = Situation(health, world.clock, lambda: tabs.profiles, world.pick)

    def begin(self, request: ChatRequest) -> "Begun | None":
        """Have a tab asked now, if all that it takes is at hand; None: `chat` does it in its time.

        What is begun must be given, or left. Raises BridgeError.
        """
        at = self._world.steady()
        plan = self._plans.of(request.model, self._configs.latest)
        target = choose_session(request.model, plan.targets, self._situation)
        ready = self._attaching.ready_at_once(request, plan)
        return None if ready is None else self._begun(ready, plan, target, at)

    def chat(
        self, request: ChatRequest, take: Take, way: ShortWay | None = None
    ) -> Coroutine[Any, Any, None]:
        """Ask now, if all is at hand, and give the answer as `Begun.give` does. Raises BridgeError."""
        begun = self.begin(request)
        if begun is None:
            return self._ask_later(request, take, way)
        self._on_attempt(begun.session, begun.job)
        return begun.give(take, way)

    async def _ask_later(self, request: ChatRequest, take: Take, way: ShortWay | None) -> None:
        plan = self._plans.of(request.model, self._configs.latest)
        target = choose_session(request.model, plan.targets, self._situation)
        ready = await self._attaching.ready(request, target, plan)
        begun = self._begun(ready, plan, target, self._world.steady())
        del request, ready
        self._on_attempt(begun.session, begun.job)
        await begun.give(take, way)

    def reading(
        self, attempt: Attempt, deliveries: Deliveries, settings: Settings, take: Take, way: ShortWay
    ) -> Reading:
        """What an attempt's deliveries are read with."""
        parser, world = StreamParser(attempt.target.side), self._world
        passage = Passage(way, parser)
        deliveries.short_cut(passage.short)
        patience = Patience(world.steady(), quiet=_QUIET_SECONDS, longest=settings.answer_wait_seconds)
        return Reading(attempt, take, self._went_well, deliveries, parser, passage, patience, way, world)

    def _went_well(self, attempt: Attempt) -> None:
        self._health.worked(attempt.target)
        self._tabs.worked(attempt.tab)

    def ask_again(self, begun: "Begun", error: BridgeError) -> None:
        """Have a tab asked once more, after this error; raises it where that makes no sense."""
        failed = begun.attempt
        if not self._may_be_tried_again(failed, error):
            raise error
        target = begun.attempts.after(failed.target, error, self._situation, failed.profile)
        begun.attempt = self._attempt(begun.request, begun.plan, target, begun.attempts.login)
        begun.session, begun.job = target.session_id, begun.attempt.job
        self._on_attempt(begun.session, begun.job)

    def _may_be_tried_again(self, attempt: Attempt, error: BridgeError) -> bool:
        """A tab that shows a human check gets no more work; one that gave no answer gets it last."""
        if attempt.giving:  # it is the error of whoever takes the answer
            return False
        if isinstance(error, HumanCheckRequired):
            self._tabs.needs_attention(attempt.tab, error.message)
        elif isinstance(error, RateLimited) or is_trouble(error):
            self._tabs.troubled(attempt.tab, error.retry_after)
        return not attempt.begun

    def _begun(self, request: ChatRequest, plan: Plan, target: Target, at: float) -> "Begun":
        """`request`: made ready, once for all attempts: they differ in their sessions, not in the model."""
        attempt = self._attempt(request, plan, target)
        attempts = Attempts(plan.targets)
        return Begun(self, request, plan, attempts, attempt, at, target.session_id, attempt.job)

    def _attempt(self, request: ChatRequest, plan: Plan, target: Target, login: str | None = None) -> Attempt:
        """Have a tab asked, from now on. Raises TooLarge, Stopping."""
        world = self._world
        asked = plan.builders[target].build(request, world.new_id, world.timestamp())
        if len(asked.body) > plan.room.limit:
            raise too_large(request, len(asked.body), plan.room)
        job = FetchJob(
            id=world.new_id(),
            method=asked.method,
            path=asked.path,
            headers=asked.headers,
            report=REPORT_HEADERS,
            body=asked.body,
            profile=target.profile or login,
            client=request.client,
        )
        # The job itself is not kept: its body may be large, and its answer take long.
        return Attempt(target, job.id, self._tabs.run(job), self._health.at_work(target))


class Begun(msgspec.Struct):
    """An answer that a tab is asked for, since `at` by the steady clock."""

    bridge: Bridge
    request: ChatRequest
    plan: Plan
    attempts: Attempts
    attempt: Attempt
    at: float
    # The ids of the session that is asked and of the tab's job.
    session: str
    job: str

    async def give(self, take: Take, way: ShortWay | None = None) -> None:
        """Give the answer to `take`, in batches of events as they come; return when it is complete.

        Raises BridgeError, at any point, and what `take` raises. Both, and being cancelled, stop the tab's
        fetch. What fails before the first event is tried once more where that makes sense; after it, never.
        What goes by `way` is in no batch.

        No generator, and none above it: three of them took 12,000 instructions of 930,000 for a short answer,
        and half a kilobyte of a silent one.
        """
        way = way or ShortWay()
        while True:
            attempt = self.attempt
            try:
                with attempt.at_work, attempt.context as deliveries:
                    reading = self.bridge.reading(attempt, deliveries, self.plan.settings, take, way)
                    try:
                        while not reading.complete:
                            await deliveries.arrival(reading.push)
                            if (until := reading.left()) is not None:
                                await until
                                reading.taken()
                    except BaseException:
                        reading.leave()
                        raise
                return
            except BridgeError as error:
                self.bridge.ask_again(self, error)

    def leave(self) -> None:
        """Nobody wants the answer any more; before it was given."""
        with self.attempt.at_work, self.attempt.context:
            pass
