"""Says where the event loop is stuck, when it is: nobody else could, for everything waits for it."""

import asyncio
import sys
import threading
import time
import traceback
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from typing import Final

import structlog

from lmarena_bridge.server.beside import beside

_LOOK_SECONDS: Final = 0.5

_log = structlog.get_logger(__name__)


class _LoopWatch:
    """A thread that listens to the loop's heart."""

    def __init__(self, patience: float) -> None:
        self._patience = patience
        # The heart beats, and is listened to, much more often than it may pause.
        self._look = min(_LOOK_SECONDS, patience / 4)
        self._watched = threading.get_ident()
        self._beat_at = time.monotonic()
        self._stopped = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="loop watch", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        self._stopped.set()
        self._thread.join()

    async def beat(self) -> None:
        while True:
            self._beat_at = time.monotonic()
            await asyncio.sleep(self._look)

    def _watch(self) -> None:
        stuck_since, looked_at = None, time.monotonic()
        while not self._stopped.wait(self._look):
            before, looked_at = looked_at, time.monotonic()
            if looked_at - before > 2 * self._look + self._patience:
                continue  # the whole process was asleep, this thread as well
            if looked_at - self._beat_at < self._patience:
                if stuck_since is not None:
                    _log.warning("the event loop goes on", stuck_seconds=round(looked_at - stuck_since, 1))
                stuck_since = None
            elif stuck_since is None:
                stuck_since = self._beat_at
                _log.error(
                    "the event loop is stuck: all answers wait for the code below", stack=self._stack()
                )

    def _stack(self) -> str:
        frame = sys._current_frames().get(self._watched)
        return "".join(traceback.format_stack(frame)) if frame else "(gone)"


@asynccontextmanager
async def loop_watched(patience: float = 2.0) -> AsyncGenerator[None, None]:
    """Log the stack of whatever keeps this event loop from turning for `patience` seconds; once each time."""
    watch = _LoopWatch(patience)
    watch.start()
    try:
        async with beside(watch.beat()):
            yield
    finally:
        watch.stop()
