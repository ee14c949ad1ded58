"""One tab's WebSocket, as uvicorn's protocol class for upgrade requests.

uvicorn's own classes hand every frame through a queue and a task to an ASGI application, which costs more
than everything else we do with it (perf.md 3); here the hub is called straight from the socket's read. The
protocol itself is the `websockets` library's sans-IO one. permessage-deflate is declined: on loopback it
only burns time (perf.md 0.6).
"""

import asyncio
import logging
from collections.abc import Callable
from typing import Protocol, cast

from uvicorn.config import Config as UvicornConfig
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.frames import Frame, Opcode
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.errors import BridgeError, Forbidden
from lmarena_bridge.core.tabs.messages import MAX_DATA_BYTES, SUBPROTOCOL
from lmarena_bridge.server.wire import JSON, SAFE

# The largest frame of our script is a data frame; nothing bigger deserves memory.
_MAX_MESSAGE_BYTES = MAX_DATA_BYTES + 1024
_PATH = "/ws"
# The close code browsers use when the page goes away.
_GOING_AWAY = 1001

_log = logging.getLogger(__name__)


class Links(Protocol):
    """Whom a socket tells what happens to it."""

    def opened(self, socket: "TabSocket") -> int: ...
    def text(self, link: int, text: str) -> None: ...
    def data(self, link: int, frame: bytes) -> None: ...
    def lost(self, link: int, *, gone: bool) -> None: ...
    def drain(self) -> None: ...


# Why an upgrade request with these headers is refused; None: it is welcome.
UpgradeGuard = Callable[[Headers], BridgeError | None]


class TabSocket(asyncio.Protocol):
    """uvicorn makes one for each upgrade request and feeds it the request's bytes first."""

    def __init__(
        self,
        config: UvicornConfig,
        server_state: ServerState,
        app_state: object,
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        links: Links,
        guard: UpgradeGuard,
    ) -> None:
        self._links = links
        self._guard = guard
        self._connections = cast("set[object]", server_state.connections)
        self._protocol = ServerProtocol(
            subprotocols=[Subprotocol(SUBPROTOCOL)], max_size=_MAX_MESSAGE_BYTES, logger=_log
        )
        self._link: int | None = None
        self._fragments: list[bytes] = []
        self._opcode = Opcode.TEXT

    # -- asyncio's side ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        self._protocol.receive_data(data)
        for event in self._protocol.events_received():
            if isinstance(event, Frame):
                self._frame(event)
            elif isinstance(event, Request):
                self._upgrade(event)
        self._flush()
        if self._protocol.close_expected():
            self._transport.close()

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        if self._link is not None:
            received = self._protocol.close_rcvd
            gone = received is not None and received.code == _GOING_AWAY
            link, self._link = self._link, None
            self._links.lost(link, gone=gone)

    def shutdown(self) -> None:
        """uvicorn is stopping: the hub closes the tabs when the answers they carry have ended."""
        self._links.drain()

    # -- the hub's side ------------------------------------------------------------------------------------

    def send(self, frame: str | bytes) -> None:
        """Send a text or a binary frame; to a socket that is closing nothing is sent."""
        if self._link is None or self._protocol.close_sent is not None:
            return
        if isinstance(frame, str):
            self._protocol.send_text(frame.encode())
        else:
            self._protocol.send_binary(frame)
        self._flush()

    def close(self, code: int, reason: str) -> None:
        """Say why, and end the connection. Nothing that still comes from it is heard."""
        self._link = None
        if self._protocol.close_sent is None:
            self._protocol.send_close(code, reason.encode()[:120].decode(errors="ignore"))
        self._flush()
        self._transport.close()

    # -- frames --------------------------------------------------------------------------------------------

    def _upgrade(self, request: Request) -> None:
        refusal = self._guard(request.headers)
        if refusal is None and request.path != _PATH:
            refusal = Forbidden(f"Tabs connect at {_PATH}; there is no other socket.")
        if refusal is not None:
            self._protocol.send_response(self._refused(refusal))
            return
        response = self._protocol.accept(request)
        self._protocol.send_response(response)
        if response.status_code == 101:
            self._link = self._links.opened(self)

    def _refused(self, refusal: BridgeError) -> Response:
        response = self._protocol.reject(refusal.status, error_body(refusal).decode())
        del response.headers["Content-Type"]
        for name, value in (JSON, *SAFE):
            response.headers[name.decode()] = value.decode()
        return response

    def _frame(self, frame: Frame) -> None:
        if frame.opcode in (Opcode.TEXT, Opcode.BINARY):
            self._opcode = frame.opcode
            self._fragments = [bytes(frame.data)]
        elif frame.opcode is Opcode.CONT:
            self._fragments.append(bytes(frame.data))
        else:  # pings are answered and closes echoed by the protocol itself
            return
        if frame.fin:
            message, self._fragments = b"".join(self._fragments), []
            self._message(message)

    def _message(self, message: bytes) -> None:
        if self._link is None:
            return
        if self._opcode is Opcode.BINARY:
            self._links.data(self._link, message)
            return
        try:
            text = message.decode()
        except UnicodeDecodeError:
            self._protocol.fail(1007, "text that is not UTF-8")
        else:
            self._links.text(self._link, text)

    def _flush(self) -> None:
        data = b"".join(self._protocol.data_to_send())
        if data and not self._transport.is_closing():
            self._transport.write(data)
