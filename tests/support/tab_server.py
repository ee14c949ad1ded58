"""The server's end of the tab protocol, played by a test: real sockets, rules checked on every frame.

It is written from docs/tab-protocol.md, not from the real server, so that both ends are held to the text.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import TypeVar

from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from lmarena_bridge.core.tabs import messages as m

WAIT = 10.0
WINDOW = 1 << 20
MessageT = TypeVar("MessageT", bound=m.FromTab)


@dataclass
class Answer:
    """What has come of one stream, over all links. `breaches`: what the tab did against the protocol."""

    stream: int
    job: str
    window: int
    limit: int
    order: m.Fetch | m.Page
    body: bytes | None
    generous: bool
    heads: list[m.Head] = field(default_factory=list)
    data: bytearray = field(default_factory=bytearray)
    last: m.End | m.Failed | None = None
    frames: list[int] = field(default_factory=list)
    dropped: bool = False

    @property
    def head(self) -> m.Head:
        return self.heads[0]

    def take(self, frame: m.Data) -> None:
        assert self.heads, f"data of stream {self.stream} before its head"
        assert self.last is None, f"data of stream {self.stream} after its end"
        assert frame.offset == len(self.data), f"expected byte {len(self.data)}, got {frame.offset}"
        self.data += frame.payload
        self.frames.append(len(frame.payload))
        assert len(self.data) <= self.limit, f"{len(self.data)} bytes sent, {self.limit} allowed"

    def finish(self, last: m.End | m.Failed) -> None:
        assert self.last is None, f"stream {self.stream} ended twice"
        if isinstance(last, m.End):
            assert last.length == len(self.data), f"{last.length} bytes announced, {len(self.data)} came"
        self.last = last


class Link:
    """One connection of a tab."""

    def __init__(self, socket: ServerConnection, hello: m.Hello) -> None:
        self.hello = hello
        self.heard: list[m.FromTab] = []
        self.close_code: int | None = None
        self._socket = socket

    async def say(self, message: m.ToTab, body: bytes | None = None) -> None:
        await self._socket.send(m.encode(message))
        if body is not None and isinstance(message, m.Fetch):
            await self._socket.send(m.encode_body(message.stream, body))

    async def say_raw(self, text: str) -> None:
        await self._socket.send(text)

    async def close(self, code: int, reason: str = "") -> None:
        await self._socket.close(code, reason)

    def deaf(self) -> None:
        """Read nothing more: what the tab sends from now on will be lost with the connection."""
        self._socket.transport.pause_reading()

    def cut(self) -> None:
        """Lose the TCP connection without a word."""
        self._socket.transport.abort()


class TabServer:
    """Takes tabs on 127.0.0.1. `greet`: what to do with a hello, by default welcome it."""

    def __init__(self, secret: str) -> None:
        self.secret = secret
        self.links: list[Link] = []
        self.answers: dict[int, Answer] = {}
        self.capture: str | None = None
        self.turn_away: tuple[int, str] | None = None
        self.breaches: list[str] = []
        self._numbers = iter(range(1, 2**32))
        self._news = asyncio.Event()
        self._open: set[ServerConnection] = set()

    @asynccontextmanager
    async def listening(self, port: int) -> AsyncIterator["TabServer"]:
        async with serve(
            self._serve,
            "127.0.0.1",
            port,
            subprotocols=[Subprotocol(m.SUBPROTOCOL)],
            compression=None,
            max_size=None,
            ping_interval=None,
            close_timeout=1,
        ):
            yield self
            for socket in self._open:
                socket.transport.abort()

    async def until(self, done: Callable[[], object], what: str = "") -> None:
        """Wait until `done()`, looking again after each thing the tab does."""
        try:
            async with asyncio.timeout(WAIT):
                while not done():
                    assert not self.breaches, self.breaches
                    self._news.clear()
                    await self._news.wait()
        except TimeoutError:
            raise AssertionError(f"waited in vain for {what or 'the tab'}: {self!r}") from None
        assert not self.breaches, self.breaches

    async def link(self, number: int = 1) -> Link:
        """The `number`th connection, once it has said hello."""
        await self.until(lambda: len(self.links) >= number, f"link {number}")
        return self.links[number - 1]

    async def hear(self, kind: type[MessageT], link: Link | None = None) -> MessageT:
        """The next message of this kind on the newest link, taken out of what was heard."""

        def found() -> list[MessageT]:
            return [each for each in (link or self.links[-1]).heard if isinstance(each, kind)]

        await self.until(found, kind.__name__)
        message = found()[0]
        (link or self.links[-1]).heard.remove(message)
        return message

    async def fetch(
        self,
        path: str,
        *,
        method: str = "GET",
        headers: dict[str, str] | None = None,
        report: tuple[str, ...] = (),
        body: bytes | None = None,
        window: int = WINDOW,
        generous: bool = True,
    ) -> Answer:
        """Have the tab fetch; `generous`: give credit as fast as bytes come."""
        stream = next(self._numbers)
        order = m.Fetch(
            stream, f"job-{stream}", method, path, headers or {}, report, body is not None, window
        )
        return await self._order(order, body, generous)

    async def page(self, *, window: int = WINDOW) -> Answer:
        stream = next(self._numbers)
        return await self._order(m.Page(stream, f"job-{stream}", window), None, True)

    async def finished(self, answer: Answer) -> Answer:
        await self.until(lambda: answer.last, f"the end of stream {answer.stream}")
        return answer

    async def received(self, answer: Answer, size: int) -> None:
        await self.until(lambda: len(answer.data) >= size, f"{size} bytes of stream {answer.stream}")

    async def allow(self, answer: Answer, limit: int) -> None:
        answer.limit = limit
        await self.links[-1].say(m.Credit(answer.stream, limit))

    async def cancel(self, answer: Answer) -> None:
        answer.dropped = True
        await self.links[-1].say(m.Cancel(answer.stream))

    async def release(self, answer: Answer) -> None:
        answer.dropped = True
        await self.links[-1].say(m.Release(answer.stream))

    async def _order(self, order: m.Fetch | m.Page, body: bytes | None, generous: bool) -> Answer:
        answer = Answer(order.stream, order.job, order.window, order.window, order, body, generous)
        self.answers[order.stream] = answer
        with suppress(ConnectionClosed):
            await self.links[-1].say(order, body)
        return answer

    async def _serve(self, socket: ServerConnection) -> None:
        self._open.add(socket)
        link: Link | None = None
        try:
            hello = m.decode_from_tab(await socket.recv())
            assert isinstance(hello, m.Hello)
            if self.turn_away:
                await socket.close(*self.turn_away)
                return
            if hello.secret != self.secret:
                await socket.close(m.CLOSE_SECRET, "wrong secret")
                return
            link = Link(socket, hello)
            await self._welcome(link)
            async for frame in socket:
                await self._hear(link, frame)
                self._news.set()
        except ConnectionClosed:
            pass
        except (AssertionError, m.MalformedMessage) as breach:
            self.breaches.append(str(breach))
        finally:
            self._open.discard(socket)
            await socket.wait_closed()
            if link:
                link.close_code = socket.close_code
            self._news.set()

    async def _welcome(self, link: Link) -> None:
        held = {each.stream: each for each in link.hello.streams}
        resumed = []
        for stream, answer in self.answers.items():
            if stream not in held or answer.dropped:
                continue
            expected = len(answer.data)
            assert held[stream].held_from <= expected <= held[stream].sent_to, (held[stream], expected)
            assert held[stream].job == answer.job
            if answer.last is None:
                resumed.append(m.Resumed(stream, expected, answer.limit))
        await link.say(m.Welcome("9.9.9", tuple(resumed), self.capture))
        self.links.append(link)
        self._news.set()
        for stream, answer in self.answers.items():
            lost = stream not in held and not answer.heads and not answer.dropped
            if lost and answer.last is None:
                await link.say(answer.order, answer.body)

    async def _hear(self, link: Link, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            data = m.decode_data(frame)
            answer = self.answers[data.stream]
            if answer.dropped:
                return
            answer.take(data)
            if answer.generous and answer.limit - len(answer.data) <= answer.window // 2:
                answer.limit = len(answer.data) + answer.window
                await link.say(m.Credit(data.stream, answer.limit))
            return
        match m.decode_from_tab(frame):
            case m.Head() as head:
                assert not self.answers[head.stream].data or len(self.links) > 1, "a head after data"
                self.answers[head.stream].heads.append(head)
            case (m.End() | m.Failed()) as last:
                self.answers[last.stream].finish(last)
            case m.Unknown() as unknown:
                raise AssertionError(f"the tab said {unknown.type}, which is no word of the protocol")
            case message:
                link.heard.append(message)

    def __repr__(self) -> str:
        streams = [(a.stream, len(a.heads), len(a.data), a.limit, a.last) for a in self.answers.values()]
        return f"TabServer({len(self.links)} links, streams {streams})"
