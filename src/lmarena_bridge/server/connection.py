"""One HTTP connection: uvicorn's own, with what it lacks towards those who send slowly, too much, or nothing.

Measured (reliability.md, T21): uvicorn waits for a request's header for ever, and with httptools takes one of
any size. What is refused here was never a request, so the application does not hear of it.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import STATUS_LINE, HttpToolsProtocol
from uvicorn.server import ServerState

from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.errors import BridgeError, Busy, InvalidRequest, TooLarge, TooSlow
from lmarena_bridge.server.uvicorn_inside import Flow, NextRequests
from lmarena_bridge.server.wire import SAFE, Header

# The colon, the blank and the line end that the parser does not hand over: many small headers add up, too.
_AROUND_A_HEADER: Final = len(": \r\n")


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


class HeaderTooLarge(TooLarge):
    """No program that we know sends a tenth of it."""

    status = 431


class Connection(HttpToolsProtocol):
    """A connection of a client, or of a tab before it becomes a WebSocket."""

    # Python gives an object a whole dictionary, 1.5 kB, when it has more than thirty attributes, or gets one
    # when others of its class are there already: ours, and uvicorn's `url`.
    __slots__ = (
        "_before_body",
        "_body_bytes",
        "_came",
        "_in_body",
        "_in_header",
        "_is_a_tab",
        "_limits",
        "_read",
        "_refusal",
        "_since",
        "_timer",
        "url",
    )

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        limits: Limits,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.pipeline = NextRequests()  # type: ignore[assignment]
        self._limits = limits
        self._timer: asyncio.TimerHandle | None = None
        self._since = 0.0
        # What the socket gave since the last request was complete, or its header; and last.
        self._came = 0
        self._read = 0
        self._before_body = 0
        self._body_bytes = 0
        self._in_header = False
        self._in_body = False
        self._refusal: BridgeError | None = None
        self._is_a_tab = False

    # -- asyncio's side ------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.flow = Flow(transport)
        if len(self.connections) > self._limits.connections:
            self._end(Busy("This server has as many connections as it can keep. Try again in a moment."))
        else:
            self._start_waiting()

    def data_received(self, data: bytes) -> None:
        if self.transport.is_closing():
            return
        self._came += len(data)
        self._read = len(data)
        super().data_received(data)
        if self._is_a_tab:
            return
        if self._timer is None and (self._in_header or self._in_body or not self._is_answering):
            self._start_waiting()
        if self._in_header:
            is_too_large = self._came > self._limits.header_bytes
        else:
            # A body in chunks may have headers behind it.
            is_too_large = self._in_body and self._has_more_than_fits(self.headers[self._before_body :])
        if is_too_large:
            self._end(_header_too_large())

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_waiting()
        super().connection_lost(exc)

    def handle_websocket_upgrade(self) -> None:
        self._stop_waiting()
        self._is_a_tab = True
        super().handle_websocket_upgrade()

    # -- the parser's side ---------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self._in_header = True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        # A header that comes all at once is not larger than one that comes in pieces.
        at_most = self._came + self._read
        if at_most > self._limits.header_bytes and self._has_more_than_fits(self.headers, len(self.url)):
            self._refusal = _header_too_large()
            raise ValueError
        self._in_header, self._in_body = False, True
        self._came = self._body_bytes = 0
        self._before_body = len(self.headers)
        self._stop_waiting()
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._in_body, self._came = False, 0
        self._stop_waiting()
        super().on_message_complete()

    def _has_more_than_fits(self, headers: Sequence[Header], line: int = 0) -> bool:
        sizes = [len(name) + len(value) + _AROUND_A_HEADER for name, value in headers]
        return sum(sizes, line) > self._limits.header_bytes

    def send_400_response(self, msg: str) -> None:
        """What the parser did not understand, in our shape."""
        self._end(
            self._refusal
            or InvalidRequest("This is not HTTP/1.1 as it is written down. Is it meant for this port?")
        )

    # -- time ----------------------------------------------------------------------------------------------

    def _start_waiting(self) -> None:
        self._since = self.loop.time()
        seconds = self._limits.body_seconds if self._in_body else self._limits.header_seconds
        self._timer = self.loop.call_later(seconds, self._look)

    def _stop_waiting(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _look(self) -> None:
        """Is it late? Time in which we ourselves did not read is not the client's."""
        self._timer = None
        left = 0.0
        if self.flow.read_paused:
            left = self._limits.body_seconds
        elif self._in_body:
            allowed = self._limits.body_seconds + self._body_bytes / self._limits.bytes_a_second
            left = self._since + allowed - self.loop.time()
        if left > 0:
            self._timer = self.loop.call_later(left, self._look)
        else:
            self._end(TooSlow("The request did not arrive in time."))

    def _end(self, error: BridgeError) -> None:
        """Say why, unless an answer is on its way already, and close."""
        self._stop_waiting()
        if self.transport.is_closing():
            return
        if not self._is_answering or not self.cycle.response_started:
            self.transport.write(response(error))
        self.transport.close()

    @property
    def _is_answering(self) -> bool:
        # There is none before the first request, whatever uvicorn's annotation says.
        return self.cycle is not None and not self.cycle.response_complete  # type: ignore[redundant-expr]


def response(error: BridgeError) -> bytes:
    """An error as a whole HTTP response that ends the connection."""
    said = error_response(error)
    length = b"%d" % len(said.body)
    headers = (*said.headers, *SAFE, (b"content-length", length), (b"connection", b"close"))
    lines = b"".join(b"%b: %b\r\n" % header for header in headers)
    return STATUS_LINE[error.status] + lines + b"\r\n" + said.body


def _header_too_large() -> HeaderTooLarge:
    return HeaderTooLarge("The header of the request is larger than 64 KiB. Send less in it.")
