import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any

import pytest
from anthropic.lib.streaming._messages import accumulate_event
from anthropic.types import (
    ErrorResponse,
    Message,
    RawContentBlockDeltaEvent,
    RawContentBlockStartEvent,
    RawContentBlockStopEvent,
    RawMessageDeltaEvent,
    RawMessageStartEvent,
    RawMessageStopEvent,
    TextBlock,
)
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel

from core.api.official import official
from lmarena_bridge.core.api.anthropic.stream import MessageEncoder
from lmarena_bridge.core.api.anthropic.whole import message_body
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
    part_by_part,
)
from lmarena_bridge.core.errors import NoTab, TabLost
from support.folding import fold
from support.together import TOGETHER

STOP = Finished(FinishReason.STOP, Usage(3, 5))
CALLED = Finished(FinishReason.TOOL_CALLS, Usage(3, 5))

OFFICIAL: dict[str, type[BaseModel]] = {
    "message_start": RawMessageStartEvent,
    "message_delta": RawMessageDeltaEvent,
    "message_stop": RawMessageStopEvent,
    "content_block_start": RawContentBlockStartEvent,
    "content_block_delta": RawContentBlockDeltaEvent,
    "content_block_stop": RawContentBlockStopEvent,
}


def encoder(*, lists_sources: bool = True) -> MessageEncoder:
    return MessageEncoder(
        message_id="msg_1", request_id="req_1", model='a "model"', lists_sources=lists_sources
    )


def told(stream: bytes) -> list[Any]:
    """The events, each an official one, its name before it, read by a client that cuts lines anywhere."""
    records = stream.decode().split("\n\n")
    assert records.pop() == ""
    events = []
    for record in records:
        name, data = record.splitlines()
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        official(OFFICIAL[event["type"]], json.dumps(event))
        events.append(event)
    return events


def stream_of(batches: Iterable[Sequence[ChatEvent]]) -> bytes:
    encoding = encoder()
    return b"".join([*(encoding.encode(batch) for batch in batches), encoding.done()])


def kinds(events: list[Any]) -> list[str]:
    return [event["type"] for event in events]


def message(events: list[Any]) -> Message:
    """What Anthropic's own SDK makes of the events."""
    snapshot: Any = None
    arguments: dict[int, bytes] = {}
    for event in events:
        parsed: Any = OFFICIAL[event["type"]].model_validate(event)
        snapshot = accumulate_event(event=parsed, current_snapshot=snapshot, json_bufs=arguments)
    assert isinstance(snapshot, Message)
    return snapshot


def test_the_events_come_in_the_order_that_clients_know() -> None:
    events = told(stream_of([[TextDelta("Hel"), TextDelta("lo"), STOP]]))
    assert kinds(events) == [
        "message_start",
        "content_block_start",
        "content_block_delta",
        "content_block_delta",
        "content_block_stop",
        "message_delta",
        "message_stop",
    ]
    assert events[0]["message"]["model"] == 'a "model"'
    assert [event["delta"]["text"] for event in events[2:4]] == ["Hel", "lo"]
    assert events[5]["delta"]["stop_reason"] == "end_turn"
    assert events[5]["usage"]["output_tokens"] == 5


EVENTS: list[ChatEvent] = [
    ReasoningDelta("Hm\u2028"),
    ReasoningDelta("m"),
    TextDelta("Look:"),
    ImageProduced("https://example.org/a.png", "image/png"),
    CitationFound("https://example.org/", "Example"),
    ToolCallBegun("toolu_1", "f"),
    ToolArguments('{"a":'),
    ToolArguments('"ł"}'),
    ToolCallBegun("toolu_2", "g"),
    ToolArguments("{}"),
    CALLED,
]


def test_each_kind_has_a_block_of_its_own() -> None:
    said = message(told(stream_of([EVENTS])))
    assert [(block.type) for block in said.content] == ["thinking", "text", "tool_use", "tool_use", "text"]
    whole = official(Message, message_body(fold(EVENTS), message_id="msg_1", model='a "model"'))
    assert said.content[0] == whole.content[0]
    assert said.content[2:4] == whole.content[2:]
    assert said.stop_reason == whole.stop_reason == "tool_use"
    assert said.usage.input_tokens == whole.usage.input_tokens == 3


def test_a_batch_is_encoded_as_its_events_one_by_one_however_it_is_cut() -> None:
    whole = stream_of([EVENTS])
    for one in range(len(EVENTS)):
        for two in range(one, len(EVENTS)):
            edges = (0, one, two, len(EVENTS))
            assert stream_of([EVENTS[a:b] for a, b in pairwise(edges)]) == whole


def test_sources_are_left_out_where_they_are_not_wanted() -> None:
    encoding = encoder(lists_sources=False)
    stream = encoding.encode([TextDelta("Hi"), CitationFound("https://x", "X"), STOP]) + encoding.done()
    (block,) = message(told(stream)).content
    assert isinstance(block, TextBlock)
    assert block.text == "Hi"


def test_an_answer_of_nothing_but_its_end_is_a_message() -> None:
    events = told(stream_of([[Finished(FinishReason.STOP, stop="END")]]))
    assert kinds(events) == ["message_start", "message_delta", "message_stop"]
    assert events[1]["delta"]["stop_reason"] == "stop_sequence"
    assert events[1]["delta"]["stop_sequence"] == "END"


def test_a_sign_of_life_is_a_ping_once_the_message_has_begun() -> None:
    encoding = encoder()
    assert encoding.keep_alive == b": keep-alive\n\n"
    encoding.encode([TextDelta("Hi")])
    assert encoding.keep_alive == b'event: ping\ndata: {"type":"ping"}\n\n'


def test_what_shows_nothing_costs_nothing() -> None:
    encoding = encoder()
    assert encoding.encode([]) == b""
    assert encoding.encode([CitationFound("https://example.org/", "Example")]) == b""


@pytest.mark.parametrize(
    ("error", "kind"), [(TabLost("Gone:\u2028look."), "api_error"), (NoTab("…"), "overloaded_error")]
)
def test_an_error_in_the_middle_is_an_event(error: TabLost | NoTab, kind: str) -> None:
    encoding = encoder()
    encoding.encode([TextDelta("Half of")])
    name, data, end, nothing = encoding.error(error).decode().split("\n")
    assert (name, end, nothing) == ("event: error", "", "")
    said = official(ErrorResponse, data.removeprefix("data: "))
    assert (said.error.type, said.error.message, said.request_id) == (kind, error.message, "req_1")


def test_an_answer_that_is_not_finished_has_no_end() -> None:
    with pytest.raises(ValueError, match="not finished"):
        encoder().done()


texts = st.text(min_size=1) | st.text(st.sampled_from('a\u2028\u2029\u0085\r\n"\\\x00ł🙂'), min_size=1)


@given(st.lists(st.builds(TextDelta, texts) | st.builds(ReasoningDelta, texts)))
def test_a_stream_says_the_same_as_the_whole_answer(said: list[ChatEvent]) -> None:
    streamed = message(told(stream_of([said, [STOP]])))
    text = "".join(block.text for block in streamed.content if block.type == "text")
    thought = "".join(block.thinking for block in streamed.content if block.type == "thinking")
    whole = fold([*said, STOP])
    assert (text, thought) == (whole.text, whole.reasoning)


def test_parts_that_came_together_are_shown_one_by_one() -> None:
    assert encoder().encode(TOGETHER) == encoder().encode(list(part_by_part(TOGETHER)))
    assert encoder().encode(TOGETHER[1:2]).count(b"text_delta") == 2
