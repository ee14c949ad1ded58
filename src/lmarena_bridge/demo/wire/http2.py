"""HTTP/2 on one connection: h2 keeps the protocol, this class owns socket, streams and waiting."""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final, cast
from urllib.parse import unquote

import h2.config
import h2.connection
import h2.errors
import h2.events
import h2.exceptions
import h2.settings

from lmarena_bridge.demo.wire.exchange import RESET, ClientGoneError, Exchange, Headers
from lmarena_bridge.demo.wire.house import House

_CONNECTION_HEADERS = frozenset({b"connection", b"keep-alive", b"transfer-encoding", b"upgrade"})
# Bytes of request body a client may send before the app has read any; a stream's and the connection's.
_STREAM_WINDOW = 1 << 20
_CONNECTION_WINDOW = 8 << 20
_SETTINGS: Final[Mapping[h2.settings.SettingCodes, int]] = {
    h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 1000,
    h2.settings.SettingCodes.MAX_HEADER_LIST_SIZE: 1 << 16,
    h2.settings.SettingCodes.INITIAL_WINDOW_SIZE: _STREAM_WINDOW,
}


class Http2Connection(asyncio.Protocol):
    """Every stream is one Exchange in a task of its own."""

    def __init__(self, house: House) -> None:
        self._house = house
        self._exchanges: dict[int, Exchange] = {}
        self._h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=False, header_encoding=None)
        )
        self._transport: asyncio.Transport
        self._paused = False
        self._moved = asyncio.Event()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._house.opened(self)
        # Assigned whole: a single changed setting would wait for an acknowledgement and not be announced.
        self._h2.local_settings = h2.settings.Settings(client=False, initial_values=dict(_SETTINGS))
        self._h2.initiate_connection()
        self._h2.increment_flow_control_window(_CONNECTION_WINDOW)
        self.flush()

    def data_received(self, data: bytes) -> None:
        try:
            events = self._h2.receive_data(data)
        except h2.exceptions.ProtocolError:
            self.flush()
            self._transport.close()
            return
        for event in events:
            self._handle(event)
        self.flush()

    def connection_lost(self, exc: Exception | None) -> None:
        self._house.closed(self)
        for stream_id in list(self._exchanges):
            self._lose(stream_id)

    def pause_writing(self) -> None:
        self._paused = True

    def resume_writing(self) -> None:
        self._paused = False
        self._wake()

    def shut(self) -> None:
        """Say goodbye and close; called when the server stops."""
        self._h2.close_connection()
        self.flush()
        self._transport.close()

    def abort(self) -> None:
        self._transport.abort()

    def flush(self) -> None:
        data = self._h2.data_to_send()
        if data and not self._transport.is_closing():
            self._transport.write(data)

    def _handle(self, event: h2.events.Event) -> None:
        match event:
            case h2.events.RequestReceived():
                self._open(event)
            case h2.events.DataReceived():
                self._take(event)
            case h2.events.StreamEnded(stream_id=stream_id) if stream_id in self._exchanges:
                self._exchanges[stream_id].feed_end()
            case h2.events.StreamReset(stream_id=int() as stream_id):
                self._lose(stream_id)
            case h2.events.WindowUpdated() | h2.events.RemoteSettingsChanged():
                self._wake()
            case h2.events.ConnectionTerminated():
                self._transport.close()

    def _open(self, event: h2.events.RequestReceived) -> None:
        stream_id = event.stream_id
        peer = self._transport.get_extra_info("peername")
        exchange = Exchange(_scope(event.headers or [], peer), _Stream(self, stream_id))
        self._exchanges[stream_id] = exchange
        self._house.spawn(self._run(stream_id, exchange))

    async def _run(self, stream_id: int, exchange: Exchange) -> None:
        try:
            await exchange.run(self._house.app)
        finally:
            self._exchanges.pop(stream_id, None)
            self.acknowledge(stream_id, exchange.unread())

    def _take(self, event: h2.events.DataReceived) -> None:
        stream_id, data = event.stream_id, event.data or b""
        padding = (event.flow_controlled_length or 0) - len(data)
        exchange = self._exchanges.get(stream_id)
        # Nobody reads any more: hand the room back at once, or the whole connection would dry up.
        self.acknowledge(stream_id, padding if exchange else padding + len(data))
        if exchange and data:
            exchange.feed(data)

    def _lose(self, stream_id: int) -> None:
        exchange = self._exchanges.pop(stream_id, None)
        if exchange:
            exchange.lost()
        self._wake()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()

    def acknowledge(self, stream_id: int, size: int) -> None:
        if size:
            try:
                self._h2.acknowledge_received_data(size, stream_id)
            except h2.exceptions.ProtocolError:
                return  # the connection is over; there is nothing left to acknowledge to
            self.flush()

    def send_head(self, stream_id: int, status: int, headers: Headers) -> None:
        kept = [(name.lower(), value) for name, value in headers if name.lower() not in _CONNECTION_HEADERS]
        self._guarded(lambda: self._h2.send_headers(stream_id, [(b":status", b"%d" % status), *kept]))

    async def send_data(self, stream_id: int, data: bytes) -> None:
        view = memoryview(data)
        while view:
            room = await self._room(stream_id)
            self._guarded(lambda part=bytes(view[:room]): self._h2.send_data(stream_id, part))  # type: ignore[misc]
            view = view[room:]
            # Other streams and the client's own words get their turn between two frames.
            await asyncio.sleep(0)

    def send_end(self, stream_id: int) -> None:
        self._guarded(lambda: self._h2.end_stream(stream_id))

    def reset(self, stream_id: int) -> None:
        try:
            self._h2.reset_stream(stream_id, h2.errors.ErrorCodes.INTERNAL_ERROR)
        except h2.exceptions.ProtocolError:
            return  # already closed by the other side
        self.flush()

    async def _room(self, stream_id: int) -> int:
        """Wait until the client's window and our own socket take more; bytes that may go in one frame."""
        while stream_id in self._exchanges:
            window = self._h2.local_flow_control_window(stream_id)
            if window > 0 and not self._paused:
                return min(window, self._h2.max_outbound_frame_size)
            await self._moved.wait()
        raise ClientGoneError("the client has reset the stream")

    def _guarded(self, act: Callable[[], None]) -> None:
        try:
            act()
        except h2.exceptions.ProtocolError as error:
            raise ClientGoneError(str(error)) from error
        self.flush()


