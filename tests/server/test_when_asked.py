"""Applications that are built when somebody first asks for them."""

import asyncio

import pytest

from lmarena_bridge.server.when_asked import WhenAsked
from lmarena_bridge.server.wire import App, Message, Receive, Scope, Send

SCOPE: Scope = {"type": "http", "path": "/x"}


async def receive() -> Message:
    return {"type": "http.disconnect"}


async def send(_: Message) -> None: ...


async def test_it_is_built_once_however_many_ask_first() -> None:
    built, asked = [], []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])

    def build() -> App:
        built.append(app)
        return app

    late = WhenAsked(build)
    assert not built
    await asyncio.gather(*(late(SCOPE, receive, send) for _ in range(5)))
    await late(SCOPE, receive, send)
    assert (len(built), asked) == (1, ["/x"] * 6)


async def test_what_could_not_be_built_is_tried_again() -> None:
    tries, asked = [], []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope["path"])

    def build() -> App:
        tries.append(app)
        if len(tries) == 1:
            raise OSError("no space left")
        return app

    late = WhenAsked(build)
    with pytest.raises(OSError, match="no space"):
        await late(SCOPE, receive, send)
    await late(SCOPE, receive, send)
    assert (len(tries), asked) == (2, ["/x"])
