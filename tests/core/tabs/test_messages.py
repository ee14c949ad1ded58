import json
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.tabs import messages as m

HELLO = m.Hello(
    version="0.1.0",
    secret="s",
    tab="t",
    profile="p",
    origin="https://lmarena.ai",
    streams=(m.HeldStream(7, "job", 3, 9),),
)

FROM_TAB: list[m.FromTab] = [
    HELLO,
    m.Head(1, 200, {"content-type": "text/event-stream"}),
    m.End(1, 12),
    m.Failed(1, "network", "TypeError: Failed to fetch"),
    m.Pong(12.5),
    m.State("frozen"),
    m.Captured("/api/x?y=1"),
    m.Attended(),
    m.Bye(),
]

TO_TAB: list[m.ToTab] = [
    m.Welcome("0.1.0", (m.Resumed(7, 5, 100),), "pattern"),
    m.Fetch(1, "job", "PUT", "/x", {"a": "b"}, ("content-type",), True, 100),
    m.Page(1, "job", 100),
    m.Credit(1, 200),
    m.Cancel(1),
    m.Release(1),
    m.Ping(1.5),
    m.Attention("look at me"),
    m.Capture(None),
]


@pytest.mark.parametrize("message", FROM_TAB, ids=lambda message: type(message).__name__)
def test_what_a_tab_says_is_read_back(message: m.FromTab) -> None:
    assert m.decode_from_tab(m.encode(message)) == message


@pytest.mark.parametrize("message", TO_TAB, ids=lambda message: type(message).__name__)
def test_what_the_server_says_is_read_back(message: m.ToTab) -> None:
    assert m.decode_to_tab(m.encode(message)) == message


def test_every_kind_of_message_is_in_these_tests() -> None:
    assert {type(message) for message in FROM_TAB} == set(get_args(m.FromTab))
    assert {type(message) for message in TO_TAB} == set(get_args(m.ToTab))


def test_a_later_version_may_say_more() -> None:
    assert m.decode_from_tab('{"type":"sing","song":1}') == m.Unknown("sing")
    assert m.decode_to_tab('{"type":"sing","song":1}') == m.Unknown("sing")
    assert m.decode_from_tab('{"type":"bye","song":1}') == m.Bye()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        "null",
        '{"type":1}',
        "{}",
        '{"type":"head"}',
        '{"type":"head","stream":-1,"status":200}',
        '{"type":"head","stream":4294967296,"status":200}',
        '{"type":"head","stream":1.5,"status":200}',
        '{"type":"head","stream":"1","status":200}',
        '{"type":"failed","stream":1,"reason":"because"}',
        '{"type":"pong","at":1e999}',
        '{"type":"hello","version":"","secret":"s","tab":"t","profile":"p","origin":"o"}',
        '{"type":"' + "x" * 300 + '"}',
        "[" * 100_000,
        "\ud800",
        '{"type":"state","visibility":"visible"} x',
        '{"type":"captured","path":"' + "x" * 2001 + '"}',
    ],
)
def test_what_is_no_message_is_refused_with_a_reason(text: str) -> None:
    with pytest.raises(m.MalformedMessage) as refused:
        m.decode_from_tab(text)
    assert str(refused.value)


def test_a_flood_of_text_is_refused_before_it_is_read() -> None:
    with pytest.raises(m.MalformedMessage, match="at most"):
        m.decode_from_tab(" " * (m.MAX_TEXT_BYTES + 1))


def test_a_malformed_word_of_the_server_is_refused_too() -> None:
    with pytest.raises(m.MalformedMessage, match="credit"):
        m.decode_to_tab('{"type":"credit"}')


@given(st.text())
def test_nothing_but_malformed_message_is_ever_raised(text: str) -> None:
    try:
        m.decode_from_tab(text)
    except m.MalformedMessage:
        pass
    else:
        assert "type" in json.loads(text)


@given(st.integers(0, 2**32 - 1), st.integers(0, 2**63 - 1), st.binary(min_size=1, max_size=100))
def test_data_frames_are_read_back(stream: int, offset: int, payload: bytes) -> None:
    assert m.decode_data(m.encode_data(stream, offset, payload)) == m.Data(stream, offset, payload)


@pytest.mark.parametrize("size", [0, 1, 3, 4, 11, 12, 12 + m.MAX_DATA_BYTES + 1])
def test_a_data_frame_without_bytes_or_with_too_many_is_refused(size: int) -> None:
    with pytest.raises(m.MalformedMessage, match="data frame"):
        m.decode_data(bytes(size))


def test_the_largest_data_frame_is_taken() -> None:
    payload = bytes(m.MAX_DATA_BYTES)
    assert m.decode_data(m.encode_data(1, 2, payload)).payload == payload


def test_a_body_may_be_empty_but_not_without_its_stream() -> None:
    assert m.decode_body(m.encode_body(9, b"")) == (9, b"")
    with pytest.raises(m.MalformedMessage):
        m.decode_body(b"\0\0\0")
