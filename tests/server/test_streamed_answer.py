"""What is written of an answer that is given batch by batch."""

from collections.abc import Awaitable, Callable
from typing import Any

from lmarena_bridge.core.api.openai.stream import ChunkEncoder
from lmarena_bridge.core.chat.events import Finished, FinishReason, Take, TextDelta
from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.answer import StreamedAnswer
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.wire import Message, Receive, Scope, Send
from support.fed import Fed, port, settled

END = Finished(FinishReason.STOP)
REQUEST = b"GET / HTTP/1.1\r\nHost: a\r\n\r\n"


def streamed(send: Send) -> StreamedAnswer:
    return StreamedAnswer(EventStream(send), ChunkEncoder(id="id", created=0, model="m"))


async def bodies(give: Callable[[Take, ShortWay], Awaitable[None]]) -> list[tuple[bytes, bool]]:
    """What is sent to a server that is not ours: each body, and whether more follows."""
    sent, way = list[Message](), ShortWay()

    async def send(message: Message) -> None:
        sent.append(message)

    await streamed(send).give(lambda take: give(take, way), way)
    assert sent.pop(0)["status"] == 200
    return [(message["body"], message["more_body"]) for message in sent]


async def handed(take: Take, *events: Any) -> None:
    if (until := take(events)) is not None:
        await until


async def test_the_end_of_an_answer_goes_out_with_its_last_words() -> None:
    async def give(take: Take, way: ShortWay) -> None:
        way.is_last = True
        await handed(take, TextDelta("Hi"), END)

    ((body, more),) = await bodies(give)
    assert body.endswith(b"data: [DONE]\n\n")
    assert not more


async def test_while_more_may_come_it_follows() -> None:
    async def give(take: Take, way: ShortWay) -> None:
        way.is_last = True
        await handed(take, TextDelta("Hi"))
        way.is_last = False
        await handed(take, END)

    *others, last = await bodies(give)
    assert [more for _, more in others] == [True, True]
    assert last == (b"data: [DONE]\n\n", False)


async def test_what_fails_behind_the_end_is_not_said_any_more() -> None:
    async def give(take: Take, way: ShortWay) -> None:
        way.is_last = True
        await handed(take, TextDelta("Hi"), END)
        raise TabLost("gone")

    ((body, _),) = await bodies(give)
    assert b"gone" not in body


async def test_a_short_answer_is_one_chunk_of_our_own_server() -> None:
    way = ShortWay()

    async def give(take: Take) -> None:
        way.is_last = True
        assert take((TextDelta("Hi"), END)) is None

    async def app(_: Scope, receive: Receive, send: Send) -> None:
        await streamed(send).give(give, way)

    fed = Fed(port(app))
    for _ in range(2):
        fed.wire.written = b""
        await fed.feed([REQUEST])
        await settled()
        head, _, rest = fed.wire.written.partition(b"\r\n\r\n")
        size, _, chunk = rest.partition(b"\r\n")
        assert head.startswith(b"HTTP/1.1 200 OK\r\n")
        assert chunk[int(size, 16) :] == b"\r\n0\r\n\r\n"
        assert chunk.count(b"data: ") == 4
    fed.lose()
    await settled()
