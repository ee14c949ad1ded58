"""What all connections of one port have in common."""

import asyncio
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE
from uvicorn.server import ServerState

from lmarena_bridge.server.familiar import Familiar
from lmarena_bridge.server.headers import lines
from lmarena_bridge.server.rounds import Rounds
from lmarena_bridge.server.wire import App, Header

_OK: Final = STATUS_LINE[200]
# Ours of a connection, and the computers at its ends.
Addresses = tuple[tuple[str, int | None] | None, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Limits:
    """`connections`: how many, tabs included, the server keeps at the same time.

    A body has `body_seconds`, and a second more for each `bytes_a_second` that came.
    """

    connections: int = 12_000
    header_seconds: float = 10.0
    header_bytes: int = 64 * 1024
    body_seconds: float = 20.0
    bytes_a_second: int = 64 * 1024


class Port:
    """uvicorn's own state, and ours. `sockets` makes the protocol of a WebSocket, if there are any."""

    __slots__ = (
        "_addresses",
        "_headers",
        "_ok",
        "app",
        "asgi",
        "config",
        "connections",
        "familiar",
        "idle_seconds",
        "limits",
        "loop",
        "root_path",
        "rounds",
        "sockets",
        "state",
        "tasks",
    )

    def __init__(
        self, config: Config, state: ServerState, loop: asyncio.AbstractEventLoop, limits: Limits
    ) -> None:
        self.config = config
        self.state = state
        self.loop = loop
        self.limits = limits
        # What uvicorn waits for when it is to stop.
        self.connections: set[Any] = state.connections
        self.tasks: set[Any] = state.tasks
        self.app: App = config.loaded_app
        self.asgi = {"version": config.asgi_version, "spec_version": "2.3"}
        self.root_path = config.root_path
        self.sockets: Any = config.ws_protocol_class
        self.idle_seconds = config.timeout_keep_alive
        self.rounds = Rounds(loop)
        self.familiar = Familiar()
        self._addresses: Addresses = (None, ("", ""))
        self._headers: list[Header] | None = None
        self._ok = b""

    def shared(self, addresses: Addresses) -> Addresses:
        """The same, as the last connection has them if they are equal: mostly they are."""
        if addresses != self._addresses:
            self._addresses = addresses
        return self._addresses

    @property
    def ok(self) -> bytes:
        """The first lines of each response with 200: the status, and uvicorn's own headers (the date)."""
        headers = self.state.default_headers  # another list every second
        if headers is not self._headers:
            self._headers = headers
            self._ok = _OK + lines(headers)
        return self._ok
