"""Capture: waiting for the person to click Retry on the answer whose session shall be used."""

import asyncio
from dataclasses import dataclass
from typing import Final

import structlog

from lmarena_bridge.core.errors import BridgeError, Busy, NoTab, Stopping, TabSilent
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.core.site.address import CAPTURE_PATTERN, CapturedIds, parse_captured
from lmarena_bridge.core.tabs.effects import CapturedPath, TabChanged
from lmarena_bridge.server.hub import TabHub

_BUSY: Final = Template(
    "capture.busy", "A capture is waiting for a click already. Finish it, or stop it with Ctrl-C."
)
_NO_CLICK: Final = Template(
    "capture.no.click",
    "Nobody clicked Retry within {seconds} s. A click counts when its new answer is complete: try again, and "
    "wait for it.",
)
_NO_TAB: Final = Template(
    "capture.no.tab",
    "No LMArena tab was connected, and none came within {seconds} s. Open https://lmarena.ai in the browser "
    "that has the LMArenaApiBridge userscript, then try again.",
)
_STOPPING: Final = Template("capture.stopping", "The bridge is shutting down; nothing was captured.")

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class CaptureState:
    """What a page shows of a capture: whether one waits, and what the last one brought.

    `last`: the ids that were clicked last; `count`: how many clicks there have been.
    """

    waiting: bool = False
    last: CapturedIds | None = None
    count: int = 0


@dataclass(frozen=True, slots=True)
class Click:
    """What was clicked, in which tab, of which browser profile."""

    ids: CapturedIds
    tab: str
    profile: str


class Capture:
    """One wait at a time. The tabs look out only while it lasts, however it ends."""

    def __init__(self, hub: TabHub) -> None:
        self._hub = hub
        self._click: asyncio.Future[Click] | None = None
        self._stopped = False
        self._last: CapturedIds | None = None
        self._count = 0

    @property
    def state(self) -> CaptureState:
        return CaptureState(self._click is not None, self._last, self._count)

    async def click(self, *, within: float) -> Click:
        """The first click in any tab, of now or of later. `within` in seconds.

        Raises Busy while another capture waits, NoTab or TabSilent when the time is over, Stopping.
        """
        if self._stopped:
            raise _stopping()
        if self._click is not None:
            raise Busy(_BUSY())
        self._click = asyncio.get_running_loop().create_future()
        forget = self._hub.watch(self._notice)
        self._hub.capture(CAPTURE_PATTERN)
        _log.info("capture: waiting for a click on Retry")
        try:
            async with asyncio.timeout(within):
                return await self._click
        except TimeoutError:
            raise self._nobody(within) from None
        finally:
            self._click = None
            forget()
            self._hub.capture(None)
            _log.info("capture: over")

    def stop(self) -> None:
        """The server is shutting down: nobody shall wait for a click any more."""
        self._stopped = True
        if self._click is not None and not self._click.done():
            self._click.set_exception(_stopping())

    def _notice(self, event: TabChanged | CapturedPath) -> None:
        if not isinstance(event, CapturedPath) or self._click is None or self._click.done():
            return
        ids = parse_captured(event.path)
        if ids is not None:
            self._last, self._count = ids, self._count + 1
            self._click.set_result(Click(ids, event.tab, event.profile))

    def _nobody(self, seconds: float) -> BridgeError:
        if any(tab.connected for tab in self._hub.tabs):
            return TabSilent(_NO_CLICK(seconds=f"{seconds:g}"))
        return NoTab(_NO_TAB(seconds=f"{seconds:g}"))


def _stopping() -> Stopping:
    return Stopping(_STOPPING())
