import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from lmarena_bridge.cli.ask import answer
from lmarena_bridge.cli.link import NoServer
from lmarena_bridge.core.errors import BridgeError

HEAD = b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"


def chunk(record: bytes) -> bytes:
    data = b"data: %s\n\n" % record
    return b"%x\r\n%s\r\n" % (len(data), data)


@asynccontextmanager
async def serving(*said: bytes) -> AsyncIterator[str]:
    """The address of a server that says this to whoever asks, and hangs up."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"".join(said))
        await writer.drain()
        writer.close()

    server = await asyncio.start_server(serve, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


async def test_the_pieces_come_one_by_one() -> None:
    words = [chunk(b'{"choices":[{"delta":{"content":"%s"}}]}' % word) for word in (b"One", b" two")]
    empty = chunk(b'{"choices":[{"delta":{"role":"assistant"}}]}')
    async with serving(HEAD, empty, *words, chunk(b"[DONE]"), b"0\r\n\r\n") as url:
        assert [piece async for piece in answer(url, "m", "?")] == ["One", " two"]


async def test_an_error_within_the_answer_is_raised_after_what_came_before() -> None:
    word = chunk(b'{"choices":[{"delta":{"content":"One"}}]}')
    error = chunk(b'{"error":{"message":"It broke.","type":"api_error","param":null,"code":"arena_error"}}')
    pieces: list[str] = []
    async with serving(HEAD, word, error, b"0\r\n\r\n") as url:
        with pytest.raises(BridgeError, match=r"It broke\.") as caught:
            async for piece in answer(url, "m", "?"):
                pieces.append(piece)  # noqa: PERF401 - what came before the error counts
    assert (pieces, caught.value.code) == (["One"], "arena_error")


@pytest.mark.parametrize("said", [b"", HEAD + chunk(b'{"choices":[]}')])
async def test_a_server_that_hangs_up_is_told_in_a_sentence(said: bytes) -> None:
    async with serving(said) as url:
        with pytest.raises(NoServer, match="stopped while it was asked"):
            [piece async for piece in answer(url, "m", "?")]
