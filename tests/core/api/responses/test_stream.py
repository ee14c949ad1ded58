import json
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openai.types.responses import ResponseStreamEvent
from pydantic import BaseModel

from core.api.official import official
from lmarena_bridge.core.api.responses.requests import decode_responses_body
from lmarena_bridge.core.api.responses.resource import ResponseHead
from lmarena_bridge.core.api.responses.stream import ResponseEncoder
from lmarena_bridge.core.api.responses.whole import response_body
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
from lmarena_bridge.core.errors import TabLost
from support.folding import fold
from support.together import TOGETHER

STOP = Finished(FinishReason.STOP, Usage(3, 5))
HEAD = ResponseHead("resp_1", 5, decode_responses_body(b'{"model": "m", "input": "Hi"}'))
EXTRAS = frozenset({"frequency_penalty", "presence_penalty", "store"})


def arms(union: object) -> Iterable[type[BaseModel]]:
    """The classes of a union, however deep they stand in it."""
    if isinstance(union, type) and issubclass(union, BaseModel):
        yield union
    for inner in get_args(union):
        yield from arms(inner)


OFFICIAL = {
    kind: arm for arm in arms(ResponseStreamEvent) for kind in get_args(arm.model_fields["type"].annotation)
}


def encoder(*, lists_sources: bool = True) -> ResponseEncoder:
    return ResponseEncoder(HEAD, lambda: 6.5, lists_sources=lists_sources)


def told(stream: bytes) -> list[Any]:
    """The events, each an official one, its name before it, numbered without a gap."""
    records = stream.decode().split("\n\n")
    assert records.pop() == ""
    events = []
    for record in records:
        name, data = record.splitlines()
        event = json.loads(data.removeprefix("data: "))
        assert name == f"event: {event['type']}"
        official(OFFICIAL[event["type"]], json.dumps(event), known_extras=EXTRAS)
        events.append(event)
    assert [event["sequence_number"] for event in events] == list(range(len(events)))
    return events


def stream_of(batches: Iterable[Sequence[ChatEvent]]) -> bytes:
    encoding = encoder()
    return b"".join([*(encoding.encode(batch) for batch in batches), encoding.done()])


def kinds(events: list[Any]) -> list[str]:
    return [event["type"].removeprefix("response.") for event in events]


def test_the_events_come_in_the_order_that_clients_know() -> None:
    events = told(stream_of([[TextDelta("Hel"), TextDelta("lo"), STOP]]))
    assert kinds(events) == [
        "created",
        "in_progress",
        "output_item.added",
        "content_part.added",
        "output_text.delta",
        "output_text.delta",
        "output_text.done",
        "content_part.done",
        "output_item.done",
        "completed",
    ]
    assert [event["delta"] for event in events[4:6]] == ["Hel", "lo"]
    assert events[-2]["item"]["content"][0]["text"] == "Hello"


def test_a_call_has_its_arguments_piece_by_piece_and_whole() -> None:
    called: list[ChatEvent] = [ToolCallBegun("call_1", "f"), ToolArguments('{"a":'), ToolArguments("1}")]
    events = told(stream_of([[*called, Finished(FinishReason.TOOL_CALLS)]]))
    assert kinds(events)[2:-1] == [
        "output_item.added",
        "function_call_arguments.delta",
        "function_call_arguments.delta",
        "function_call_arguments.done",
        "output_item.done",
    ]
    assert events[2]["item"]["arguments"] == ""
    assert events[-2]["item"]["arguments"] == '{"a":1}'
    assert events[-2]["item"]["call_id"] == "call_1"


def test_reasoning_is_an_item_of_its_own() -> None:
    events = told(stream_of([[ReasoningDelta("Hm"), TextDelta("Yes"), STOP]]))
    assert kinds(events)[2:8] == [
        "output_item.added",
        "reasoning_summary_part.added",
        "reasoning_summary_text.delta",
        "reasoning_summary_text.done",
        "reasoning_summary_part.done",
        "output_item.done",
    ]
    assert [item["type"] for item in events[-1]["response"]["output"]] == ["reasoning", "message"]


