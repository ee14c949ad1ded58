"""The jobs: a job waits in line until a tab takes it, runs as one stream of that tab, and ends exactly
once: Completed, Broken, or cancelled by its owner.
"""

from collections.abc import Collection

from lmarena_bridge.core.errors import BridgeError, Busy, Stopping, TabSilent
from lmarena_bridge.core.tabs.choice import choose_tab, nobody, willing, with_room
from lmarena_bridge.core.tabs.effects import (
    Broken,
    Deliver,
    Effect,
    Job,
    Waiting,
)
from lmarena_bridge.core.tabs.flow import Inflow
from lmarena_bridge.core.tabs.line import Line, Queued
from lmarena_bridge.core.tabs.messages import Cancel, Credit, Release
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Stream, Tab, commands, say


class Work:
    """Who waits and who runs. A job is in exactly one of the two places."""

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self.line = Line()
        self.running: dict[str, Stream] = {}
        # Never used twice in a server's life, so that a late frame can only be of the stream it names.
        self._next_stream = 1
        self._stopping = False

    def __len__(self) -> int:
        return len(self.line) + len(self.running)

    @property
    def waits(self) -> bool:
        """Whether there is anybody in line."""
        return bool(self.line.client_of)

    def tab_of(self, job: str) -> str | None:
        """The tab that works on a job; None while it waits for one, and when it has ended."""
        stream = self.running.get(job)
        return stream.tab.id if stream else None

    # -- the owner of a job speaks -------------------------------------------------------------------------

    def submit(self, job: Job, tabs: Collection[Tab], now: float) -> list[Effect]:
        """Start a job or put it in line; it breaks at once when that is full. Raises Stopping at the end."""
        if self._stopping:
            raise _stopping()
        rules = self.rules
        if not (self.line.client_of or (rules.jobs_per_client and self._has_enough(job.client))):
            tab = choose_tab(tabs, job, rules, now)
            if tab is not None:
                return self._start(tab, job, now)
        self.line.add(Queued(job, now, now))
        effects = self.dispatch(tabs, now)
        return effects + self._keep_short(job) if job.id in self.line else effects

    def _keep_short(self, job: Job) -> list[Effect]:
        """One has come to the line: when it is too long, whoever takes most of it gives up the last place."""
        own, limit = self.line.of(job.client), self.rules.queue_limit_per_client
        if limit and own > limit:
            return self._turn_away(
                job.id, _full(own - 1, "requests of this API key are", "queue_limit_per_key")
            )
        if len(self.line) > self.rules.queue_limit:
            longest = self.line.last_of_longest(than=job.client)
            refused = job.id if longest is None else longest.job.id
            return self._turn_away(refused, _full(len(self.line) - 1, "requests are", "queue_limit"))
        return []

    def _turn_away(self, job: str, error: BridgeError) -> list[Effect]:
        self.line.remove(job)
        return [Deliver(job, (Broken(error),))]

    def used(self, job: str, count: int) -> list[Effect]:
        """The owner has taken `count` bytes: time for new credit, perhaps."""
        stream = self.running.get(job)
        if stream is None:
            return []
        limit = stream.flow.use(count)
        return [] if limit is None else say(stream.tab, Credit(stream.number, limit))

    def cancel(self, job: str) -> list[Effect]:
        """Idempotent; a job that has ended is none of our business any more."""
        stream = self.running.get(job)
        if stream is None:
            self.line.remove(job)
            return []
        self._remove(stream)
        return say(stream.tab, Cancel(stream.number))

    # -- streams begin and end -----------------------------------------------------------------------------

    def dispatch(self, tabs: Collection[Tab], now: float) -> list[Effect]:
        """Give what waits in line, the clients in turn, to tabs that have room."""
        effects: list[Effect] = []
        # The logins without room: not asked again for each of the jobs that wait for them.
        full: set[str | None] = set()

        def place(job: Job) -> Tab | None:
            if job.profile in full or self._has_enough(job.client):
                return None
            tab = choose_tab(free, job, self.rules, now)
            if tab is None:
                full.add(job.profile)
            return tab

        while self.waits and (free := with_room(tabs, self.rules)) and (found := self.line.next(place)):
            queued, tab = found
            effects += self._start(tab, queued.job, now)
        return effects

    def _has_enough(self, client: str) -> bool:
        limit = self.rules.jobs_per_client
        return bool(limit) and limit <= sum(each.client == client for each in self.running.values())

    def end(
        self, stream: Stream, goodbye: Release | Cancel, tabs: Collection[Tab], now: float
    ) -> list[Effect]:
        """The last word on this stream has been said: there may be room for who waits in line."""
        self._remove(stream)
        effects = say(stream.tab, goodbye, can_wait=type(goodbye) is Release)
        return effects + self.dispatch(tabs, now) if self.line.client_of else effects

    def fail(self, stream: Stream, error: BridgeError) -> list[Effect]:
        """The server gives the stream up; the tab shall stop fetching."""
        self._remove(stream)
        return [Deliver(stream.job, (Broken(error),)), *say(stream.tab, Cancel(stream.number))]

    def stop(self) -> list[Effect]:
        """Take no more jobs; those in line are told so, those that run go on."""
        self._stopping = True
        waiting, self.line = self.line, Line()
        return [Deliver(queued.job.id, (Broken(_stopping()),)) for queued in waiting]

    # -- time passes ---------------------------------------------------------------------------------------

    def tick(self, tabs: Collection[Tab], now: float) -> list[Effect]:
        effects: list[Effect] = []
        for stream in tuple(self.running.values()):
            effects += self._watch_running(stream, now)
        for queued in self.line:
            effects += self._watch_queued(queued, tabs, now)
        return effects

    def _watch_running(self, stream: Stream, now: float) -> list[Effect]:
        if stream.flow.blocked:  # it is the client who keeps everybody waiting
            stream.heard_at = now
        if now - stream.heard_at >= self.rules.answer_timeout:
            stream.tab.rest(now)
            return self.fail(stream, _silent(self.rules.answer_timeout))
        if now - stream.told_at >= self.rules.quiet:
            return [stream.tell(Waiting(), now)]
        return []

    def _watch_queued(self, queued: Queued, tabs: Collection[Tab], now: float) -> list[Effect]:
        patience = self.rules.queue_timeout if willing(tabs, queued.job, self.rules) else self.rules.tab_wait
        if now - queued.since >= patience:
            return self._turn_away(queued.job.id, self._why_not(queued.job, tabs))
        if now - queued.told_at >= self.rules.quiet:
            queued.told_at = now
            return [Deliver(queued.job.id, (Waiting(),))]
        return []

    def _why_not(self, job: Job, tabs: Collection[Tab]) -> BridgeError:
        if not self._has_enough(job.client):
            return nobody(tabs, job, self.rules)
        return Busy(
            f"This API key already gets {self.rules.jobs_per_client} answers at the same time. Try again "
            "when one of them has ended, or raise jobs_per_key in config.jsonc.",
            retry_after=5,
        )

    def _start(self, tab: Tab, job: Job, now: float) -> list[Effect]:
        number, window = self._next_stream, self.rules.window
        self._next_stream = number + 1
        stream = Stream(tab, number, job.id, job.client, job, Inflow(window, window), now, now)
        tab.streams[number] = self.running[job.id] = stream
        return say(tab, *commands(number, job, window))

    def _remove(self, stream: Stream) -> None:
        del stream.tab.streams[stream.number]
        del self.running[stream.job]


def _full(waiting: int, whose: str, setting: str) -> Busy:
    return Busy(
        f"{waiting} {whose} already waiting for a tab. Try again in a moment, or raise {setting} in "
        "config.jsonc.",
        retry_after=5,
    )


def _stopping() -> Stopping:
    return Stopping("The bridge is shutting down. Try again when it runs again.", retry_after=5)


def _silent(seconds: float) -> TabSilent:
    return TabSilent(
        f"LMArena sent nothing for {seconds:.0f} s. Look at the tab: does the site ask for something? "
        "The time is stream_response_timeout_seconds in config.jsonc."
    )
