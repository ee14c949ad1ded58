"""The WebSocket of tabs, its protocol class as it is, with somebody behind it who says everything back."""

import functools
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from typing import Any

import uvicorn

from lmarena_bridge.server.frames import FrameReader
from lmarena_bridge.server.serving import accepting, listen
from lmarena_bridge.server.socket import Links, TabSocket
from lmarena_bridge.server.wire import Receive, Scope, Send, respond


class PatientSocket(TabSocket):
    """Takes larger messages than a tab may send, for a judge who wants to see them come back."""

    def __init__(self, *arguments: Any, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._reader = FrameReader(32 * 1024 * 1024)


class Echo:
    """Links that answer."""

    def __init__(self) -> None:
        self._sockets: dict[int, TabSocket] = {}

    def opened(self, socket: TabSocket) -> int:
        link = len(self._sockets)
        self._sockets[link] = socket
        return link

    def continued(self, link: int, frame: bytes) -> bool:
        self._sockets[link].send([frame])
        return True

    def heard(self, link: int, frames: Sequence[str | bytes]) -> None:
        self._sockets[link].send(frames)

    def lost(self, link: int, *, gone: bool) -> None:
        pass

    def drain(self) -> None:
        pass


@asynccontextmanager
async def echo_server() -> AsyncIterator[str]:
    """Its address."""
    links: Links = Echo()
    socket: Callable[..., Any] = functools.partial(PatientSocket, links=links, guard=lambda _: None)
    config = uvicorn.Config(_nothing, ws=socket, lifespan="off", log_config=None)  # type: ignore[arg-type]
    with listen("127.0.0.1", 0) as listener:
        async with accepting(config, listener):
            yield f"ws://127.0.0.1:{listener.getsockname()[1]}/ws"


async def _nothing(scope: Scope, receive: Receive, send: Send) -> None:
    await respond(send, 404, b"")
