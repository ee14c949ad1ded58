import json
from collections.abc import Iterable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openai.types.chat import ChatCompletionChunk

from core.api.official import official
from lmarena_bridge.core.api.openai.stream import ChunkEncoder, Manner
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

STOP = Finished(FinishReason.STOP)
USED = Finished(FinishReason.LENGTH, Usage(3, 5))


def encoder(
    *, include_usage: bool = False, choices: int = 1, one_function: bool = False, lists_sources: bool = True
) -> ChunkEncoder:
    return ChunkEncoder(
        id="chatcmpl-1",
        created=1_760_000_000,
        model='a "model"',
        choices=choices,
        manner=Manner(include_usage, one_function, lists_sources),
    )


def data(stream: bytes) -> list[str]:
    """The data of each record, read by a client that cuts lines wherever str.splitlines does."""
    records = stream.decode().split("\n\n")
    assert records.pop() == ""
    assert all(record.splitlines() == [record] for record in records)
    return [record.removeprefix("data: ") for record in records]


def chunks(stream: bytes) -> list[ChatCompletionChunk]:
    known = frozenset({"reasoning_content", "annotations", "type", "url_citation"})
    return [official(ChatCompletionChunk, text, known_extras=known) for text in data(stream)]


def answer(events: Iterable[ChatEvent], *, include_usage: bool = False) -> list[ChatCompletionChunk]:
    """A whole stream, its events encoded one by one."""
    encoding = encoder(include_usage=include_usage)
    stream = b"".join([*(encoding.encode([event]) for event in events), encoding.done()])
    assert stream.endswith(b"data: [DONE]\n\n")
    return chunks(stream.removesuffix(b"data: [DONE]\n\n"))


def content_of(answered: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in answered for choice in chunk.choices)


def test_the_chunks_come_in_the_order_that_clients_know() -> None:
    deltas = [
        (chunk.choices[0].delta.model_dump(exclude_unset=True), chunk.choices[0].finish_reason)
        for chunk in answer([TextDelta("Hel"), TextDelta("lo"), STOP])
    ]
    assert deltas == [
        ({"role": "assistant", "content": ""}, None),
        ({"content": "Hel"}, None),
        ({"content": "lo"}, None),
        ({}, "stop"),
    ]


def test_every_chunk_says_to_which_answer_it_belongs() -> None:
    for chunk in answer([TextDelta("Hi"), USED], include_usage=True):
        assert (chunk.id, chunk.object, chunk.created, chunk.model) == (
            "chatcmpl-1",
            "chat.completion.chunk",
            1_760_000_000,
            'a "model"',
        )
        assert [choice.index for choice in chunk.choices] in ([0], [])


@pytest.mark.parametrize("reason", FinishReason)
def test_an_answer_of_nothing_but_its_end_has_a_role_and_a_reason(reason: FinishReason) -> None:
    role, end = answer([Finished(reason)])
    assert role.choices[0].delta.role == "assistant"
    assert end.choices[0].finish_reason == reason.value


def test_reasoning_has_a_field_of_its_own() -> None:
    _, thought, said, _ = answer([ReasoningDelta("Hm\n"), TextDelta("Yes"), STOP])
    assert thought.choices[0].delta.model_dump(exclude_unset=True) == {"reasoning_content": "Hm\n"}
    assert said.choices[0].delta.model_dump(exclude_unset=True) == {"content": "Yes"}


def test_usage_comes_only_when_asked_for() -> None:
    assert all(chunk.usage is None for chunk in answer([TextDelta("Hi"), USED]))
    assert b"usage" not in encoder().encode([TextDelta("Hi"), USED])


def test_usage_comes_in_a_chunk_of_its_own_at_the_end() -> None:
    *others, last = answer([TextDelta("Hi"), USED], include_usage=True)
    assert [chunk.usage for chunk in others] == [None] * 3
    assert all("usage" in chunk.model_fields_set for chunk in others)
    assert last.choices == []
    assert last.usage is not None
    assert (last.usage.prompt_tokens, last.usage.completion_tokens, last.usage.total_tokens) == (3, 5, 8)


def test_usage_that_the_site_did_not_count_is_zero() -> None:
    usage = answer([STOP], include_usage=True)[-1].usage
    assert usage is not None
    assert usage.total_tokens == 0


def test_a_batch_is_encoded_as_its_events_one_by_one() -> None:
    events: list[ChatEvent] = [
        ReasoningDelta("Hm"),
        TextDelta("Look:"),
        ImageProduced("https://example.org/a b.png", "image/png"),
        CitationFound("https://example.org/", "Example"),
        STOP,
    ]
    one_by_one = encoder()
    assert encoder().encode(events) == b"".join(one_by_one.encode([event]) for event in events)


def test_what_shows_nothing_costs_nothing() -> None:
    encoding = encoder()
    assert encoding.encode([]) == b""
    assert encoding.encode([CitationFound("https://example.org/", "Example")]) == b""
    assert chunks(encoding.encode([TextDelta("Hi")]))[0].choices[0].delta.role == "assistant"


def test_pictures_and_sources_are_content() -> None:
    events: list[ChatEvent] = [
        TextDelta("Look:"),
        ImageProduced("https://example.org/a b.png", "image/png"),
        CitationFound("https://example.org/", "Example"),
        STOP,
    ]
    assert content_of(answer(events)) == (
        "Look:\n\n![image](https://example.org/a%20b.png)\n\nSources:\n1. [Example](https://example.org/)"
    )


texts = st.text(min_size=1) | st.text(st.sampled_from('a\u2028\u2029\u0085\r\n"\\\x00ł🙂'), min_size=1)
urls = st.sampled_from(["https://example.org/a", "data:image/png;base64,AAAA"])
events = st.lists(
    st.builds(TextDelta, texts)
    | st.builds(ReasoningDelta, texts)
    | st.builds(ImageProduced, urls, st.just("image/png"))
    | st.builds(CitationFound, urls, texts)
)


