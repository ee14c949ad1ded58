"""What the fake tab says is what a real one would say."""

import json

import pytest
from benchmarks.frames import BINARY, TEXT
from benchmarks.order import Order, blank_stamps, find_order, texts
from benchmarks.wires import Job, OwnWire, PeerWire, pieces
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol

from lmarena_bridge.core.chat.events import Finished, FinishReason, ReasoningDelta, TextDelta
from lmarena_bridge.core.site.stream import StreamParser
from lmarena_bridge.core.tabs import messages as m

ORDERS = [
    Order(),
    Order(fragments=1),
    Order(fragments=7, size=40, per_message=3),
    Order(fragments=3, thoughts=4),
    Order(fragments=1, size=5000, cut=700),
]


def received(data: bytes) -> list[Frame]:
    protocol = Protocol(SERVER, state=OPEN, max_size=None)
    protocol.receive_data(data)
    return [event for event in protocol.events_received() if isinstance(event, Frame)]


def own_job(order: Order, stream: int = 70_000) -> Job:
    """The job that a fetch of our server begins."""
    begun: list[Job] = []
    wire = OwnWire(begun.append, begun.append, secret="s", tab="t")
    fetch = m.Fetch(stream, "job", "PUT", "/x", {}, (), body=True, window=1_000_000)
    wire.received(TEXT, m.encode(fetch).encode())
    wire.received(BINARY, m.encode_body(stream, f'{{"content":"hi {order.marker()}"}}'.encode()))
    return begun[0]


def test_an_order_is_found_in_the_message_that_carries_it() -> None:
    order = Order(1, 2, 3, 4, 5, 6)
    assert find_order(b'{"content":"a ' + order.marker().encode() + b'"}') == order
    assert find_order(b"nothing") == Order(fragments=1)


@pytest.mark.parametrize("order", ORDERS)
@pytest.mark.parametrize("burst", [True, False])
def test_our_wire_carries_the_ordered_answer(order: Order, burst: bool) -> None:
    job = own_job(order)
    data = job.burst() if burst else job.head() + b"".join(map(job.piece, job.pieces)) + job.end()
    head, *middle, end = received(data)
    assert m.decode_from_tab(bytes(head.data).decode()) == m.Head(70_000, 200)
    parser, length, events = StreamParser("a"), 0, []
    for frame in middle:
        piece = m.decode_data(bytes(frame.data))
        assert (frame.opcode, piece.stream, piece.offset) == (Opcode.BINARY, 70_000, length)
        length += len(piece.payload)
        events += parser.feed(piece.payload)
    assert m.decode_from_tab(bytes(end.data).decode()) == m.End(70_000, length)
    text = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert blank_stamps(text) == "".join(texts(order))
    assert sum(isinstance(event, ReasoningDelta) for event in events) == order.thoughts
    assert events[-1] == Finished(FinishReason.STOP)


def test_our_wires_greeting_and_pong_are_understood() -> None:
    wire = OwnWire(lambda _: None, lambda _: None, secret="s", tab="t")
    (hello,) = received(wire.greeting())
    assert isinstance(m.decode_from_tab(bytes(hello.data).decode()), m.Hello)
    (pong,) = received(wire.received(TEXT, m.encode(m.Ping(2.5)).encode()))
    assert m.decode_from_tab(bytes(pong.data).decode()) == m.Pong(2.5)


def test_a_job_without_room_waits_for_credit() -> None:
    begun: list[Job] = []
    resumed: list[Job] = []
    wire = OwnWire(begun.append, resumed.append, secret="s", tab="t")
    wire.received(TEXT, m.encode(m.Fetch(1, "j", "PUT", "/", {}, (), body=True, window=1000)).encode())
    wire.received(BINARY, m.encode_body(1, b"#"))
    assert not begun[0].has_room(1000)
    wire.received(TEXT, m.encode(m.Credit(1, 1_000_000)).encode())
    assert resumed == begun
    assert begun[0].has_room(1000)


@pytest.mark.parametrize("order", ORDERS)
def test_a_peers_wire_carries_the_same_stream(order: Order) -> None:
    begun: list[Job] = []
    wire = PeerWire(begun.append, begun.append)
    task = json.dumps({"request_id": "a-name-of-some-length", "payload": order.marker()})
    wire.received(TEXT, task.encode())
    said = [json.loads(bytes(frame.data)) for frame in received(begun[0].burst())]
    assert {each["request_id"] for each in said} == {"a-name-of-some-length"}
    *middle, last = [each["data"] for each in said]
    assert last == "[DONE]"
    assert blank_stamps("".join(middle)) == "".join(pieces(order)) + 'ad:{"finishReason":"stop"}\n'
