"""Which tabs are here and who works on what: the rules of docs/tab-protocol.md on the server's side.

Events come in, effects go out, nothing else happens. Links and greetings are the `Roster`'s, jobs are
`Work`'s; this file joins them: only the tab a stream belongs to can say anything about it, and a page that
goes takes its own jobs with it and nobody else's. `now` is any monotonic clock, in seconds.
"""

from collections.abc import Collection, Iterable, Sequence
from typing import Any, Final

from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.burst import Parcel, Word, read_parcels
from lmarena_bridge.core.tabs.choice import working
from lmarena_bridge.core.tabs.effects import (
    CapturedPath,
    Close,
    Deliver,
    Delivery,
    Effect,
    Job,
    TabChanged,
)
from lmarena_bridge.core.tabs.failure import lost_bytes
from lmarena_bridge.core.tabs.hearing import hear
from lmarena_bridge.core.tabs.messages import DATA_HEAD, MAX_DATA_BYTES
from lmarena_bridge.core.tabs.resuming import resume
from lmarena_bridge.core.tabs.roster import Roster
from lmarena_bridge.core.tabs.rules import Rules
from lmarena_bridge.core.tabs.tab import Stream, Tab, TabView, say, view
from lmarena_bridge.core.tabs.work import Work

_HEAD_BYTES: Final = DATA_HEAD.size
_READ_HEAD: Final = DATA_HEAD.unpack_from


