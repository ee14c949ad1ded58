"""One request and its answer, as an ASGI app sees them; which HTTP version carries them it does not know."""

import asyncio
import logging
from collections import deque
from typing import Any, Protocol

from starlette.types import ASGIApp, Message

log = logging.getLogger(__name__)

RESET = "lmarena_bridge.reset"
"""Type of an ASGI message of our own: the app breaks its answer off (RST_STREAM, or a cut TCP connection)."""

Headers = list[tuple[bytes, bytes]]


class ClientGoneError(OSError):
    """The client has left; there is nobody to send to (ASGI 2.4 asks for an OSError here)."""


class Channel(Protocol):
    """How an exchange writes its answer: one stream of HTTP/2, or one turn of an HTTP/1.1 connection.

    `data` returns when the bytes have left for the network, so awaiting it is back-pressure.
    """

    async def head(self, status: int, headers: Headers) -> None: ...

    async def data(self, data: bytes) -> None: ...

    async def end(self) -> None: ...

    def reset(self) -> None: ...

    def consumed(self, size: int) -> None:
        """The app has taken `size` bytes of the body: the client may send as many more."""


class Exchange:
    """Runs the app for one request. The protocol feeds it; it answers through its channel."""

    def __init__(self, scope: dict[str, Any], channel: Channel) -> None:
        self._scope = scope
        self._channel = channel
        self._inbox: deque[bytes] = deque()
        self._whole = False
        self._told_whole = False
        self._gone = False
        self._ended = False
        self._news = asyncio.Event()

    def feed(self, data: bytes) -> None:
        """A piece of the request's body has come."""
        self._inbox.append(data)
        self._news.set()

    def feed_end(self) -> None:
        """The request's body is whole."""
        self._whole = True
        self._news.set()

    def lost(self) -> None:
        """The client has reset its stream, or its connection is gone."""
        self._gone = True
        self._news.set()

    async def run(self, app: ASGIApp) -> None:
        """Let the app answer; whatever it leaves undone is put right so that no client waits for ever."""
        try:
            await app(self._scope, self._receive, self._send)
        except ClientGoneError:
            pass
        except Exception:
            if not self._gone:
                log.exception("The practice arena failed to answer %s", self._scope["path"])
        finally:
            if not self._over():
                self._channel.reset()

    def unread(self) -> int:
        """Bytes of the body that the app never took."""
        return sum(map(len, self._inbox))

    async def _receive(self) -> Message:
        while not (self._over() or self._inbox or (self._whole and not self._told_whole)):
            self._news.clear()
            await self._news.wait()
        if self._over():
            return {"type": "http.disconnect"}
        data = b"".join(self._inbox)
        self._inbox.clear()
        self._channel.consumed(len(data))
        self._told_whole = self._whole
        return {"type": "http.request", "body": data, "more_body": not self._whole}

    def _over(self) -> bool:
        return self._gone or self._ended

    async def _send(self, message: Message) -> None:
        if self._gone:
            raise ClientGoneError("the client has left")
        match message["type"]:
            case "http.response.start":
                await self._channel.head(message["status"], list(message.get("headers", ())))
            case "http.response.body":
                await self._send_body(message.get("body", b""), more=message.get("more_body", False))
            case kind if kind == RESET:
                self._ended = True
                self._news.set()
                self._channel.reset()

    async def _send_body(self, data: bytes, *, more: bool) -> None:
        if data and self._scope["method"] != "HEAD":
            await self._channel.data(data)
        if not more:
            self._ended = True
            self._news.set()
            await self._channel.end()
