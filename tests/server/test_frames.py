"""Our frames before the standard, and before the `websockets` library as a second opinion."""

import itertools
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.frames import CloseCode, Frame, Opcode

from lmarena_bridge.core.tabs.messages import Release, encode
from lmarena_bridge.server import frames
from lmarena_bridge.server.frames import Closed, FrameError, FrameReader, Message, Ping
from lmarena_bridge.server.framing import close, framed, pong


def client(opcode: Opcode, payload: bytes, *, fin: bool = True) -> bytes:
    return Frame(opcode, payload, fin=fin).serialize(mask=True)


def wrong(first: int, payload: bytes) -> bytes:
    """A frame that the library would not write: `first` is its first byte."""
    return bytes([first]) + client(Opcode.TEXT, payload)[1:]


def read(*data: bytes, largest: int = 1000) -> list[Message]:
    reader, messages = FrameReader(largest), list[Message]()
    for piece in data:
        reader.feed(piece, messages)
    return messages


def failure(*data: bytes, largest: int = 1000) -> tuple[int, list[Message]]:
    """The code by which the connection is failed, and what came before."""
    reader, messages = FrameReader(largest), list[Message]()
    with pytest.raises(FrameError) as failed:
        for piece in data:
            reader.feed(piece, messages)
    assert failed.value.reason
    return failed.value.code, messages


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65_535, 65_536, 70_000])
def test_a_message_of_any_size_is_read(size: int) -> None:
    payload = (bytes(range(256)) * 300)[:size]
    assert read(client(Opcode.BINARY, payload), largest=100_000) == [payload]


TALK = (
    client(Opcode.BINARY, b"x" * 130)
    + client(Opcode.TEXT, "zażółć 🌉".encode())
    + client(Opcode.BINARY, b"in ", fin=False)
    + client(Opcode.PING, b"?")
    + client(Opcode.CONT, b"three ", fin=False)
    + client(Opcode.PONG, b"unasked")
    + client(Opcode.CONT, b"pieces")
    + client(Opcode.TEXT, b"")
    + client(Opcode.CLOSE, CloseCode.GOING_AWAY.to_bytes(2, "big") + "tschüß".encode())
)
SAID = [b"x" * 130, "zażółć 🌉", Ping(b"?"), b"in three pieces", "", Closed(1001, "tschüß")]


def test_a_talk_is_understood_however_it_is_cut() -> None:
    assert read(TALK) == SAID
    assert read(*(bytes([byte]) for byte in TALK)) == SAID
    for cut in range(len(TALK)):
        assert read(TALK[:cut], TALK[cut:]) == SAID


@given(st.lists(st.integers(0, len(TALK)), max_size=8))
def test_a_talk_is_understood_in_any_pieces(cuts: list[int]) -> None:
    places = [0, *sorted(cuts), len(TALK)]
    assert read(*(TALK[start:end] for start, end in itertools.pairwise(places))) == SAID


def test_nothing_is_heard_after_the_goodbye() -> None:
    assert read(client(Opcode.CLOSE, b""), client(Opcode.TEXT, b"more")) == [Closed(1005, "")]
    assert read(client(Opcode.CLOSE, b"") + client(Opcode.TEXT, b"more")) == [Closed(1005, "")]


BEFORE = client(Opcode.BINARY, b"before")
WRONG = {
    "no mask": (Frame(Opcode.TEXT, b"hi").serialize(mask=False), 1002),
    "no mask, and nothing more": (b"\x81\x00", 1002),
    "a reserved bit": (wrong(0xC1, b"hi"), 1002),
    "a reserved bit of a binary frame": (wrong(0x92, b"hi"), 1002),
    "an unknown kind of data": (wrong(0x83, b"hi"), 1002),
    "an unknown kind of control": (wrong(0x8B, b""), 1002),
    "a long ping": (wrong(0x89, b"x" * 126), 1002),
    "a ping in pieces": (wrong(0x09, b""), 1002),
    "a continuation of nothing": (client(Opcode.CONT, b"hi"), 1002),
    "a new message within another": (client(Opcode.TEXT, b"a", fin=False) + client(Opcode.TEXT, b"b"), 1002),
    "a binary one within another": (client(Opcode.TEXT, b"a", fin=False) + client(Opcode.BINARY, b"b"), 1002),
    "text that is not UTF-8": (client(Opcode.TEXT, b"\xff"), 1007),
    "half a character": (client(Opcode.TEXT, "ż".encode()[:1]), 1007),
    "half a code": (client(Opcode.CLOSE, b"\x03"), 1002),
    "a code nobody may send": (client(Opcode.CLOSE, (1005).to_bytes(2, "big")), 1002),
    "a reason that is not UTF-8": (client(Opcode.CLOSE, b"\x03\xe8\xff"), 1007),
    "a message that is too large": (client(Opcode.BINARY, b"x" * 1001), 1009),
    "a giant that is only announced": (b"\x82\xff\x7f\xff\xff\xff\xff\xff\xff\xffmask", 1009),
    "many pieces that are too large together": (
        client(Opcode.TEXT, b"x" * 600, fin=False) + client(Opcode.CONT, b"x" * 600, fin=False),
        1009,
    ),
}


@pytest.mark.parametrize(("data", "code"), WRONG.values(), ids=WRONG)
def test_what_the_standard_calls_wrong_fails_the_connection_after_what_came_before(
    data: bytes, code: int
) -> None:
    assert failure(BEFORE + data) == (code, [b"before"])
    assert failure(BEFORE, *(bytes([byte]) for byte in data)) == (code, [b"before"])


