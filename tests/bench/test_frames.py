"""The benchmark's frames before the `websockets` library."""

import pytest
from benchmarks.frames import BINARY, TEXT, Reader, frame, mask
from websockets.frames import Frame, Opcode
from websockets.protocol import OPEN, SERVER, Protocol


def received(data: bytes) -> list[Frame]:
    protocol = Protocol(SERVER, state=OPEN, max_size=None)
    protocol.receive_data(data)
    return [event for event in protocol.events_received() if isinstance(event, Frame)]


@pytest.mark.parametrize("size", [0, 1, 125, 126, 65535, 65536])
def test_a_masked_frame_says_what_was_put_in(size: int) -> None:
    payload = bytes(range(256)) * (size // 256 + 1)
    (found,) = received(frame(payload[:size], BINARY))
    assert (found.opcode, bytes(found.data)) == (Opcode.BINARY, payload[:size])


@pytest.mark.parametrize("offset", range(5))
def test_a_piece_is_masked_as_it_is_within_the_whole(offset: int) -> None:
    assert mask(b"0123456789"[offset:], offset) == mask(b"0123456789")[offset:]


@pytest.mark.parametrize(
    "said", [[b"", b"x" * 125, b"y" * 126, b"z" * 70_000], [b"x" * 125, b"y" * 126, b"z" * 70]]
)
def test_a_servers_frames_are_read_at_every_cut(said: list[bytes]) -> None:
    data = b"".join(Frame(Opcode.TEXT, payload).serialize(mask=False) for payload in said)
    for step in (1, 7, 4096, len(data)):
        reader = Reader()
        cuts = [data[at : at + step] for at in range(0, len(data), step)]
        assert [message for cut in cuts for message in reader.feed(cut)] == [(TEXT, each) for each in said]


def test_fragments_are_joined_and_controls_pass_between_them() -> None:
    frames = (
        Frame(Opcode.TEXT, b"one ", fin=False),
        Frame(Opcode.PING, b"?"),
        Frame(Opcode.CONT, b"two"),
    )
    data = b"".join(each.serialize(mask=False) for each in frames)
    assert list(Reader().feed(data)) == [(9, b"?"), (TEXT, b"one two")]
