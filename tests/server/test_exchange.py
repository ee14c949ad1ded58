"""What is written past `send` arrives like everything else."""

import asyncio

from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.wire import Message, Receive, Scope, Send, respond
from support.served import served


async def start(send: Send, *headers: tuple[bytes, bytes]) -> None:
    await send({"type": "http.response.start", "status": 200, "headers": headers})


async def body(send: Send, data: bytes, *, more: bool) -> None:
    await send({"type": "http.response.body", "body": data, "more_body": more})


async def test_a_stream_may_be_written_both_ways() -> None:
    ready: list[bool] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        assert exchange is not None
        ready.append(exchange.is_ready)
        await start(send)
        await body(send, b"one ", more=True)
        ready.append(exchange.is_ready)
        exchange.write(b"two ")
        await body(send, b"three", more=False)
        ready.append(exchange.is_ready)

    async with served(app) as client:
        for _ in range(2):  # the connection goes on after it
            assert (await client.get("/")).text == "one two three"
    assert ready == [False, True, False] * 2


async def test_a_stream_may_be_begun_and_ended_without_waiting() -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        assert exchange is not None
        assert exchange.begin(b"x-of: ours\r\n", b"one ")
        assert not exchange.begin(b"", b"again")
        exchange.end(b"two")
        assert not exchange.is_ready

    async with served(app) as client:
        for _ in range(2):
            response = await client.get("/")
            assert (response.text, response.headers["x-of"]) == ("one two", "ours")


async def test_a_whole_response_is_one_write() -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await read_body(receive, 100)
        exchange = exchange_of(send)
        assert exchange is not None
        if exchange.give(b"x-of: ours\r\n", b"whole"):
            assert not exchange.give(b"", b"again")
            assert not exchange.is_ready
        else:
            await respond(send, 200, b"the usual way")

    async with served(app) as client:
        for _ in range(2):
            response = await client.post("/", content=b"body")
            assert (response.text, response.headers["x-of"]) == ("whole", "ours")
            assert response.headers["content-length"] == "5"
        last = await client.post("/", headers={"connection": "close"})
        # uvicorn must say that this connection ends, so nothing goes past it.
        assert (last.text, last.headers["connection"]) == ("the usual way", "close")


async def test_a_response_of_known_length_is_none_to_be_written_to() -> None:
    ready: list[bool] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        await start(send, (b"content-length", b"4"))
        ready.append(exchange is not None and exchange.is_ready)
        await body(send, b"body", more=False)

    async with served(app) as client:
        assert (await client.get("/")).text == "body"
    assert ready == [False]


async def test_a_client_that_does_not_keep_up_or_has_left_is_waited_for() -> None:
    told: asyncio.Queue[bool] = asyncio.Queue()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        assert exchange is not None
        await start(send)
        while exchange.is_ready:
            exchange.write(b"x" * 65_536)
        await told.put(exchange.is_ready)
        while (await receive())["type"] != "http.disconnect":
            pass
        await told.put(exchange.is_ready)

    async with served(app) as client, asyncio.timeout(20):
        async with client.stream("GET", "/"):
            assert await told.get() is False
        assert await told.get() is False


def test_a_send_that_is_not_uvicorns_own_has_no_exchange() -> None:
    async def send(_: Message) -> None:
        raise AssertionError("nothing is sent here")

    assert exchange_of(send) is None
