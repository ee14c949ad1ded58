"""A link with everything that can happen to one: bytes go to another port of this computer and back."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager


class Relay:
    """Listens on `port`; `carried` counts the bytes that have come from the tab, `cuts` the broken links.

    `piece`: how many bytes are passed on at once at most. `fuse`: how many bytes of the tab a new link
    carries before it is cut; None: it holds. `hold` and `let_flow`: nothing arrives any more, without a sign
    to either side, and then everything does.
    """

    def __init__(self, port: int, *, piece: int, fuse: Callable[[], int] | None) -> None:
        self.port = port
        self.carried = 0
        self.cuts = 0
        self._piece = piece
        self._fuse = fuse
        self._flows = asyncio.Event()
        self._flows.set()
        self._open: set[asyncio.StreamWriter] = set()

    def cut(self) -> int:
        """End all connections at once, without a word of goodbye; how many there were."""
        for writer in self._open:
            writer.transport.abort()
        return len(self._open) // 2

    def hold(self) -> None:
        self._flows.clear()

    def let_flow(self) -> None:
        self._flows.set()

    async def carry(self, target: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", target)
        pair = {writer, back}
        self._open |= pair
        left = None if self._fuse is None else self._fuse()
        try:
            async with asyncio.TaskGroup() as group:
                group.create_task(self._pump_from_tab(reader, back, pair, left))
                group.create_task(self._pump(there, writer))
        finally:
            self._open -= pair

    async def _pump_from_tab(
        self,
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        pair: set[asyncio.StreamWriter],
        left: int | None,
    ) -> None:
        try:
            while data := await reader.read(self._piece if left is None else min(self._piece, left)):
                await self._flows.wait()
                self.carried += len(data)
                writer.write(data)
                await writer.drain()
                if left is not None and (left := left - len(data)) == 0:
                    self.cuts += 1
                    for each in pair:
                        each.transport.abort()
                    return
        except ConnectionError:
            pass  # it was cut
        finally:
            writer.close()

    async def _pump(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(self._piece):
                await self._flows.wait()
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass  # it was cut
        finally:
            writer.close()


@asynccontextmanager
async def relay(
    target: int, *, port: int = 0, piece: int = 16_384, fuse: Callable[[], int] | None = None
) -> AsyncIterator[Relay]:
    """A relay to `target` while the context lasts."""
    running = Relay(0, piece=piece, fuse=fuse)
    server = await asyncio.start_server(
        lambda reader, writer: running.carry(target, reader, writer), "127.0.0.1", port
    )
    running.port = server.sockets[0].getsockname()[1]
    try:
        yield running
    finally:
        running.let_flow()
        running.cut()
        server.close()
