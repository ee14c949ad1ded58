import asyncio
from typing import Any

import pytest
from starlette.types import Receive, Scope, Send

from demo.wire.apps import piece, start
from lmarena_bridge.demo.wire.exchange import ClientGoneError, Exchange, Headers


class Paper:
    """A channel that writes down what it was told."""

    def __init__(self) -> None:
        self.told: list[Any] = []

    async def head(self, status: int, headers: Headers) -> None:
        self.told.append(status)

    async def data(self, data: bytes) -> None:
        self.told.append(data)

    async def end(self) -> None:
        self.told.append("end")

    def reset(self) -> None:
        self.told.append("reset")

    def consumed(self, size: int) -> None:
        self.told.append(f"consumed {size}")


def exchange(method: str = "PUT") -> tuple[Exchange, Paper]:
    paper = Paper()
    return Exchange({"type": "http", "method": method, "path": "/"}, paper), paper


async def test_the_body_is_given_as_it_came_and_its_end_once() -> None:
    made, paper = exchange()
    made.feed(b"ab")
    got: list[Any] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        got.append(await receive())
        made.feed(b"c")
        made.feed(b"d")
        made.feed_end()
        got.append(await receive())
        await send(start())
        await send(piece(b"", more=False))
        got.append(await receive())

    await made.run(app)
    assert [(message.get("body"), message.get("more_body")) for message in got] == [
        (b"ab", True),
        (b"cd", False),
        (None, None),
    ]
    assert paper.told == ["consumed 2", "consumed 2", 200, "end"]


async def test_an_empty_body_ends_too() -> None:
    made, _ = exchange()
    made.feed_end()
    got: list[Any] = []

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        got.append(await receive())

    await made.run(app)
    assert got == [{"type": "http.request", "body": b"", "more_body": False}]


async def test_a_client_that_is_gone_is_told_to_both_sides_of_the_app() -> None:
    made, paper = exchange()
    made.feed(b"left over")
    made.lost()
    got: list[Any] = []

    async def app(_scope: Scope, receive: Receive, send: Send) -> None:
        got.append(await receive())
        with pytest.raises(ClientGoneError):
            await send(start())

    await made.run(app)
    assert got == [{"type": "http.disconnect"}]
    assert (paper.told, made.unread()) == ([], 9)


async def test_a_fault_after_the_client_left_is_nobodys_business(caplog: pytest.LogCaptureFixture) -> None:
    made, paper = exchange()
    made.lost()

    async def app(_scope: Scope, _receive: Receive, _send: Send) -> None:
        raise RuntimeError("too late")

    await made.run(app)
    assert (paper.told, caplog.records) == ([], [])


async def test_an_app_that_is_cancelled_leaves_no_client_waiting() -> None:
    made, paper = exchange()

    async def app(_scope: Scope, receive: Receive, _send: Send) -> None:
        await receive()

    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await made.run(app)
    assert paper.told == ["reset"]