@pytest.mark.parametrize("code", [1000, 1003, 1007, 1011, 1014, 3000, 4999])
def test_codes_that_may_be_sent(code: int) -> None:
    assert read(client(Opcode.CLOSE, code.to_bytes(2, "big"))) == [Closed(code, "")]


@pytest.mark.parametrize("code", [0, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535])
def test_codes_that_may_not(code: int) -> None:
    assert failure(client(Opcode.CLOSE, code.to_bytes(2, "big"))) == (1002, [])


@pytest.mark.parametrize("size", [0, 1, 3, 4, 5, 95, 1000])
def test_masks_come_off_without_the_c_routine_too(size: int, monkeypatch: pytest.MonkeyPatch) -> None:
    payload = (bytes(range(256)) * 4)[:size]
    data = client(Opcode.BINARY, payload)
    monkeypatch.setitem(sys.modules, "websockets.speedups", None)
    assert read(data) == [payload]


@pytest.mark.parametrize("message", ["", "zażółć", "x" * 125, "x" * 126, b"\x00" * 65_535, b"\x00" * 65_536])
def test_what_we_say_is_read_by_others(message: str | bytes) -> None:
    data = message.encode() if isinstance(message, str) else message
    opcode = Opcode.TEXT if isinstance(message, str) else Opcode.BINARY
    assert b"".join(framed([message])) == Frame(opcode, data).serialize(mask=False)


def test_structs_travel_as_json_text() -> None:
    assert b"".join(framed([Release(7)])) == b"".join(framed([encode(Release(7))]))


@pytest.mark.parametrize("size", [0, 1, 13, 125])
def test_a_small_binary_message_that_comes_alone_is_read_in_one_step(size: int) -> None:
    reader, payload = FrameReader(1000), bytes(range(size))
    assert reader.alone(client(Opcode.BINARY, payload)) == payload
    # It leaves nothing behind, whoever reads the next.
    assert reader.alone(client(Opcode.BINARY, payload)) == payload
    messages: list[Message] = []
    reader.feed(client(Opcode.BINARY, b"x"), messages)
    assert messages == [b"x"]


ONE = client(Opcode.BINARY, b"abc")
NOT_ALONE = {
    **{f"{cut} bytes of it": (b"", ONE[:cut]) for cut in range(len(ONE))},
    "two": (b"", ONE * 2),
    "one and a bit": (b"", ONE + b"\x82"),
    "the rest of another": (ONE[:3], ONE[3:]),
    "after the start of another": (ONE[:3], ONE),
    "between pieces of a message": (client(Opcode.BINARY, b"a", fin=False), ONE),
    "after the goodbye": (client(Opcode.CLOSE, b""), ONE),
    "a text": (b"", client(Opcode.TEXT, b"abc")),
    "a piece": (b"", client(Opcode.BINARY, b"abc", fin=False)),
    "a ping": (b"", client(Opcode.PING, b"abc")),
    "a reserved bit": (b"", wrong(0xC2, b"abc")),
    "no mask": (b"", Frame(Opcode.BINARY, b"abc" * 41).serialize(mask=False)),
    **{
        f"{size} bytes, without a mask": (b"", Frame(Opcode.BINARY, bytes(size)).serialize(mask=False))
        for size in range(126)
    },
    "a longer one": (b"", client(Opcode.BINARY, bytes(126))),
    "a longer one that is as long as a small one would be": (b"", b"\x82\xfe" + bytes(130)),
    "a giant that is as long as a small one would be": (b"", b"\x82\xff" + bytes(131)),
}


@pytest.mark.parametrize(("before", "data"), NOT_ALONE.values(), ids=NOT_ALONE)
def test_whatever_else_comes_is_no_message_that_came_alone(before: bytes, data: bytes) -> None:
    reader = FrameReader(1000)
    reader.feed(before, [])
    assert reader.alone(data) is None


def test_a_message_that_came_in_pieces_is_followed_by_one_that_comes_alone() -> None:
    reader = FrameReader(1000)
    for piece in (ONE[:3], ONE[3:], client(Opcode.BINARY, b"a", fin=False), client(Opcode.CONT, b"b")):
        reader.feed(piece, [])
    assert reader.alone(ONE) == b"abc"


def test_pongs_and_goodbyes() -> None:
    assert pong(Ping(b"?")) == Frame(Opcode.PONG, b"?").serialize(mask=False)
    assert close(1000) == Frame(Opcode.CLOSE, b"\x03\xe8").serialize(mask=False)
    assert close(frames.NO_CODE) == Frame(Opcode.CLOSE, b"").serialize(mask=False)
    cut = close(1001, "ż" * 100)
    assert len(cut) == 2 + 2 + 122
    assert cut[4:].decode() == "ż" * 61


@pytest.mark.parametrize("frame", [b"\x82\x00", b"\x82\x05", b"\x81\x7e", b"\x89\x00"])
def test_a_frame_without_a_mask_fails_as_soon_as_that_is_seen(frame: bytes) -> None:
    before = client(Opcode.BINARY, b"x")
    assert failure(before, frame[:1], frame[1:]) == (frames.BAD_FRAME, [b"x"])
    assert failure(before + frame + bytes(20)) == (frames.BAD_FRAME, [b"x"])
