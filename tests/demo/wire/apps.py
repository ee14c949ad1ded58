"""Small ASGI apps that show what a server does, and raw clients that do what no library would."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import h2.config
import h2.connection
import h2.events
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.demo.wire.exchange import RESET
from lmarena_bridge.demo.wire.listener import listening

CHUNK = b"x" * 16_000


class Recorder:
    """Answers by path, and notes what an app can note."""

    def __init__(self) -> None:
        self.chunks_sent = 0
        self.disconnected = asyncio.Event()
        self.scopes: list[Scope] = []

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.scopes.append(scope)
        act = {
            "/echo": self._echo,
            "/flood": self._flood,
            "/wait": self._wait,
            "/reset": self._reset,
            "/fail": self._fail,
            "/unfinished": self._unfinished,
            "/deaf": self._deaf,
        }[scope["path"]]
        await act(receive, send)

    async def _echo(self, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body += message["body"]
            more = message["more_body"]
        await send(start([(b"content-length", str(len(body)).encode()), (b"x-test", b"1")]))
        await send(piece(body, more=False))

    async def _flood(self, _receive: Receive, send: Send) -> None:
        await send(start())
        try:
            while True:
                await send(piece(CHUNK))
                self.chunks_sent += 1
        finally:
            self.disconnected.set()

    async def _wait(self, receive: Receive, send: Send) -> None:
        await send(start())
        await send(piece(b"begun"))
        while (await receive())["type"] != "http.disconnect":
            pass
        self.disconnected.set()

    async def _reset(self, _receive: Receive, send: Send) -> None:
        await send(start())
        await send(piece(b"begun"))
        await send({"type": RESET})

    async def _fail(self, _receive: Receive, send: Send) -> None:
        await send(start())
        raise RuntimeError("a fault in the app")

    async def _unfinished(self, _receive: Receive, send: Send) -> None:
        await send(start())
        await send(piece(b"begun"))

    async def _deaf(self, _receive: Receive, send: Send) -> None:
        await send(start())
        await send(piece(b"never read", more=False))


def start(headers: list[tuple[bytes, bytes]] | None = None) -> Message:
    return {"type": "http.response.start", "status": 200, "headers": headers or []}


def piece(data: bytes, *, more: bool = True) -> Message:
    return {"type": "http.response.body", "body": data, "more_body": more}


class RawHttp2:
    """An HTTP/2 client that opens its window only when told."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.reader = reader
        self.writer = writer
        self.h2 = h2.connection.H2Connection(
            h2.config.H2Configuration(client_side=True, header_encoding="utf-8")
        )
        self.h2.initiate_connection()
        self.events: list[h2.events.Event] = []

    def request(
        self,
        path: str,
        *,
        method: str = "GET",
        end: bool = True,
        headers: Sequence[tuple[str, str]] = (),
    ) -> int:
        stream_id = self.h2.get_next_available_stream_id()
        names = [(":method", method), (":path", path), (":scheme", "https"), (":authority", "lmarena.ai")]
        self.h2.send_headers(stream_id, [*names, *headers], end_stream=end)
        self.flush()
        return stream_id

    def flush(self) -> None:
        self.writer.write(self.h2.data_to_send())

    async def until(self, wanted: Callable[[h2.events.Event], bool]) -> h2.events.Event:
        """Read until an event is `wanted`; windows stay as they are."""
        async with asyncio.timeout(5):
            while True:
                while self.events:
                    event = self.events.pop(0)
                    if wanted(event):
                        return event
                data = await self.reader.read(65536)
                assert data, "the server closed the connection"
                self.events += self.h2.receive_data(data)
                self.flush()


@asynccontextmanager
async def plainly(app: ASGIApp) -> AsyncIterator[int]:
    async with listening(app, host="127.0.0.1", port=0) as port:
        yield port


@asynccontextmanager
async def raw_http2(app: ASGIApp, folder: Path) -> AsyncIterator[RawHttp2]:
    async with serve_securely(app, folder) as arena:
        context = ssl.create_default_context(cafile=arena.certificate_path)
        context.set_alpn_protocols(["h2"])
        reader, writer = await asyncio.open_connection(
            "127.0.0.1", arena.port, ssl=context, server_hostname="lmarena.ai"
        )
        client = RawHttp2(reader, writer)
        client.flush()
        # Until the server's settings are here, its windows are thought to be the small ones of the standard.
        await client.until(lambda event: isinstance(event, h2.events.WindowUpdated))
        try:
            yield client
        finally:
            writer.transport.abort()
