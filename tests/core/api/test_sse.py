import json
from collections.abc import Iterator

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openai._streaming import SSEDecoder

from lmarena_bridge.core.api import sse


def sdk_reader(stream: bytes) -> list[str]:
    """The official SDK's own decoder, fed byte by byte."""
    pieces: Iterator[bytes] = (stream[at : at + 1] for at in range(len(stream)))
    return [event.data for event in SSEDecoder().iter_bytes(pieces)]


def line_reader(stream: bytes) -> list[str]:
    """A client on httpx's or requests' line reader, which cuts wherever str.splitlines does."""
    lines = stream.decode().splitlines()
    return [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]


@given(st.text())
@example("\u2028\u2029\u0085")
@example("\r\n\v\f\x1c\x1d\x1e")
@settings(deadline=None)
def test_any_text_survives_every_reader(text: str) -> None:
    data = json.dumps(text, ensure_ascii=False)
    stream = sse.KEEP_ALIVE + sse.record(data) + sse.record(data.encode()) + sse.DONE
    for events in (sdk_reader(stream), line_reader(stream)):
        *texts, end = events
        assert [json.loads(event) for event in texts] == [text, text]
        assert end == "[DONE]"


def test_a_record_is_one_line_of_data_and_an_empty_line() -> None:
    assert sse.record(b'{"a":1}') == b'data: {"a":1}\n\n'


@pytest.mark.parametrize("text", ['"plain"', '"Zażółć"', '"«°»"', '"“dash—”"', '"漢字"'])
def test_what_is_no_line_end_stays_as_it_is(text: str) -> None:
    assert sse.escape(text.encode()) == text.encode()


def test_line_ends_are_escaped() -> None:
    assert sse.escape('"\u2028 \u2029 \u0085"'.encode()) == rb'"\u2028 \u2029 \u0085"'


def test_a_record_may_have_a_name() -> None:
    assert sse.event(b"ping", '{"a":"\u2028"}'.encode()) == b'event: ping\ndata: {"a":"\\u2028"}\n\n'