class TabLedger:
    """`secret` is the pairing secret every tab must know, `version` this program's own."""

    def __init__(self, rules: Rules, *, secret: str, version: str) -> None:
        self._roster = Roster(secret=secret, version=version)
        self._work = Work(rules)

    @property
    def rules(self) -> Rules:
        return self._work.rules

    @rules.setter
    def rules(self, rules: Rules) -> None:
        self._work.rules = rules

    @property
    def jobs(self) -> int:
        """How many jobs run or wait."""
        return len(self._work)

    def tabs(self) -> tuple[TabView, ...]:
        """All tabs, oldest first."""
        return tuple(view(tab) for tab in self._roster.tabs.values())

    def tab_of(self, job: str) -> str | None:
        """The tab that works on a job, if one does."""
        return self._work.tab_of(job)

    def profiles(self) -> frozenset[str]:
        """The browser profiles whose tabs may be given work."""
        return frozenset(tab.hello.profile for tab in working(self._roster.tabs.values(), self.rules))

    # -- links ---------------------------------------------------------------------------------------------

    def pair_anew(self, secret: str, now: float) -> list[Effect]:
        """From now on this is the pairing secret. All tabs go: one of them may be who stole the old one."""
        effects: list[Effect] = [*self._roster.pair_anew(secret)]
        for tab in tuple(self._tabs):
            effects += self._leave(tab, "The pairing secret was renewed", now)
        return effects

    def opened(self, link: int, now: float) -> list[Effect]:
        """A WebSocket with a good Origin is open; its hello is still to come."""
        self._roster.opened(link, now)
        return []

    def lost(self, link: int, now: float, *, gone: bool) -> list[Effect]:
        """A WebSocket has ended. `gone`: the page itself is gone, so nothing of it will come back."""
        tab = self._roster.lost(link, now)
        if tab is None:
            return []
        if gone or not (tab.streams or tab.attention):
            return self._leave(tab, "The LMArena tab was closed or reloaded", now)
        return [TabChanged(tab.id, "lost its connection")]

    def heard(self, link: int, frames: Iterable[str | bytes], now: float) -> list[Effect]:
        """Text and binary frames have come, all those of one moment, in order."""
        effects: list[Effect] = []
        parcels: list[Parcel] = []
        tab = self._roster.heard(link, now)
        try:
            try:
                read_parcels(frames, parcels)
            finally:  # what came before a malformed message counts
                for number, words in parcels:
                    if tab is not None and (stream := tab.streams.get(number)) is not None:  # nearly always
                        self._of_stream(stream, words, effects, now)
                    else:
                        tab = self._of_tab(link, tab, words, effects, now)
        except m.MalformedMessage as error:
            effects += self._refuse(link, str(error), now)
        return effects

    def continued(self, link: int, frame: bytes, now: float) -> tuple[str, bytes] | None:
        """A data frame has come alone: the job and its bytes, if they are no more than what comes next.

        None: it was not noted, and must be `heard`. Nearly all pieces of a slow answer come like this; told
        so, such a piece takes 95 of Python's steps here instead of 300, and no effects.
        """
        known, size = self._roster.links.get(link), len(frame) - _HEAD_BYTES
        if known is None or known.tab is None or not 0 < size <= MAX_DATA_BYTES:
            return None
        number, offset = _READ_HEAD(frame)
        stream = known.tab.streams.get(number)
        if stream is None or not stream.opened or not stream.flow.advance(offset, size):
            return None
        known.heard_at = stream.heard_at = stream.told_at = now
        return stream.job, frame[_HEAD_BYTES:]

    # -- jobs ----------------------------------------------------------------------------------------------

    def submit(self, job: Job, now: float) -> list[Effect]:
        """Take a job on; it breaks at once when the line is full. Raises Stopping while shutting down."""
        return self._work.submit(job, self._roster.tabs.values(), now)

    def knows(self, job: str) -> bool:
        """Whether this job waits or runs."""
        return job in self._work.running or job in self._work.line.client_of

    def used(self, job: str, count: int) -> list[Effect]:
        """The job's owner has taken `count` bytes."""
        return self._work.used(job, count)

    def cancel(self, job: str, now: float) -> list[Effect]:
        """Nobody wants this job any more. Idempotent."""
        return [*self._work.cancel(job), *self._dispatch(now)]

    def needs_attention(self, tab_id: str, message: str) -> list[Effect]:
        """The site wants to see a person in this tab: no new work for it until they have been there."""
        tab = self._roster.tabs.get(tab_id)
        if tab is None:
            return []
        tab.attention = message
        return [TabChanged(tab.id, "needs attention"), *say(tab, m.Attention(message))]

    def attended(self, tab_id: str, now: float) -> list[Effect]:
        """The person has done what the site asked for in this tab."""
        tab = self._roster.tabs.get(tab_id)
        if tab is None or tab.attention is None:
            return []
        tab.attention = None
        return [TabChanged(tab.id, "was attended to"), *say(tab, m.Attention(None)), *self._dispatch(now)]

    def troubled(self, tab_id: str, now: float, retry_after: float | None = None) -> list[Effect]:
        """What came through this tab was no answer: the next jobs go to others, if there are any."""
        tab = self._roster.tabs.get(tab_id)
        if tab is None:
            return []
        tab.rest(now, retry_after)
        return [TabChanged(tab.id, f"rests for {tab.rests_until - now:.0f} s after a failure")]

    def worked(self, tab_id: str) -> None:
        """An answer came through this tab."""
        tab = self._roster.tabs.get(tab_id)
        if tab is not None and tab.strikes:
            tab.work_again()

    def capture(self, pattern: str | None) -> list[Effect]:
        """Have all tabs, present and future, look for the page's own requests; None: stop."""
        self._roster.capture = pattern
        return [effect for tab in self._roster.tabs.values() for effect in say(tab, m.Capture(pattern))]

    def stop(self) -> list[Effect]:
        """Take no more jobs; those in line are told so, those that run go on."""
        return self._work.stop()

    def tick(self, now: float) -> list[Effect]:
        """Time has passed: once a second is often enough."""
        effects: list[Effect] = []
        silent, pings = self._roster.heartbeat(self.rules, now)
        for close in silent:
            effects += [close, *self.lost(close.link, now, gone=False)]
        effects += pings
        for tab in self._roster.overdue(now, self.rules.resume_grace):
            effects += self._leave(tab, "The LMArena tab stopped answering and did not come back", now)
        return effects + self._work.tick(self._tabs, now)

    # -- what a tab says -----------------------------------------------------------------------------------

    def _of_stream(self, stream: Stream, words: Sequence[Word], effects: list[Effect], now: float) -> None:
        """What came of one stream at this moment, up to its end: one delivery for its job."""
        stream.heard_at = now
        told: list[Delivery] = []
        goodbye = hear(words, stream, told, now)
        if told:
            stream.told_at = now
            effects.append(Deliver(stream.job, told))
        if goodbye is not None:
            effects += self._work.end(stream, goodbye, self._roster.tabs.values(), now)

    def _of_tab(
        self, link: int, tab: Tab | None, words: Sequence[Any], effects: list[Effect], now: float
    ) -> Tab | None:
        """What a tab said of itself, or of a stream that has ended. The tab that is at the link then.

        Raises MalformedMessage.
        """
        for word in words:
            if isinstance(word, m.Hello):
                effects += self._hello(link, word, now)
                tab = self._roster.heard(link, now)
            elif tab is None or tab.link is None:  # not greeted yet, or gone with what it said last
                raise m.MalformedMessage("something was said before hello")
            else:
                effects += self._message(tab, word, now)
        return tab

    def _message(self, tab: Tab, message: Word | m.FromTab | m.Unknown, now: float) -> list[Effect]:
        match message:
            case m.State(visibility):
                tab.visibility = visibility
                return [TabChanged(tab.id, f"is {visibility}")]
            case m.Captured(path):
                return [CapturedPath(tab.id, tab.hello.profile, path)]
            case m.Attended():
                return self.attended(tab.id, now)
            case m.Bye():
                return self._leave(tab, "The LMArena tab was closed or reloaded", now)
            case m.Unknown(kind):
                return [TabChanged(tab.id, f"said something this version does not know: {kind!r}")]
            case _:  # Pong says no more than that it was heard; or late words of a job that has ended
                return []

    # -- tabs come and go ----------------------------------------------------------------------------------

    def _hello(self, link: int, hello: m.Hello, now: float) -> list[Effect]:
        tab, effects = self._roster.hello(link, hello, self.rules, now)
        if tab is None:
            return effects
        resumption = resume(tab, hello, link, now)
        broken: list[Effect] = []
        for stream in resumption.lost:
            broken += self._work.fail(stream, lost_bytes("the tab does not hold it any more"))
        welcome = self._roster.welcome(tab, tuple(resumption.goes_on))
        return [*effects, *welcome, *resumption.again, *broken, *self._dispatch(now)]

    def _leave(self, tab: Tab, why: str, now: float) -> list[Effect]:
        self._roster.forget(tab)
        effects: list[Effect] = [TabChanged(tab.id, "left")]
        error = TabLost(f"{why} while it was fetching this answer. Keep the tab open and try again.")
        for stream in tuple(tab.streams.values()):
            effects += self._work.fail(stream, error)
        return [*effects, *self._dispatch(now)]

    def _refuse(self, link: int, why: str, now: float) -> list[Effect]:
        return [Close(link, m.CLOSE_MALFORMED, why), *self.lost(link, now, gone=False)]

    def _dispatch(self, now: float) -> list[Effect]:
        """Something has changed: perhaps there is room for who waits in line."""
        return self._work.dispatch(self._tabs, now) if self._work.waits else []

    @property
    def _tabs(self) -> Collection[Tab]:
        return self._roster.tabs.values()
