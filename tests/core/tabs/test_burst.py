import pytest

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.burst import join_data, parcels


def test_data_frames_that_continue_each_other_are_one() -> None:
    frames = [
        m.encode_data(1, 0, b"ab"),
        m.encode_data(1, 2, b"cd"),
        m.encode_data(2, 0, b"x"),
        m.encode_data(1, 4, b"e"),
        m.encode_data(1, 9, b"gap"),
    ]
    joined = [m.Data(1, 0, b"abcd"), m.Data(2, 0, b"x"), m.Data(1, 4, b"e"), m.Data(1, 9, b"gap")]
    assert list(join_data(frames)) == joined
    assert list(join_data([])) == []
    assert list(join_data(frames[:1])) == [m.Data(1, 0, b"ab")]


@pytest.mark.parametrize("wrong", [b"", bytes(12), bytes(12 + m.MAX_DATA_BYTES + 1)])
@pytest.mark.parametrize("before", [[], [m.encode_data(1, 0, b"ab"), m.encode_data(1, 2, b"c")]])
def test_what_came_before_a_malformed_frame_is_told(before: list[bytes], wrong: bytes) -> None:
    told: list[m.Data] = []
    with pytest.raises(m.MalformedMessage):
        told.extend(join_data([*before, wrong, m.encode_data(1, 3, b"d")]))
    assert told == ([m.Data(1, 0, b"abc")] if before else [])


def burst(*payloads: bytes, stream: int = 1, start: int = 0) -> list[bytes]:
    """Frames that continue each other."""
    frames = []
    for payload in payloads:
        frames.append(m.encode_data(stream, start, payload))
        start += len(payload)
    return frames


MANY = tuple(bytes([65 + number]) * (number + 1) for number in range(20))


@pytest.mark.parametrize("start", [0, 5, 2**62, 2**62 + 1, 2**63])
def test_a_burst_is_one_piece_from_wherever_it_starts(start: int) -> None:
    assert list(join_data(burst(*MANY, stream=7, start=start))) == [m.Data(7, start, b"".join(MANY))]


@pytest.mark.parametrize("at", [0, 1, 9, 19])
@pytest.mark.parametrize("odd", [m.encode_data(2, 0, b"other"), m.encode_data(1, 2**40, b"gap")])
def test_a_burst_with_something_else_in_it_is_told_in_its_order(at: int, odd: bytes) -> None:
    frames = burst(*MANY)
    frames.insert(at, odd)
    before, after = b"".join(MANY[:at]), b"".join(MANY[at:])
    told = [m.Data(1, 0, before), m.decode_data(odd), m.Data(1, len(before), after)]
    assert list(join_data(frames)) == [data for data in told if data.payload]


@pytest.mark.parametrize("at", [1, 9, 20])
@pytest.mark.parametrize("wrong", [b"", bytes(12), bytes(12 + m.MAX_DATA_BYTES + 1)])
def test_what_came_before_a_malformed_frame_of_a_burst_is_told(at: int, wrong: bytes) -> None:
    frames = burst(*MANY)
    frames.insert(at, wrong)
    told: list[m.Data] = []
    with pytest.raises(m.MalformedMessage):
        told.extend(join_data(frames))
    assert told == [m.Data(1, 0, b"".join(MANY[:at]))]


def test_what_follows_each_other_about_one_stream_is_together() -> None:
    head, end, pong, state = m.Head(1, 200), m.End(1, 4), m.Pong(1), m.State("hidden")
    other = m.Failed(2, "network")
    frames = [
        m.encode(head),
        *burst(b"ab", b"cd"),
        m.encode(end),
        m.encode(pong),
        m.encode(state),
        m.encode(other),
        m.encode_data(1, 4, b"late"),
    ]
    assert list(parcels(frames)) == [
        (1, [head, m.Data(1, 0, b"abcd"), end]),
        (m.NO_STREAM, [pong, state]),
        (2, [other]),
        (1, [m.Data(1, 4, b"late")]),
    ]
    assert list(parcels([])) == []


@pytest.mark.parametrize("wrong", ["{", b"short", bytes(12)])
def test_what_came_before_a_malformed_word_is_told(wrong: str | bytes) -> None:
    told: list[object] = []
    with pytest.raises(m.MalformedMessage):
        told.extend(parcels([m.encode(m.Head(1, 200)), *burst(b"ab", b"c"), wrong, m.encode(m.End(1, 3))]))
    assert told == [(1, [m.Head(1, 200), m.Data(1, 0, b"abc")])]
    with pytest.raises(m.MalformedMessage):
        list(parcels([wrong]))
