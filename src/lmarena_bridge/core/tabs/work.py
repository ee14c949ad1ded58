"""The jobs: a job waits in line until a tab takes it, runs as one stream of that tab, and ends exactly
once: Completed, Broken, or cancelled by its owner.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from lmarena_bridge.core.errors import BridgeError, Busy, Stopping, TabSilent
from lmarena_bridge.core.tabs.choice import choose_tab, nobody, willing
from lmarena_bridge.core.tabs.effects import (
    Broken,
    Deliver,
    Delivery,
    Effect,
    Job,
    Send,
    Waiting,
)
from lmarena_bridge.core.tabs.flow import Inflow
from lmarena_bridge.core.tabs.messages import Cancel, Credit, Release
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Stream, Tab, say


@dataclass(slots=True)
class Queued:
    """A job in line: since when, and when its owner was last told anything."""

    job: Job
    since: float
    told_at: float


@dataclass(slots=True)
class Running:
    """A job that a tab works on."""

    tab: Tab
    stream: Stream


class Work:
    """Who waits and who runs. A job is in exactly one of the two places."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._queue: dict[str, Queued] = {}
        self._running: dict[str, Running] = {}
        # Never used twice in a server's life, so that a late frame can only be of the stream it names.
        self._next_stream = 1
        self._stopping = False

    def __len__(self) -> int:
        return len(self._queue) + len(self._running)

    # -- the owner of a job speaks -------------------------------------------------------------------------

    def submit(self, job: Job, tabs: Sequence[Tab], now: float) -> list[Effect]:
        """Start a job, or put it in line. Raises Busy when the line is full, Stopping while shutting down."""
        if self._stopping:
            raise _stopping()
        self._queue[job.id] = Queued(job, now, now)
        effects = self.dispatch(tabs, now)
        if job.id in self._queue and len(self._queue) > self.rules.queue_limit:
            del self._queue[job.id]
            raise Busy(
                f"{len(self._queue)} requests are already waiting for a tab. Try again in a moment, or raise "
                "queue_limit in config.jsonc.",
                retry_after=5,
            )
        return effects

    def used(self, job: str, count: int) -> list[Effect]:
        """The owner has taken `count` bytes: time for new credit, perhaps."""
        running = self._running.get(job)
        if running is None:
            return []
        limit = running.stream.flow.use(count)
        return [] if limit is None else say(running.tab, Credit(running.stream.number, limit))

    def cancel(self, job: str) -> list[Effect]:
        """Idempotent; a job that has ended is none of our business any more."""
        self._queue.pop(job, None)
        running = self._running.pop(job, None)
        if running is None:
            return []
        del running.tab.streams[running.stream.number]
        return say(running.tab, Cancel(running.stream.number))

    # -- streams begin and end -----------------------------------------------------------------------------

    def dispatch(self, tabs: Sequence[Tab], now: float) -> list[Effect]:
        """Give what waits in line, in its order, to tabs that have room."""
        effects: list[Effect] = []
        for queued in tuple(self._queue.values()):
            tab = choose_tab(tabs, queued.job, self.rules, now)
            if tab is not None and tab.link is not None:
                del self._queue[queued.job.id]
                stream = self._start(tab, queued.job, now)
                effects += [Send(tab.link, frame) for frame in stream.commands(self.rules.window)]
        return effects

    def tell(self, stream: Stream, delivery: Delivery, now: float) -> list[Effect]:
        stream.told_at = now
        return [Deliver(stream.job.id, delivery)]

    def end(self, tab: Tab, stream: Stream, delivery: Delivery) -> list[Effect]:
        """The tab has said its last word on this stream."""
        self._remove(tab, stream)
        return [Deliver(stream.job.id, delivery), *say(tab, Release(stream.number))]

    def fail(self, tab: Tab, stream: Stream, error: BridgeError) -> list[Effect]:
        """The server gives the stream up; the tab shall stop fetching."""
        self._remove(tab, stream)
        return [Deliver(stream.job.id, Broken(error)), *say(tab, Cancel(stream.number))]

    def stop(self) -> list[Effect]:
        """Take no more jobs; those in line are told so, those that run go on."""
        self._stopping = True
        waiting, self._queue = self._queue, {}
        return [Deliver(job, Broken(_stopping())) for job in waiting]

    # -- time passes ---------------------------------------------------------------------------------------

    def tick(self, tabs: Sequence[Tab], now: float) -> list[Effect]:
        effects: list[Effect] = []
        for running in tuple(self._running.values()):
            effects += self._watch_running(running, now)
        for queued in tuple(self._queue.values()):
            effects += self._watch_queued(queued, tabs, now)
        return effects

    def _watch_running(self, running: Running, now: float) -> list[Effect]:
        stream = running.stream
        if stream.flow.blocked:  # it is the client who keeps everybody waiting
            stream.heard_at = now
        if now - stream.heard_at >= self.rules.answer_timeout:
            running.tab.rest(now)
            return self.fail(running.tab, stream, _silent(self.rules.answer_timeout))
        if now - stream.told_at >= self.rules.quiet:
            return self.tell(stream, Waiting(), now)
        return []

    def _watch_queued(self, queued: Queued, tabs: Sequence[Tab], now: float) -> list[Effect]:
        patience = self.rules.queue_timeout if willing(tabs, queued.job, self.rules) else self.rules.tab_wait
        if now - queued.since >= patience:
            del self._queue[queued.job.id]
            return [Deliver(queued.job.id, Broken(nobody(tabs, queued.job, self.rules)))]
        if now - queued.told_at >= self.rules.quiet:
            queued.told_at = now
            return [Deliver(queued.job.id, Waiting())]
        return []

    def _start(self, tab: Tab, job: Job, now: float) -> Stream:
        stream = Stream(self._next_stream, job, Inflow(self.rules.window), heard_at=now, told_at=now)
        self._next_stream += 1
        tab.streams[stream.number] = stream
        self._running[job.id] = Running(tab, stream)
        return stream

    def _remove(self, tab: Tab, stream: Stream) -> None:
        del tab.streams[stream.number]
        del self._running[stream.job.id]


def _stopping() -> Stopping:
    return Stopping("The bridge is shutting down. Try again when it runs again.", retry_after=5)


def _silent(seconds: float) -> TabSilent:
    return TabSilent(
        f"LMArena sent nothing for {seconds:.0f} s. Look at the tab: does the site ask for something? "
        "The time is stream_response_timeout_seconds in config.jsonc."
    )
