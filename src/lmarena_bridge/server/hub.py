"""The tabs' sockets and the jobs' inboxes: tells the ledger what happens and does what it says."""

import asyncio
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

import structlog

from lmarena_bridge.core.tabs.effects import (
    CapturedPath,
    Close,
    Deliver,
    Effect,
    Job,
    Send,
    TabChanged,
)
from lmarena_bridge.core.tabs.ledger import TabLedger
from lmarena_bridge.core.tabs.messages import CLOSE_OUTDATED, CLOSE_SECRET, CLOSE_STOPPING, NUMBER_BYTES
from lmarena_bridge.core.tabs.tab import TabView
from lmarena_bridge.server.inbox import Inbox
from lmarena_bridge.server.socket import TabSocket

# The ledger's figures are whole seconds; finer steps would only cost.
_TICK_SECONDS = 1.0

# What a person must see to: nothing such a tab does by itself helps.
_REFUSALS = frozenset({CLOSE_SECRET, CLOSE_OUTDATED})

_log = structlog.get_logger(__name__)

Watcher = Callable[[TabChanged | CapturedPath], None]


class TabHub:
    """All tabs of this server. Everything happens on the event loop's thread.

    `clock` is monotonic, in seconds. `on_refusal` is told why a tab was sent away.
    """

    def __init__(
        self,
        ledger: TabLedger,
        *,
        clock: Callable[[], float],
        on_refusal: Callable[[str], None] = lambda _: None,
    ) -> None:
        self._ledger = ledger
        self._clock = clock
        # What happens counts from the next look of the ledger: then nothing is given up before its time, and
        # nobody looks at the clock for each piece of each answer.
        self._now = clock() + _TICK_SECONDS
        self._on_refusal = on_refusal
        self._sockets: dict[int, TabSocket] = {}
        self._inboxes: dict[str, Inbox] = {}
        self._watchers: set[Watcher] = set()
        self._next_link = 1
        self._draining = False
        self._loop: asyncio.AbstractEventLoop | None = None
        # Nobody waits for an answer any more.
        self._quiet = asyncio.Event()

    # -- what sockets say (server/socket.py Links) ----------------------------------------------------------

    def opened(self, socket: TabSocket) -> int:
        link = self._next_link
        self._next_link += 1
        self._sockets[link] = socket
        self._perform(self._ledger.opened(link, self._now))
        return link

    def heard(self, link: int, frames: Sequence[str | bytes]) -> None:
        alone = 0 if isinstance(frames[0], str) else self._written_alone(link, frames)
        if alone < len(frames):
            self._perform(self._ledger.heard(link, frames[alone:] if alone else frames, self._now))

    def _written_alone(self, link: int, frames: Sequence[str | bytes]) -> int:
        """With how many frames of different answers, that came in one read, is done as if each came alone.

        Else the first of them were written when all are read, half as late again: of 64 streams with 50
        pieces a second, three of five pieces come so. Not the pieces of a burst, which are one write, nor
        what comes right before the end of its answer.
        """
        for at, frame in enumerate(frames):
            following = frames[at + 1] if at + 1 < len(frames) else b""
            if isinstance(frame, str) or isinstance(following, str):
                return at
            if frame[:NUMBER_BYTES] == following[:NUMBER_BYTES] or not self.continued(link, frame):
                return at
        return len(frames)

    def continued(self, link: int, frame: bytes) -> bool:
        """A data frame that came alone; False: it must be `heard`."""
        told = self._ledger.continued(link, frame, self._now)
        if told is None:
            return False
        job, payload = told
        if (inbox := self._inboxes.get(job)) is not None:
            inbox.put_bytes(payload)
        return True

    def lost(self, link: int, *, gone: bool) -> None:
        if self._sockets.pop(link, None) is not None:
            self._perform(self._ledger.lost(link, self._now, gone=gone))

    def drain(self) -> None:
        """Take no more work; the tabs are let go when the answers they carry have ended."""
        if not self._draining:
            self._draining = True
            self._perform(self._ledger.stop())
        self._let_go()

    async def drained(self, within: float) -> None:
        """Take no more work, and return when nobody waits for an answer any more, at the latest in time."""
        self.drain()
        with suppress(TimeoutError):
            async with asyncio.timeout(within):
                await self._quiet.wait()

    # -- what the rest of the server asks -------------------------------------------------------------------

    @property
    def tabs(self) -> tuple[TabView, ...]:
        return self._ledger.tabs()

    @property
    def profiles(self) -> frozenset[str]:
        """The browser profiles whose tabs may be given work."""
        return self._ledger.profiles()

    @property
    def jobs(self) -> int:
        return self._ledger.jobs

    def tab_of(self, job: str) -> str | None:
        """The tab that works on a job, or has done so and is still listened to."""
        inbox = self._inboxes.get(job)
        return inbox.tab if inbox is not None and inbox.tab is not None else self._ledger.tab_of(job)

    def run(self, job: Job) -> Inbox:
        """Have a tab do a job, from now on: its deliveries, up to Completed, raising what broke it.

        Leaving the context early cancels the job, and the tab's fetch with it. Raises Stopping.
        """
        # The tab is told of a quarter of the window at a time: less than half of that need not be told here.
        share = self._ledger.rules.window // 8
        inbox = self._inboxes[job.id] = Inbox(job.id, self, share, self._loop)
        try:
            self._perform(self._ledger.submit(job, self._now))
        except BaseException:
            self.left(job.id)
            raise
        return inbox

    # -- what inboxes say (server/inbox.py Jobs) ------------------------------------------------------------

    def used(self, job: str, count: int) -> None:
        self._perform(self._ledger.used(job, count))

    def left(self, job: str) -> None:
        inbox = self._inboxes.pop(job)
        if not inbox.is_over and self._ledger.knows(job):
            self._perform(self._ledger.cancel(job, self._now))
        if self._draining:
            self._let_go()

    # -- what is known of tabs -----------------------------------------------------------------------------

    def needs_attention(self, tab: str, message: str) -> None:
        self._perform(self._ledger.needs_attention(tab, message))

    def attended(self, tab: str) -> None:
        self._perform(self._ledger.attended(tab, self._now))

    def troubled(self, tab: str, retry_after: float | None) -> None:
        self._perform(self._ledger.troubled(tab, self._now, retry_after))

    def worked(self, tab: str) -> None:
        self._ledger.worked(tab)

    def pair_anew(self, secret: str) -> None:
        """From now on tabs say this secret; those that are here must go."""
        self._perform(self._ledger.pair_anew(secret, self._now))

    def capture(self, pattern: str | None) -> None:
        self._perform(self._ledger.capture(pattern))

    def watch(self, watcher: Watcher) -> Callable[[], None]:
        """Be told of tabs that change and of captured paths; call the result to stop."""
        self._watchers.add(watcher)
        return lambda: self._watchers.discard(watcher)

    async def keep_time(self) -> None:
        """Let time pass for the ledger, until cancelled."""
        self._loop = asyncio.get_running_loop()
        while True:
            self._now = self._clock() + _TICK_SECONDS
            await asyncio.sleep(_TICK_SECONDS)
            self._perform(self._ledger.tick(self._clock()))

    # -- doing what the ledger says --------------------------------------------------------------------------

    def _perform(self, effects: Iterable[Effect]) -> None:
        for effect in effects:
            # By their types: that a struct is none of a kind takes `isinstance` three times as long to see.
            if type(effect) is Deliver:
                if (inbox := self._inboxes.get(effect.job)) is not None:
                    inbox.put(*effect.deliveries)
            elif type(effect) is Send:
                if (socket := self._sockets.get(effect.link)) is not None:
                    socket.send(effect.messages, can_wait=effect.can_wait)
            elif isinstance(effect, TabChanged | CapturedPath):
                self._notice(effect)
            elif isinstance(effect, Close):
                self._close(effect.link, effect.code, effect.reason)

    def _close(self, link: int, code: int, reason: str) -> None:
        _log.info("closed a tab's connection", code=code, reason=reason)
        if code in _REFUSALS:
            self._on_refusal(reason)
        socket = self._sockets.pop(link, None)
        if socket is not None:
            socket.close(code, reason)

    def _notice(self, event: TabChanged | CapturedPath) -> None:
        if isinstance(event, TabChanged):
            _log.info("tab", tab=event.tab[:8], what=event.what)
        for watcher in tuple(self._watchers):
            watcher(event)

    def _let_go(self) -> None:
        if self._inboxes:
            return
        self._quiet.set()
        for link, socket in tuple(self._sockets.items()):
            socket.close(CLOSE_STOPPING, "the bridge is shutting down")
            self.lost(link, gone=True)
