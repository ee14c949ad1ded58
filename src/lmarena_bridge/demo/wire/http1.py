"""HTTP/1.1 on one connection: h11 keeps the protocol, this class owns the socket and takes the turns."""

import asyncio
import socket
import struct
import sys
from typing import Any, cast
from urllib.parse import unquote

import h11

from lmarena_bridge.demo.wire.exchange import RESET, ClientGoneError, Exchange, Headers
from lmarena_bridge.demo.wire.house import House

# Bytes of request body held for an app that does not read; above it the socket is left unread.
_INBOX_LIMIT = 1 << 20
# `struct linger {on, seconds}`: two shorts on Windows, two ints elsewhere.
_NO_LINGER = struct.pack("HH" if sys.platform == "win32" else "ii", 1, 0)


class Http1Connection(asyncio.Protocol):
    """At most one Exchange at a time; it is also that exchange's Channel."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._h11 = h11.Connection(h11.SERVER, max_incomplete_event_size=1 << 16)
        self._exchange: Exchange | None = None
        self._transport: asyncio.Transport
        self._writable = asyncio.Event()
        self._held = 0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._house.opened(self)
        self._writable.set()

    def data_received(self, data: bytes) -> None:
        self._h11.receive_data(data)
        self._advance()

    def connection_lost(self, exc: Exception | None) -> None:
        self._house.closed(self)
        self._writable.set()
        if self._exchange:
            self._exchange.lost()

    def pause_writing(self) -> None:
        self._writable.clear()

    def resume_writing(self) -> None:
        self._writable.set()

    def shut(self) -> None:
        """Close; called when the server stops."""
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def _advance(self) -> None:
        try:
            while self._handle(self._h11.next_event()):
                pass
        except h11.RemoteProtocolError:
            self._transport.close()

    def _handle(self, event: object) -> bool:
        """Take one event of h11; False when there is none to take for now."""
        match event:
            case h11.Request():
                self._exchange = Exchange(self._scope(event), self)
                self._house.spawn(self._run(self._exchange))
            case h11.Data() if self._exchange:
                self._exchange.feed(bytes(event.data))
                self._hold(len(event.data))
            case h11.EndOfMessage() if self._exchange:
                self._exchange.feed_end()
            case h11.ConnectionClosed():
                self._transport.close()
                return False
            case h11.NEED_DATA | h11.PAUSED:
                self._continue_if_asked()
                return False
        return True

    async def _run(self, exchange: Exchange) -> None:
        await exchange.run(self._house.app)
        self._exchange = None
        self._hold(-self._held)
        if self._transport.is_closing():
            return
        try:
            self._h11.start_next_cycle()
        except h11.ProtocolError:
            # The client is still sending what nobody wants to read, or asked to close.
            self._transport.close()
        else:
            self._advance()

    def _continue_if_asked(self) -> None:
        if self._h11.they_are_waiting_for_100_continue:
            self._write(h11.InformationalResponse(status_code=100, headers=[]))

    def _hold(self, size: int) -> None:
        self._held += size
        if self._transport.is_closing():
            return
        if self._held > _INBOX_LIMIT:
            self._transport.pause_reading()
        else:
            self._transport.resume_reading()

    def _write(self, event: h11.Event) -> None:
        if self._transport.is_closing():
            raise ClientGoneError("the client has closed its connection")
        self._transport.write(self._h11.send(event) or b"")

    # The Channel of the running exchange.

    async def head(self, status: int, headers: Headers) -> None:
        self._write(h11.Response(status_code=status, headers=headers))

    async def data(self, data: bytes) -> None:
        self._write(h11.Data(data=data))
        await self._writable.wait()
        # The client's own words (that it leaves) get their turn even when the socket takes all we have.
        await asyncio.sleep(0)

    async def end(self) -> None:
        self._write(h11.EndOfMessage())

    def reset(self) -> None:
        """Cut the connection with a TCP reset: a client must not take the end for a proper one."""
        if not self._transport.is_closing():
            connection = self._transport.get_extra_info("socket")
            connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self._transport.abort()

    def consumed(self, size: int) -> None:
        self._hold(-size)

    def _scope(self, request: h11.Request) -> dict[str, Any]:
        path, _, query = request.target.partition(b"?")
        secure = self._transport.get_extra_info("ssl_object") is not None
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.4"},
            "http_version": request.http_version.decode("ascii"),
            "method": request.method.decode("ascii"),
            "scheme": "https" if secure else "http",
            "path": unquote(path.decode("latin-1")),
            "raw_path": path,
            "query_string": query,
            "root_path": "",
            "headers": list(request.headers),
            "client": self._transport.get_extra_info("peername"),
            "server": None,
            "extensions": {RESET: {}},
        }