@given(events)
@settings(deadline=None)
def test_a_stream_says_the_same_as_the_whole_answer(said: list[ChatEvent]) -> None:
    whole = fold([*said, STOP])
    answered = answer([*said, STOP])
    deltas = [choice.delta for chunk in answered for choice in chunk.choices]
    assert content_of(answered) == whole.text
    assert (
        "".join((delta.model_extra or {}).get("reasoning_content", "") for delta in deltas) == whole.reasoning
    )


@given(st.lists(texts, min_size=1))
@settings(deadline=None)
def test_any_text_arrives_as_it_was(said: list[str]) -> None:
    stream = encoder().encode([TextDelta(text) for text in said])
    assert [chunk.choices[0].delta.content for chunk in chunks(stream)] == ["", *said]


def test_an_error_ends_the_stream_without_a_choice() -> None:
    encoding = encoder()
    encoding.encode([TextDelta("Half of")])
    error, end = data(encoding.error(TabLost("The tab is gone:\u2028open it again.")))
    assert json.loads(error) == {
        "error": {
            "message": "The tab is gone:\u2028open it again.",
            "type": "api_error",
            "param": None,
            "code": "tab_lost",
        }
    }
    assert end == "[DONE]"


def test_an_answer_that_is_not_finished_has_no_end() -> None:
    encoding = encoder()
    encoding.encode([TextDelta("Half of")])
    with pytest.raises(ValueError, match="not finished"):
        encoding.done()


def test_answers_at_the_same_time_are_told_apart_by_their_index() -> None:
    encoding = encoder(include_usage=True, choices=2)
    stream = encoding.encode([TextDelta("Zwei")], 1)
    stream += encoding.encode([TextDelta("Eins"), USED], 0)
    with pytest.raises(ValueError, match="not finished"):
        encoding.done()
    stream += encoding.encode([USED], 1) + encoding.done()
    *told, usage = chunks(stream.removesuffix(b"data: [DONE]\n\n"))
    said = [
        (choice.index, choice.delta.role, choice.delta.content, choice.finish_reason)
        for chunk in told
        for choice in chunk.choices
    ]
    assert said == [
        (1, "assistant", "", None),
        (1, None, "Zwei", None),
        (0, "assistant", "", None),
        (0, None, "Eins", None),
        (0, None, None, "length"),
        (1, None, None, "length"),
    ]
    assert usage.usage is not None
    assert usage.usage.total_tokens == 16


CALLS: list[ChatEvent] = [
    TextDelta("I look."),
    ToolCallBegun("call_1", "read"),
    ToolArguments('{"path":'),
    ToolArguments('"a\u2028b"}'),
    ToolCallBegun("call_2", "list"),
    ToolArguments("{}"),
    Finished(FinishReason.TOOL_CALLS),
]


def test_calls_come_with_their_index_first_the_name_then_the_arguments() -> None:
    _, said, *called, end = answer(CALLS)
    assert said.choices[0].delta.content == "I look."
    pieces = [piece for chunk in called for piece in chunk.choices[0].delta.tool_calls or ()]
    assert len(pieces) == len(called)
    assert [(piece.index, piece.id, piece.type) for piece in pieces] == [
        (0, "call_1", "function"),
        (0, None, None),
        (0, None, None),
        (1, "call_2", "function"),
        (1, None, None),
    ]
    functions = [piece.function for piece in pieces if piece.function is not None]
    assert [function.name for function in functions] == ["read", None, None, "list", None]
    assert "".join(function.arguments or "" for function in functions[:3]) == '{"path":"a\u2028b"}'
    assert end.choices[0].finish_reason == "tool_calls"


def test_a_client_of_the_older_form_gets_the_first_call_in_it() -> None:
    encoding = encoder(one_function=True)
    _, _, *called, end = chunks(encoding.encode(CALLS))
    functions = [chunk.choices[0].delta.function_call for chunk in called]
    assert [function.name for function in functions if function] == ["read", None, None]
    assert "".join(function.arguments or "" for function in functions if function) == '{"path":"a\u2028b"}'
    assert end.choices[0].finish_reason == "function_call"
    assert chunks(encoder(one_function=True).encode([STOP]))[-1].choices[0].finish_reason == "stop"


def test_sources_are_annotations_in_a_chunk_of_their_own_and_a_list_unless_unwanted() -> None:
    source = CitationFound("https://example.org/", "Example")
    encoding = encoder(lists_sources=False)
    _, said, sources, end = chunks(encoding.encode([TextDelta("Yes.[1]"), source, source, STOP]))
    assert said.choices[0].delta.content == "Yes.[1]"
    assert (sources.choices[0].delta.model_extra or {})["annotations"] == [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": 0,
                "end_index": 0,
                "title": "Example",
                "url": "https://example.org/",
            },
        }
    ]
    assert end.choices[0].finish_reason == "stop"
    _, _, listed, sources, _ = answer([TextDelta("Yes.[1]"), source, STOP])
    assert listed.choices[0].delta.content == "\n\nSources:\n1. [Example](https://example.org/)"
    assert "annotations" in (sources.choices[0].delta.model_extra or {})


def test_a_sign_of_life_is_a_comment() -> None:
    assert encoder().keep_alive == b": keep-alive\n\n"


def test_parts_that_came_together_are_shown_one_by_one() -> None:
    assert encoder().encode(TOGETHER) == encoder().encode(list(part_by_part(TOGETHER)))
    assert encoder().encode(TOGETHER[1:2]).count(b"content") == 3
