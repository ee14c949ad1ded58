"""A connection's two directions, each held up while the other end of it cannot go on."""

import asyncio


class Flow(asyncio.Protocol):
    """`read_paused`: we do not take what the client sends; `write_paused`: it does not take what we send."""

    __slots__ = ("_writable", "read_paused", "transport", "write_paused")

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.read_paused = False
        self.write_paused = False
        # What is waited for while a client lags behind, made when one does: it takes 0.8 kB.
        self._writable: asyncio.Event | None = None

    def pause_writing(self) -> None:
        self.write_paused = True

    def resume_writing(self) -> None:
        self.write_paused = False
        if self._writable is not None:
            self._writable.set()
            self._writable = None

    def pause_reading(self) -> None:
        if not self.read_paused:
            self.read_paused = True
            self.transport.pause_reading()

    def resume_reading(self) -> None:
        if self.read_paused:
            self.read_paused = False
            self.transport.resume_reading()

    async def drained(self) -> None:
        """Return when the client keeps up."""
        while self.write_paused:
            self._writable = self._writable or asyncio.Event()
            await self._writable.wait()
