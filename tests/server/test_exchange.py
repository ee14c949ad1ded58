"""What is written past `send` arrives like everything else."""

import asyncio
from collections.abc import Awaitable
from typing import Final

import pytest

from lmarena_bridge.core.errors import TooLarge
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.disconnect import until_client_leaves
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.wire import ClientLeft, Message, Receive, Scope, Send, respond
from support.fed import Fed, port, settled
from support.served import served

GET: Final = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"
START: Final[Message] = {"type": "http.response.start", "status": 200, "headers": []}
BODY: Final[Message] = {"type": "http.response.body", "body": b"body"}


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


async def test_a_stream_may_be_begun_and_ended_in_one() -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        assert exchange is not None
        assert exchange.begin(b"x-of: ours\r\n", b"one", last=True)
        assert not exchange.is_ready

    async with served(app) as client:
        for _ in range(2):
            response = await client.get("/")
            assert (response.text, response.headers["x-of"]) == ("one", "ours")
            assert response.headers["transfer-encoding"] == "chunked"


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


async def test_a_body_in_pieces_wakes_its_reader_once() -> None:
    woken: list[int] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(receive)
        assert exchange is not None
        assert exchange.whole_body() is None
        body = await exchange.collected(200_000)
        woken.append(len(body or b""))
        await respond(send, 200, b"")

    fed = Fed(port(app))
    await fed.feed([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n"])
    for _ in range(15):
        assert not woken
        assert not fed.wire.is_paused
        await fed.feed([b"x" * 10_000])
    assert woken == [150_000]


async def test_more_than_is_wanted_is_not_waited_for() -> None:
    sizes: list[int] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        try:
            await read_body(receive, 100_000)
        except TooLarge as error:
            await respond(send, error.status, b"")

    fed = Fed(port(app))
    await fed.feed([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n"])
    while not fed.wire.written:
        await fed.feed([b"x" * 10_000])
        sizes.append(10_000)
    assert sum(sizes) == 110_000
    assert fed.wire.written.startswith(b"HTTP/1.1 413 ")


async def test_what_nobody_takes_keeps_the_client_from_sending_more() -> None:
    taken = asyncio.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await taken.wait()
        await respond(send, 200, b"%d" % len(await read_body(receive, 200_000)))

    fed = Fed(port(app))
    await fed.feed([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 150000\r\n\r\n", b"x" * 100_000])
    assert fed.state()["paused"]
    taken.set()
    await settled()
    assert not fed.state()["paused"]
    await fed.feed([b"x" * 50_000])
    assert fed.wire.written.endswith(b"150000")


async def test_a_client_that_leaves_while_it_sends_is_noticed() -> None:
    left = asyncio.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        try:
            await read_body(receive, 1000)
        except ClientLeft:
            left.set()

    fed = Fed(port(app))
    await fed.feed([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhell"])
    fed.lose()
    await settled()
    assert left.is_set()


async def test_who_waits_for_a_word_before_the_body_gets_it_when_it_is_wanted() -> None:
    wanted = asyncio.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await wanted.wait()
        await respond(send, 200, bytes(await read_body(receive, 1000)))

    fed = Fed(port(app))
    await fed.feed([b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-Continue\r\n\r\n"])
    assert fed.wire.written == b""
    wanted.set()
    await settled()
    assert fed.wire.written == b"HTTP/1.1 100 Continue\r\n\r\n"
    await fed.feed([b"hello"])
    assert fed.wire.written.endswith(b"\r\n\r\nhello")


@pytest.mark.parametrize(
    ("messages", "wrong"),
    [
        ([BODY], "Expected 'http.response.start'"),
        ([START, START], "Expected 'http.response.body'"),
        ([START, BODY, BODY], "too late"),
        ([{**START, "headers": [(b"content-length", b"9")]}, BODY], "shorter"),
        ([{**START, "headers": [(b"content-length", b"2")]}, BODY], "longer"),
        ([{**START, "headers": [(b"a b", b"")]}], "Invalid HTTP header"),
    ],
)
async def test_an_application_that_errs_is_told_so(messages: list[Message], wrong: str) -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        with pytest.raises(RuntimeError, match=wrong):
            for message in messages:
                await send(message)

    fed = Fed(port(app))
    await fed.feed([GET])
    assert fed.wire.written.startswith(b"HTTP/1.1 ") or fed.wire.is_closing()


@pytest.mark.parametrize("begun", [False, True])
@pytest.mark.parametrize("fails", [False, True])
async def test_a_response_that_is_not_given_or_not_to_its_end_closes_the_connection(
    caplog: pytest.LogCaptureFixture, *, begun: bool, fails: bool
) -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        if begun:
            await send(START)
        if fails:
            raise ValueError

    fed = Fed(port(app))
    await fed.feed([GET])
    assert fed.wire.is_closing()
    assert fed.wire.written.startswith(b"HTTP/1.1 200 " if begun else b"HTTP/1.1 500 ")
    assert ("Exception" if fails else "without") in caplog.text


async def test_a_response_to_head_has_no_body() -> None:
    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await send({**START, "headers": [(b"content-length", b"4")]})
        await send(BODY)

    fed = Fed(port(app))
    await fed.feed([GET.replace(b"GET", b"HEAD")])
    assert fed.wire.written == b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\n"


async def test_a_server_that_stops_ends_its_connections_when_they_have_their_answers() -> None:
    going = asyncio.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await going.wait()
        await respond(send, 200, b"")

    idle, busy = Fed(served := port(app)), Fed(served)
    await busy.feed([GET])
    for connection in list(served.connections):
        connection.shutdown()
    assert (idle.wire.is_closing(), busy.wire.is_closing()) == (True, False)
    going.set()
    await settled()
    assert busy.wire.is_closing()
    assert b"connection: close" in busy.wire.written


async def test_a_client_that_leaves_with_requests_behind_the_first_is_noticed() -> None:
    heard: list[str] = []

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await receive()
        heard.append((await receive())["type"])

    fed = Fed(port(app))
    await fed.feed([GET * 3])
    fed.lose()
    await settled()
    assert heard == ["http.disconnect"]


async def test_what_is_done_before_anything_is_awaited_is_done_while_the_request_is_read() -> None:
    heard: list[str] = []

    def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        heard.append(f"asked for {scope['path']}")
        return answer(send)

    async def answer(send: Send) -> None:
        heard.append("answered")
        await respond(send, 200, b"")

    fed = Fed(port(app))
    fed.connection.data_received(GET * 2)
    assert heard == ["asked for /"]
    await settled()
    # The second one only when the first has ended, and not from within its end.
    assert heard == ["asked for /", "answered"] * 2
    fed.lose()


async def test_one_behind_it_is_not_asked_for_when_its_client_has_left_in_the_meantime() -> None:
    asked: list[Scope] = []
    fed: Fed

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        asked.append(scope)
        await respond(send, 200, b"")
        fed.lose()

    fed = Fed(port(app))
    await fed.feed([GET * 2])
    assert len(asked) == 1


async def test_what_fails_before_anything_is_awaited_is_told_like_what_fails_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        raise RuntimeError("broken")

    fed = Fed(port(app))
    await fed.feed([GET])
    assert fed.wire.written.startswith(b"HTTP/1.1 500 ")
    assert fed.wire.is_closing()
    assert [record.exc_info and str(record.exc_info[1]) for record in caplog.records] == ["broken"]


async def test_work_that_ends_with_its_client_may_be_named_while_the_request_is_read(
    caplog: pytest.LogCaptureFixture,
) -> None:
    heard: list[str] = []

    def app(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        return until_client_leaves(receive, work())

    async def work() -> None:
        try:
            await asyncio.Event().wait()
        finally:
            heard.append("ended")

    fed = Fed(port(app))
    fed.connection.data_received(GET)
    # Even before anybody had time for it.
    fed.lose()
    await settled()
    assert heard == ["ended"]
    assert not caplog.records


class Guest:
    """Looked after with its exchange."""

    def __init__(self) -> None:
        self.looks = 0

    def look(self) -> None:
        self.looks += 1


async def test_what_an_exchange_looks_after_needs_no_timer_of_its_own() -> None:
    guest, going = Guest(), asyncio.Event()

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        exchange = exchange_of(send)
        assert exchange is not None
        exchange.add(guest, 0.0)
        await going.wait()
        exchange.add(guest, 0.0)
        exchange.remove(guest, 0.0)
        await respond(send, 200, b"")

    fed = Fed(port(app))
    await fed.feed([GET])
    fed.connection.look()
    assert guest.looks == 1
    fed.connection.look()
    assert guest.looks == 1
    going.set()
    await settled()
    fed.connection.look()
    assert guest.looks == 1
