"""A connection of ours that is fed with bytes: no socket, no waiting, everything it does is looked at."""

import asyncio
import math
from collections.abc import Iterable
from typing import Any

import uvicorn
from uvicorn.server import ServerState

from lmarena_bridge.server.connection import Connection
from lmarena_bridge.server.port import Limits, Port
from lmarena_bridge.server.wire import App


class Wire(asyncio.Transport):
    """Keeps what is written."""

    def __init__(self) -> None:
        super().__init__({"peername": ("127.0.0.1", 50_000), "sockname": ("127.0.0.1", 5102)})
        self.written = b""
        self.is_paused = False
        self._is_closing = False

    def write(self, data: bytes | bytearray | memoryview) -> None:
        assert not self._is_closing
        self.written += data

    def is_closing(self) -> bool:
        return self._is_closing

    def close(self) -> None:
        self._is_closing = True

    def pause_reading(self) -> None:
        assert not self.is_paused
        self.is_paused = True

    def resume_reading(self) -> None:
        assert self.is_paused
        self.is_paused = False

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        raise AssertionError("no tab comes here")


def port(app: App, limits: Limits | None = None) -> Port:
    """For an application, without uvicorn's main loop."""
    config = uvicorn.Config(
        app, interface="asgi3", lifespan="off", log_config=None, ws="none", proxy_headers=False
    )
    config.load()
    return Port(config, ServerState(), asyncio.get_running_loop(), limits or Limits())


class Fed:
    """One connection to a port."""

    def __init__(self, port: Port) -> None:
        self.wire = Wire()
        self.connection = Connection(port)
        self.connection.connection_made(self.wire)

    async def feed(self, pieces: Iterable[bytes]) -> None:
        """Each is a read of its own, and the application has time behind it."""
        for piece in pieces:
            self.connection.data_received(piece)
            await settled()

    def lose(self) -> None:
        self.connection.connection_lost(None)

    def state(self) -> dict[str, Any]:
        """What is to be seen of it from outside."""
        return {
            "written": self.wire.written,
            "closing": self.wire.is_closing(),
            "paused": self.wire.is_paused,
            "watched": self.connection.looks_at != math.inf,
        }


async def settled() -> None:
    """Whatever can be done without waiting is done."""
    for _ in range(8):
        await asyncio.sleep(0)
