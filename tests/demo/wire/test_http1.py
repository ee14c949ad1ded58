import asyncio

import pytest

from demo.wire.apps import Recorder, plainly


async def talked(port: int, request: bytes, *, until: bytes) -> bytes:
    """What the server says until it says `until` or closes."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(request)
    said = b""
    try:
        async with asyncio.timeout(5):
            while until not in said or not until:
                data = await reader.read(65536)
                if not data:
                    break
                said += data
    finally:
        writer.transport.abort()
    return said


async def test_one_connection_takes_request_after_request() -> None:
    app = Recorder()
    request = b"PUT /echo?x=1 HTTP/1.1\r\nHost: lmarena.ai\r\nContent-Length: 5\r\n\r\n"
    async with plainly(app) as port:
        said = await talked(port, request + b"first" + request + b"later", until=b"later")
    assert said.count(b"HTTP/1.1 200") == 2
    assert b"x-test: 1\r\n" in said and b"first" in said
    assert app.scopes[0]["scheme"] == "http"
    assert app.scopes[0]["query_string"] == b"x=1"


async def test_a_body_without_length_comes_in_chunks() -> None:
    request = (
        b"PUT /echo HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n"
    )
    async with plainly(Recorder()) as port:
        assert (await talked(port, request, until=b"abcde")).endswith(b"abcde")


async def test_a_client_that_waits_for_leave_to_send_gets_it() -> None:
    request = b"PUT /echo HTTP/1.1\r\nHost: x\r\nContent-Length: 2\r\nExpect: 100-continue\r\n\r\n"
    async with plainly(Recorder()) as port:
        assert b"100 " in await talked(port, request, until=b"\r\n\r\n")


async def test_an_answer_to_head_has_no_body() -> None:
    request = b"HEAD /deaf HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
    async with plainly(Recorder()) as port:
        said = await talked(port, request, until=b"")
    assert said.startswith(b"HTTP/1.1 200") and b"never read" not in said


@pytest.mark.parametrize("path", [b"/reset", b"/unfinished"])
async def test_an_answer_that_is_not_whole_breaks_the_connection(path: bytes) -> None:
    async with plainly(Recorder()) as port:
        with pytest.raises(ConnectionResetError):
            await talked(port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n", until=b"")


@pytest.mark.parametrize("path", [b"/wait", b"/flood"])
async def test_a_client_that_leaves_is_noticed(path: bytes) -> None:
    app = Recorder()
    async with plainly(app) as port:
        await talked(port, b"GET " + path + b" HTTP/1.1\r\nHost: x\r\n\r\n", until=b"\r\n\r\n")
        await asyncio.wait_for(app.disconnected.wait(), 1)


async def test_a_client_that_does_not_read_holds_the_app_back() -> None:
    app = Recorder()
    async with plainly(app) as port:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1024)
        writer.write(b"GET /flood HTTP/1.1\r\nHost: x\r\n\r\n")
        async with asyncio.timeout(5):
            await reader.readuntil(b"\r\n\r\n")
            sent = -1
            while sent != app.chunks_sent:
                sent = app.chunks_sent
                for _ in range(200):
                    await asyncio.sleep(0)
        assert sent * 16_000 < 16_000_000
        writer.transport.abort()


async def test_a_body_nobody_reads_closes_the_connection_after_the_answer() -> None:
    head = b"PUT /deaf HTTP/1.1\r\nHost: x\r\nContent-Length: 100000000\r\n\r\n"
    async with plainly(Recorder()) as port:
        said = await talked(port, head + b"x" * 1000, until=b"")
    assert b"never read" in said


async def test_a_peer_that_speaks_no_http_is_sent_away() -> None:
    async with plainly(Recorder()) as port:
        assert await talked(port, b"\x16\x03\x01nonsense\r\n\r\n", until=b"") == b""


async def test_a_peer_that_says_nothing_may_leave() -> None:
    async with plainly(Recorder()) as port:
        _reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.close()
        await writer.wait_closed()