EVENTS: list[ChatEvent] = [
    ReasoningDelta("Hm\u2028"),
    ReasoningDelta("m"),
    TextDelta("Look:"),
    ImageProduced("https://example.org/a.png", "image/png"),
    TextDelta("[1]"),
    CitationFound("https://example.org/", "Example"),
    ToolCallBegun("call_1", "f"),
    ToolArguments('{"a":'),
    ToolArguments('"ł"}'),
    ToolCallBegun("call_2", "g"),
    ToolArguments("{}"),
    Finished(FinishReason.TOOL_CALLS, Usage(3, 5)),
]


def test_a_batch_is_encoded_as_its_events_one_by_one_however_it_is_cut() -> None:
    whole = stream_of([EVENTS])
    assert told(whole)
    for one in range(len(EVENTS)):
        for two in range(one, len(EVENTS)):
            edges = (0, one, two, len(EVENTS))
            assert stream_of([EVENTS[a:b] for a, b in pairwise(edges)]) == whole


def test_the_last_event_holds_what_the_whole_body_holds() -> None:
    events = [event for event in EVENTS if not isinstance(event, CitationFound)]
    encoding = encoder()
    response = told(encoding.encode(events) + encoding.done())[-1]["response"]
    assert response == json.loads(response_body(fold(events), HEAD, 6))
    assert json.loads(encoding.whole) == response


def test_sources_are_annotations_listed_or_not() -> None:
    encoding = encoder(lists_sources=False)
    said: list[ChatEvent] = [TextDelta("See [1]."), CitationFound("https://x", "X"), STOP]
    part = told(encoding.encode(said) + encoding.done())[-1]["response"]["output"][0]["content"][0]
    assert part["text"] == "See [1]."
    assert [each["url"] for each in part["annotations"]] == ["https://x"]


@pytest.mark.parametrize("reason", [FinishReason.LENGTH, FinishReason.CONTENT_FILTER])
def test_an_answer_that_is_cut_is_incomplete(reason: FinishReason) -> None:
    *_, item, end = told(stream_of([[TextDelta("Hi"), Finished(reason)]]))
    assert end["type"] == "response.incomplete"
    assert end["response"]["status"] == item["item"]["status"] == "incomplete"


def test_an_answer_of_nothing_but_its_end_is_a_response() -> None:
    assert kinds(told(stream_of([[STOP]]))) == ["created", "in_progress", "completed"]


def test_an_error_in_the_middle_ends_the_response() -> None:
    encoding = encoder()
    begun = encoding.encode([TextDelta("Half of")])
    events = told(begun + encoding.error(TabLost("The tab is gone.")))
    assert kinds(events)[-4:] == ["output_text.done", "content_part.done", "output_item.done", "failed"]
    assert events[-1]["response"]["error"] == {"code": "server_error", "message": "The tab is gone."}
    assert encoding.whole == b""


def test_an_error_after_signs_of_life_alone_is_a_response_too() -> None:
    assert kinds(told(encoder().error(TabLost("Gone.")))) == ["created", "in_progress", "failed"]
    assert encoder().keep_alive == b": keep-alive\n\n"


def test_an_answer_that_is_not_finished_has_no_end() -> None:
    with pytest.raises(ValueError, match="not finished"):
        encoder().done()


texts = st.text(min_size=1) | st.text(st.sampled_from('a\u2028\u2029\u0085\r\n"\\\x00ł🙂'), min_size=1)


@given(st.lists(texts))
def test_any_text_arrives_as_it_was(said: list[str]) -> None:
    events = told(stream_of([[TextDelta(text) for text in said], [STOP]]))
    deltas = [event["delta"] for event in events if event["type"] == "response.output_text.delta"]
    assert deltas == said


def test_parts_that_came_together_are_shown_one_by_one() -> None:
    assert encoder().encode(TOGETHER) == encoder().encode(list(part_by_part(TOGETHER)))
    assert encoder().encode(TOGETHER[1:2]).count(b"event: response.output_text.delta") == 2
