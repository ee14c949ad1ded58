"""Who is in: the open connections of one listener and the requests being answered."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Protocol

from starlette.types import ASGIApp

# Seconds a connection may take to say goodbye before it is cut.
_PATIENCE = 0.3


class Connection(Protocol):
    """What the house does to a connection when it closes."""

    def shut(self) -> None: ...

    def abort(self) -> None: ...


class House:
    """All connections and running exchanges of one listener; connections tell it when they come and go."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app
        self._connections: set[Connection] = set()
        # Held here and awaited in `close`; a TaskGroup would wrap the errors of whoever uses the listener.
        self._exchanges: set[asyncio.Task[None]] = set()
        self._empty = asyncio.Event()
        self._empty.set()

    def opened(self, connection: Connection) -> None:
        self._connections.add(connection)
        self._empty.clear()

    def closed(self, connection: Connection) -> None:
        self._connections.discard(connection)
        if not self._connections:
            self._empty.set()

    def spawn(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._exchanges.add(task)
        task.add_done_callback(self._exchanges.discard)

    async def close(self) -> None:
        """End every exchange, say goodbye on every connection, cut those that do not answer."""
        for task in self._exchanges:
            task.cancel()
        await asyncio.gather(*self._exchanges, return_exceptions=True)
        for connection in list(self._connections):
            connection.shut()
        try:
            await asyncio.wait_for(self._empty.wait(), _PATIENCE)
        except TimeoutError:
            for connection in list(self._connections):
                connection.abort()
            await self._empty.wait()
