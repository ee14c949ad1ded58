"""The live picture of the server, to every page that looks.

A picture has named sections. Only what changed is sent, and a viewer that reads slowly has nothing piling up:
of each section just the latest waits for it, and of the log the latest lines.
"""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Callable, Mapping
from contextlib import suppress
from typing import Final

import msgspec

from lmarena_bridge.server.board.log_tail import KEPT_LINES, Line, LogTail

Look = Callable[[], Mapping[str, object]]

# How long after a change the next look comes at the earliest, and without one at the latest. In seconds.
_SOONEST: Final = 0.1
_LATEST: Final = 1.0
# A connection on which nothing is said is taken for broken by what stands in between.
_QUIET: Final = 15.0

_KEEP_ALIVE: Final = b": still here\n\n"


class Viewer:
    """One page that looks. What waits for it is bounded, however long it does not read."""

    def __init__(self) -> None:
        self._sections: dict[str, bytes] = {}
        self._lines: deque[object] = deque(maxlen=KEPT_LINES)
        self._wake = asyncio.Event()
        self._over = False

    def offer(self, name: str, data: bytes) -> None:
        """The latest of a section, instead of what still waits of it."""
        self._sections[name] = data
        self._wake.set()

    def tell(self, lines: list[Line]) -> None:
        """More lines of the log."""
        if lines:
            self._lines.extend(lines)
            self._wake.set()

    def end(self) -> None:
        self._over = True
        self._wake.set()

    async def records(self) -> AsyncGenerator[bytes, None]:
        """Records of an event stream: `event: SECTION`, `data: JSON`. Ends with the feed."""
        while not self._over:
            with suppress(TimeoutError):
                async with asyncio.timeout(_QUIET):
                    await self._wake.wait()
            self._wake.clear()
            yield self._taken() or _KEEP_ALIVE

    def _taken(self) -> bytes:
        records = [_record(name, data) for name, data in self._sections.items()]
        if self._lines:
            records.append(_record("log", msgspec.json.encode(list(self._lines))))
        self._sections.clear()
        self._lines.clear()
        return b"".join(records)


class Feed:
    """All viewers of one server. Looks only while somebody looks on."""

    def __init__(self, tail: LogTail) -> None:
        self._tail = tail
        self._viewers: set[Viewer] = set()
        self._last: dict[str, bytes] = {}
        self._told = 0
        self._changed = asyncio.Event()
        self._stopped = False

    @property
    def viewers(self) -> int:
        return len(self._viewers)

    def poke(self) -> None:
        """Something may have changed: look soon, if anybody does. On the event loop's thread."""
        if self._viewers:
            self._changed.set()

    def join(self) -> Viewer:
        """A viewer, who is told everything first. To be given back with `leave`."""
        viewer = Viewer()
        if self._stopped:
            viewer.end()
        elif not self._viewers:
            # Nobody looked so far: what was told last is old.
            self._last.clear()
            self._told = self._tail.last
        for name, data in self._last.items():
            viewer.offer(name, data)
        viewer.tell([line for line in self._tail.after(0) if line["number"] <= self._told])
        self._viewers.add(viewer)
        self.poke()
        return viewer

    def leave(self, viewer: Viewer) -> None:
        self._viewers.discard(viewer)

    def stop(self) -> None:
        """The server is shutting down: every stream ends."""
        self._stopped = True
        for viewer in self._viewers:
            viewer.end()

    async def run(self, look: Look) -> None:
        """Look again and again, until cancelled."""
        while True:
            with suppress(TimeoutError):
                async with asyncio.timeout(_LATEST):
                    await self._changed.wait()
            self._changed.clear()
            if self._viewers:
                self._publish(look())
            await asyncio.sleep(_SOONEST)

    def _publish(self, picture: Mapping[str, object]) -> None:
        for name, section in picture.items():
            data = msgspec.json.encode(section)
            if self._last.get(name) != data:
                self._last[name] = data
                for viewer in self._viewers:
                    viewer.offer(name, data)
        if lines := self._tail.after(self._told):
            self._told = self._tail.last
            for viewer in self._viewers:
                viewer.tell(lines)


def _record(name: str, data: bytes) -> bytes:
    return b"event: %s\ndata: %s\n\n" % (name.encode(), data)