class _Stream:
    """A Channel: one stream of the connection."""

    def __init__(self, connection: Http2Connection, stream_id: int) -> None:
        self._connection = connection
        self._stream_id = stream_id

    async def head(self, status: int, headers: Headers) -> None:
        self._connection.send_head(self._stream_id, status, headers)

    async def data(self, data: bytes) -> None:
        await self._connection.send_data(self._stream_id, data)

    async def end(self) -> None:
        self._connection.send_end(self._stream_id)

    def reset(self) -> None:
        self._connection.reset(self._stream_id)

    def consumed(self, size: int) -> None:
        self._connection.acknowledge(self._stream_id, size)


def _scope(headers: list[Any], client: object) -> dict[str, Any]:
    pseudo = {bytes(name): bytes(value) for name, value in headers if name.startswith(b":")}
    path, _, query = pseudo.get(b":path", b"/").partition(b"?")
    plain = [(bytes(name), bytes(value)) for name, value in headers if not name.startswith(b":")]
    return {
        "type": "http",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "2",
        "method": pseudo.get(b":method", b"GET").decode("ascii"),
        "scheme": pseudo.get(b":scheme", b"https").decode("ascii"),
        "path": unquote(path.decode("latin-1")),
        "raw_path": path,
        "query_string": query,
        "root_path": "",
        "headers": [(b"host", pseudo.get(b":authority", b"")), *plain],
        "client": client,
        "server": None,
        "extensions": {RESET: {}},
    }
