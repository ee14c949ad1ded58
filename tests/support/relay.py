"""A link that can be broken: bytes go to another port of this computer and back, until they are cut off."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Relay:
    """Listens on `port`; `carried` counts the bytes that have come from the tab."""

    def __init__(self, port: int) -> None:
        self.port = port
        self.carried = 0
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> int:
        """End all connections at once, without a word of goodbye; how many there were."""
        for writer in self._open:
            writer.transport.abort()
        return len(self._open) // 2

    async def carry(self, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", target)
        self._open |= {writer, back}
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump(reader, back, count=True))
                group.create_task(self._pump(there, writer))
        finally:
            self._open -= {writer, back}

    async def _pump(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, count: bool = False
    ) -> None:
        try:
            while data := await reader.read(16_384):
                self.carried += len(data) if count else 0
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # it was cut
        finally:
            writer.close()


@asynccontextmanager
async def relay(target: int) -> AsyncIterator[Relay]:
    """A relay to `target` while the context lasts."""
    running = Relay(0)
    server = await asyncio.start_server(
        lambda reader, writer: running.carry(target, reader, writer), "127.0.0.1", 0
    )
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        running.cut()
        server.close()
