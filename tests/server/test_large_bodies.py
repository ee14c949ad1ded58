"""Large requests: what they cost in memory, and that nobody waits for them."""

import threading
import tracemalloc
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.core.api.openai.requests import decode_chat_body, read_chat, uploads_wanted
from lmarena_bridge.core.errors import TooLarge
from lmarena_bridge.server.asking import Reading, read_call
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.wire import ClientLeft, Message
from support.chain import Chain
from support.chain import chain as start

PIECE = 64 * 1024
READING = Reading(decode_chat_body, uploads_wanted, read_chat)


class Client:
    """Sends a body in pieces, made as they are wanted."""

    def __init__(self, head: bytes, middle: bytes, times: int, tail: bytes) -> None:
        self.size = len(head) + len(middle) * times + len(tail)
        self._pieces = iter((head, *(middle for _ in range(times)), tail))
        self._left = times + 2

    async def receive(self) -> Message:
        self._left -= 1
        # A new object each time, as from a socket.
        return {
            "type": "http.request",
            "body": bytes(bytearray(next(self._pieces))),
            "more_body": self._left > 0,
        }


def image(first: bytes, megabytes: int) -> Client:
    head = b'{"model":"m","messages":[{"role":"user","content":[{"type":"image_url","image_url":{"url":"'
    return Client(head + first, b"A" * PIECE, megabytes * 16, b'"}}]}]}')


@pytest.mark.parametrize(
    ("first", "kind", "most"),
    [
        (b"data:image/png;base64,iVBORw0KGgoA", "image/png", 2.15),  # passed on as it is
        (b"data:image/png;base64,/9j/4AAQ", "image/jpeg", 2.15),  # its type is mended
        (b"data:image/png;base64,iVBORw0K\\nGgoA", "image/png", 3.8),  # escapes: the JSON decoder needs room
    ],
)
async def test_a_request_costs_about_twice_its_size(
    chain: Chain, first: bytes, kind: str, most: float
) -> None:
    client = image(first, 20)
    tracemalloc.start()
    try:
        call = await read_call(chain.server.services, {}, client.receive, READING)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert call.request.messages[0].attachments[0].content_type == kind
    assert client.size > 20_000_000
    assert peak < most * client.size  # a growing buffer has an eighth to spare


@pytest.fixture
async def chain(tmp_path: Path) -> Any:
    async with start(tmp_path, tab=False) as running:
        yield running


@pytest.mark.parametrize(("megabytes", "beside"), [(1, True), (0, False)])
async def test_only_large_bodies_are_looked_at_in_a_thread(
    chain: Chain, megabytes: int, beside: bool
) -> None:
    threads: list[int] = []

    def noted(real: Callable[..., Any]) -> Callable[..., Any]:
        def work(*given: Any) -> Any:
            threads.append(threading.get_ident())
            return real(*given)

        return work

    reading = Reading(noted(decode_chat_body), uploads_wanted, noted(read_chat))
    client = image(b"data:image/png;base64,iVBORw0KGgoA", megabytes)
    await read_call(chain.server.services, {}, client.receive, reading)
    assert len(threads) == 2
    assert [each != threading.get_ident() for each in threads] == [beside, beside]


async def test_a_body_above_the_limit_is_not_read_to_its_end() -> None:
    client = image(b"", 20)
    with pytest.raises(TooLarge, match="larger than 1 MiB"):
        await read_body(client.receive, 1024 * 1024)
    assert client._left > 290


async def test_a_client_that_leaves_while_it_sends_is_noticed() -> None:
    async def receive() -> Message:
        return {"type": "http.disconnect"}

    with pytest.raises(ClientLeft):
        await read_body(receive, 10)
