"""One tab's WebSocket, as uvicorn's protocol class for upgrade requests.

uvicorn's own classes hand every frame through a queue and a task to an ASGI application, which costs more
than everything else we do with it (perf.md 3); here the hub is called straight from the socket's read, once
for all data frames of that read. The handshake is the `websockets` library's, the frames are our own
(`server/frames.py`). permessage-deflate is declined: on loopback it only burns time (perf.md 0.6).
"""

import asyncio
import logging
from collections.abc import Callable, Sequence
from typing import Any, Final, Protocol, cast

import msgspec
from uvicorn.config import Config as UvicornConfig
from uvicorn.server import ServerState
from websockets.datastructures import Headers
from websockets.http11 import Request, Response
from websockets.server import ServerProtocol
from websockets.typing import Subprotocol

from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.errors import BridgeError, Forbidden
from lmarena_bridge.core.tabs.messages import MAX_DATA_BYTES, SUBPROTOCOL
from lmarena_bridge.server.frames import (
    Closed,
    FrameError,
    FrameReader,
    Message,
    Ping,
)
from lmarena_bridge.server.framing import close, framed, pong
from lmarena_bridge.server.wire import JSON, SAFE

# The largest frame of our script is a data frame; nothing bigger deserves memory.
_MAX_MESSAGE_BYTES = MAX_DATA_BYTES + 1024
_PATH = "/ws"
# How long a message that can wait does so at most.
_LATE_SECONDS: Final = 0.05
# The close code browsers use when the page goes away.
_GOING_AWAY = 1001

_log = logging.getLogger(__name__)


class Links(Protocol):
    """Whom a socket tells what happens to it."""

    def opened(self, socket: "TabSocket") -> int: ...
    def continued(self, link: int, frame: bytes) -> bool:
        """A binary message that came alone; False: it must be told as `heard`."""

    def heard(self, link: int, frames: Sequence[str | bytes]) -> None: ...
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
        self._handshake: ServerProtocol | None = ServerProtocol(
            subprotocols=[Subprotocol(SUBPROTOCOL)], logger=_log
        )
        self._reader = FrameReader(_MAX_MESSAGE_BYTES)
        self._link: int | None = None
        self._close_sent = False
        self._page_gone = False
        # Frames that may wait for the next write, and whether a write is set for them.
        self._late: list[bytes] = []
        self._awaited = False
        # Whether something was written in this turn of the loop, and something else is to be at its end.
        self._has_written = False
        self._has_more = False

    # -- asyncio's side ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        # Asked once: each time it is, Python asks the system which process this is.
        self._loop = asyncio.get_running_loop()
        self._connections.add(self)

    def data_received(self, data: bytes) -> None:
        link = self._link
        if link is not None and (frame := self._reader.alone(data)) is not None:
            if self._links.continued(link, frame):
                return
        elif self._handshake is not None:
            self._shake_hands(self._handshake, data)
            return
        # Whatever they are, said plainly: a `cast` is a call, for each piece of each answer.
        messages: list[Any] = []
        try:
            self._reader.feed(data, messages)
        except FrameError as error:
            self._hear(messages)
            self._say_goodbye(error.code, error.reason)
            return
        if self._reader.controlled:
            self._hear(messages)
        elif messages and link is not None:  # nearly always
            self._links.heard(link, messages)

    def connection_lost(self, exc: Exception | None) -> None:
        self._connections.discard(self)
        if self._link is not None:
            link, self._link = self._link, None
            self._links.lost(link, gone=self._page_gone)

    def shutdown(self) -> None:
        """uvicorn is stopping: the hub closes the tabs when the answers they carry have ended."""
        self._links.drain()

    # -- the hub's side ------------------------------------------------------------------------------------

    def send(self, messages: Sequence[str | bytes | msgspec.Struct], *, can_wait: bool = False) -> None:
        """Send text (structs as JSON) and binary messages; to a socket that is closing nothing is sent.

        What can wait goes with the next message, or a moment later: a write costs more than what it says.
        So of what is sent in one turn of the loop, all but the first goes in one write: clients that ask at
        the same time are heard in the same turn.
        """
        if self._link is None or self._close_sent:
            return
        self._late += framed(messages)
        if can_wait:
            if not self._awaited:
                self._awaited = True
                self._loop.call_later(_LATE_SECONDS, self._send_late)
        elif self._has_written:
            self._has_more = True
        else:
            self._has_written = True
            self._write_all()
            self._loop.call_soon(self._end_turn)

    def _send_late(self) -> None:
        self._awaited = False
        if self._late:
            self.send(())

    def _end_turn(self) -> None:
        self._has_written = False
        if self._has_more and not self._close_sent:
            self._write_all()

    def _write_all(self) -> None:
        self._has_more = False
        late, self._late = self._late, []
        if not self._transport.is_closing():
            self._transport.writelines(late)

    def close(self, code: int, reason: str) -> None:
        """Say why, and end the connection. Nothing that still comes from it is heard."""
        self._link = None
        self._say_goodbye(code, reason)

    # -- frames --------------------------------------------------------------------------------------------

    def _shake_hands(self, handshake: ServerProtocol, data: bytes) -> None:
        handshake.receive_data(data)
        for event in handshake.events_received():
            if isinstance(event, Request):
                self._upgrade(handshake, event)
        if self._handshake is not None:
            self._write(handshake.data_to_send())
            if handshake.close_expected():
                self._transport.close()

    def _upgrade(self, handshake: ServerProtocol, request: Request) -> None:
        refusal = self._guard(request.headers)
        if refusal is None and request.path != _PATH:
            refusal = Forbidden(f"Tabs connect at {_PATH}; there is no other socket.")
        if refusal is not None:
            handshake.send_response(_refused(handshake, refusal))
            return
        response = handshake.accept(request)
        handshake.send_response(response)
        if response.status_code == 101:
            self._write(handshake.data_to_send())
            self._handshake = None
            self._link = self._links.opened(self)

    def _hear(self, messages: Sequence[Message]) -> None:
        """Tell the hub, in order, what lies between words that are the connection's own."""
        heard: list[str | bytes] = []
        for message in messages:
            match message:
                case str() | bytes():
                    heard.append(message)
                case Ping():
                    if not self._close_sent:
                        self._write([pong(message)])
                case Closed(code, reason):
                    self._tell(heard)
                    heard = []
                    self._page_gone = code == _GOING_AWAY
                    self._say_goodbye(code, reason)
        self._tell(heard)

    def _tell(self, heard: Sequence[str | bytes]) -> None:
        if heard and self._link is not None:
            self._links.heard(self._link, heard)

    def _say_goodbye(self, code: int, reason: str) -> None:
        if not self._close_sent:
            if self._has_more:
                self._write_all()
            self._close_sent = True
            self._write([close(code, reason)])
        self._transport.close()

    def _write(self, parts: Sequence[bytes]) -> None:
        if not self._transport.is_closing():
            self._transport.writelines(parts)


def _refused(handshake: ServerProtocol, refusal: BridgeError) -> Response:
    response = handshake.reject(refusal.status, error_body(refusal).decode())
    del response.headers["Content-Type"]
    for name, value in (JSON, *SAFE):
        response.headers[name.decode()] = value.decode()
    return response
