import pytest

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.burst import Burst, Parcel, read_parcels

HEAD, END, PONG, STATE = m.Head(1, 200), m.End(1, 4), m.Pong(1), m.State("hidden")
MANY = tuple(bytes([65 + number]) * (number + 1) for number in range(20))


def frames_of(*payloads: bytes, stream: int = 1, start: int = 0) -> list[str | bytes]:
    """Data frames that continue each other."""
    frames: list[str | bytes] = []
    for payload in payloads:
        frames.append(m.encode_data(stream, start, payload))
        start += len(payload)
    return frames


def parcels(*frames: str | bytes) -> list[Parcel]:
    read: list[Parcel] = []
    read_parcels(frames, read)
    return read


def test_what_follows_each_other_about_one_stream_is_together() -> None:
    other = m.Failed(2, "network")
    late = m.encode_data(1, 4, b"late")
    said = [m.encode(word) for word in (END, PONG, STATE, other)]
    assert parcels(m.encode(HEAD), *frames_of(b"ab", b"cd"), *said, late) == [
        (1, [HEAD, Burst(1, 0, [b"ab", b"cd"]), END]),
        (m.NO_STREAM, [PONG, STATE]),
        (2, [other]),
        (1, [Burst(1, 4, [b"late"])]),
    ]
    assert parcels() == []
    assert parcels(m.encode(PONG)) == [(m.NO_STREAM, [PONG])]


def test_data_frames_that_continue_each_other_are_one() -> None:
    other, gap = m.encode_data(2, 0, b"x"), m.encode_data(1, 9, b"gap")
    assert parcels(*frames_of(b"ab", b"cd"), other, *frames_of(b"e", start=4), gap) == [
        (1, [Burst(1, 0, [b"ab", b"cd"])]),
        (2, [Burst(2, 0, [b"x"])]),
        (1, [Burst(1, 4, [b"e"]), Burst(1, 9, [b"gap"])]),
    ]


def test_data_before_and_after_a_word_are_two_bursts() -> None:
    first, second = frames_of(b"ab", b"cd")
    assert parcels(first, m.encode(HEAD), second) == [
        (1, [Burst(1, 0, [b"ab"]), HEAD, Burst(1, 2, [b"cd"])]),
    ]


@pytest.mark.parametrize("start", [0, 5, 2**62, 2**62 + 1, 2**63])
def test_a_burst_is_one_from_wherever_it_starts(start: int) -> None:
    assert parcels(*frames_of(*MANY, stream=7, start=start)) == [(7, [Burst(7, start, list(MANY))])]


@pytest.mark.parametrize("at", [1, 9, 19])
@pytest.mark.parametrize("odd", [Burst(2, 0, [b"other"]), Burst(1, 2**40, [b"gap"])])
def test_a_burst_with_something_else_in_it_is_told_in_its_order(at: int, odd: Burst) -> None:
    frames = frames_of(*MANY)
    frames.insert(at, m.encode_data(odd.stream, odd.offset, odd.pieces[0]))
    words = [word for _, words in parcels(*frames) for word in words]
    length = sum(map(len, MANY[:at]))
    assert words == [Burst(1, 0, list(MANY[:at])), odd, Burst(1, length, list(MANY[at:]))]


@pytest.mark.parametrize("wrong", ["{", b"", b"short", bytes(12), bytes(12 + m.MAX_DATA_BYTES + 1)])
@pytest.mark.parametrize("at", [0, 1, 9, 20])
def test_what_came_before_something_malformed_is_told(at: int, wrong: str | bytes) -> None:
    frames = frames_of(*MANY)
    frames.insert(at, wrong)
    read: list[Parcel] = []
    with pytest.raises(m.MalformedMessage):
        read_parcels([m.encode(HEAD), *frames, m.encode(END)], read)
    assert read == [(1, [HEAD, *([Burst(1, 0, list(MANY[:at]))] if at else [])])]
