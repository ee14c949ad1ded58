"""A tab without a browser: speaks the tab protocol and fetches from a site, for the demo and for tests.

Keeps the same rules as the userscript (docs/tab-protocol.md): bytes are held until they are acknowledged,
credit is respected, a broken link is resumed.
"""

import asyncio
import uuid
from contextlib import suppress
from dataclasses import dataclass, field

import httpx2
import msgspec
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.typing import Origin, Subprotocol

from lmarena_bridge.core.tabs import messages as m

# Close codes after which coming back would be no use: somebody must act first.
_FINAL = frozenset({m.CLOSE_SECRET, m.CLOSE_OUTDATED, m.CLOSE_REPLACED})


@dataclass
class TabStream:
    """One answer on its way: `held` are the bytes from `held_from` on, sent or not."""

    number: int
    job: str
    window: int
    limit: int
    held: bytearray = field(default_factory=bytearray)
    held_from: int = 0
    sent_to: int = 0
    head: m.Head | None = None
    last: m.End | m.Failed | None = None
    head_said: bool = False
    last_said: bool = False
    room: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    @property
    def length(self) -> int:
        return self.held_from + len(self.held)


class PythonTab:
    """One page of `site` (its base URL), connected to the bridge at `server` (`ws://…/ws`)."""

    def __init__(
        self,
        *,
        server: str,
        secret: str,
        version: str,
        site: str,
        origin: str = "https://lmarena.ai",
        profile: str = "python",
        reconnect_seconds: float = 0.2,
    ) -> None:
        self._server = server
        self._origin = origin
        self._reconnect_seconds = reconnect_seconds
        self._site = site.rstrip("/")
        self._http = httpx2.AsyncClient(timeout=None, follow_redirects=False)
        self._hello = m.Hello(
            version=version,
            secret=secret,
            tab=str(uuid.uuid4()),
            profile=profile,
            origin=origin,
            browser="Python",
        )
        self.streams: dict[int, TabStream] = {}
        self._awaited_body: m.Fetch | None = None
        self._socket: ClientConnection | None = None
        self.welcomed = asyncio.Event()
        self.received: list[m.ToTab] = []

    async def run(self) -> None:
        """Be a tab until cancelled, or until the server says that it is no use."""
        async with self._http, asyncio.TaskGroup() as group:
            wanted = True
            while wanted:
                wanted = await self._link(group)
                await asyncio.sleep(self._reconnect_seconds if wanted else 0)
            for number in tuple(self.streams):
                self._forget(number)

    def break_link(self) -> None:
        """Lose the connection as if the network had failed: no close frame, no goodbye."""
        if self._socket is not None:
            self._socket.transport.abort()

    async def say(self, message: m.FromTab) -> None:
        """Say something; lost without a link, as the userscript's words are."""
        await self._send(m.encode(message))

    async def _link(self, group: asyncio.TaskGroup) -> bool:
        """One connection from its beginning to its end; whether to try again."""
        try:
            async with connect(
                self._server,
                origin=Origin(self._origin),
                subprotocols=[Subprotocol(m.SUBPROTOCOL)],
                compression=None,
                max_size=None,
                ping_interval=None,
                # A full queue would pause reading, and the goodbye would not be heard.
                max_queue=None,
            ) as socket:
                self._socket = socket
                await socket.send(m.encode(self._greeting()))
                async for frame in socket:
                    await self._hear(frame, group)
        except (OSError, ConnectionClosed, InvalidMessage):  # the last one: broken within the greeting
            pass
        finally:
            closed, self._socket = self._socket, None
            self.welcomed.clear()
        return closed is None or closed.close_code not in _FINAL

    def _greeting(self) -> m.Hello:
        held = tuple(
            m.HeldStream(stream.number, stream.job, stream.held_from, stream.sent_to)
            for stream in self.streams.values()
        )
        return msgspec.structs.replace(self._hello, streams=held)

    async def _send(self, frame: str | bytes) -> None:
        """Before the welcome nothing is said but hello: only it tells from where to go on."""
        if self._socket is not None and self.welcomed.is_set():
            with suppress(ConnectionClosed):  # the next hello tells how far we are
                await self._socket.send(frame)

    # -- what the server says ------------------------------------------------------------------------------

    async def _hear(self, frame: str | bytes, group: asyncio.TaskGroup) -> None:
        if isinstance(frame, bytes):
            _, body = m.decode_body(frame)
            if self._awaited_body is not None:
                fetch, self._awaited_body = self._awaited_body, None
                self._begin(fetch, body, group)
            return
        message = m.decode_to_tab(frame)
        if not isinstance(message, m.Unknown):
            self.received.append(message)
            await self._obey(message, group)

    async def _obey(self, message: m.ToTab, group: asyncio.TaskGroup) -> None:
        match message:
            case m.Welcome(_, resumed):
                await self._resume(resumed)
            case m.Fetch(body=True):
                self._awaited_body = message
            case m.Fetch():
                self._begin(message, b"", group)
            case m.Page(number, job, window):
                page = m.Fetch(number, job, "GET", "/", {}, ("content-type",), False, window)
                self._begin(page, b"", group)
            case m.Credit(number, limit):
                if (stream := self.streams.get(number)) is not None:
                    self._credit(stream, limit)
                    await self._pump(stream)
            case m.Cancel(number) | m.Release(number):
                self._forget(number)
            case m.Ping(at):
                await self._send(m.encode(m.Pong(at)))
            case _:
                pass

    async def _resume(self, resumed: tuple[m.Resumed, ...]) -> None:
        wanted = {stream.stream: stream for stream in resumed}
        for number in set(self.streams) - set(wanted):
            self._forget(number)
        streams = tuple(self.streams.values())
        for stream in streams:
            stream.sent_to = wanted[stream.number].expected
            stream.head_said = stream.last_said = False
            self._credit(stream, wanted[stream.number].limit)
        self.welcomed.set()
        for stream in streams:
            await self._pump(stream)

    def _forget(self, number: int) -> None:
        stream = self.streams.pop(number, None)
        if stream is not None and stream.task is not None:
            stream.task.cancel()

    def _credit(self, stream: TabStream, limit: int) -> None:
        stream.limit = limit
        acknowledged = min(limit - stream.window, stream.sent_to)
        if acknowledged > stream.held_from:
            del stream.held[: acknowledged - stream.held_from]
            stream.held_from = acknowledged
        stream.room.set()

    # -- fetching ------------------------------------------------------------------------------------------

    def _begin(self, fetch: m.Fetch, body: bytes, group: asyncio.TaskGroup) -> None:
        if fetch.stream in self.streams:
            return
        stream = TabStream(fetch.stream, fetch.job, fetch.window, fetch.window)
        self.streams[fetch.stream] = stream
        stream.task = group.create_task(self._fetch(stream, fetch, body))

    async def _fetch(self, stream: TabStream, fetch: m.Fetch, body: bytes) -> None:
        try:
            request = self._http.stream(
                fetch.method, self._site + fetch.path, headers=fetch.headers, content=body or None
            )
            async with request as response:
                reported = {name: response.headers[name] for name in fetch.report if name in response.headers}
                stream.head = m.Head(stream.number, response.status_code, reported)
                await self._pump(stream)
                async for piece in response.aiter_bytes():
                    await self._take(stream, piece)
            stream.last = m.End(stream.number, stream.length)
        except httpx2.HTTPError as error:
            stream.last = m.Failed(stream.number, "network", str(error) or type(error).__name__)
        await self._pump(stream)

    async def _take(self, stream: TabStream, piece: bytes) -> None:
        stream.held += piece
        await self._pump(stream)
        while stream.length > stream.limit:
            stream.room.clear()
            await stream.room.wait()

    async def _pump(self, stream: TabStream) -> None:
        """Say the head, send what may be sent, then the last word if everything was."""
        if stream.head is not None and not stream.head_said:
            stream.head_said = True
            await self._send(m.encode(stream.head))
        while (end := min(stream.length, stream.limit, stream.sent_to + m.MAX_DATA_BYTES)) > stream.sent_to:
            start, stream.sent_to = stream.sent_to, end
            payload = bytes(stream.held[start - stream.held_from : end - stream.held_from])
            await self._send(m.encode_data(stream.number, start, payload))
        if stream.last is not None and stream.sent_to == stream.length and not stream.last_said:
            stream.last_said = True
            await self._send(m.encode(stream.last))
