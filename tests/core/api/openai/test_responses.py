import json

import pytest
from openai.types.chat import ChatCompletion

from core.api.official import official
from lmarena_bridge.core.api.openai.responses import completion_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import CitationFound, FinishReason, Usage
from lmarena_bridge.core.chat.request import ToolCall


def answer(*completions: Completion) -> ChatCompletion:
    body = completion_body(completions, id="chatcmpl-1", created=1_760_000_000, model="a-model")
    return official(ChatCompletion, body, known_extras=frozenset({"reasoning_content"}))


@pytest.mark.parametrize("reason", FinishReason)
def test_a_completion_is_told_in_full(reason: FinishReason) -> None:
    told = answer(Completion("Zażółć\u2028🙂", reason, usage=Usage(3, 5)))
    [choice] = told.choices
    assert (told.id, told.object, told.created, told.model) == (
        "chatcmpl-1",
        "chat.completion",
        1_760_000_000,
        "a-model",
    )
    assert (choice.index, choice.finish_reason, choice.logprobs) == (0, reason.value, None)
    assert (choice.message.role, choice.message.content) == ("assistant", "Zażółć\u2028🙂")
    assert told.usage is not None
    assert told.usage.total_tokens == 8


def test_without_counts_the_usage_is_zero() -> None:
    told = answer(Completion("", FinishReason.STOP))
    assert told.choices[0].message.content == ""
    assert told.usage is not None
    assert told.usage.model_dump(exclude_unset=True) == {
        "prompt_tokens": 0,
        "completion_tokens": 0,
        "total_tokens": 0,
    }


def test_reasoning_has_a_field_of_its_own_only_when_there_is_some() -> None:
    thoughtful = answer(Completion("Yes.", FinishReason.STOP, reasoning="Hm."))
    assert thoughtful.choices[0].message.model_extra == {"reasoning_content": "Hm."}
    assert answer(Completion("Yes.", FinishReason.STOP)).choices[0].message.model_extra == {}


def test_fields_that_the_schema_wants_even_when_empty_are_there() -> None:
    body = completion_body([Completion("Yes.", FinishReason.STOP)], id="x", created=1, model="m")
    [choice] = json.loads(body)["choices"]
    assert choice == {
        "index": 0,
        "message": {"role": "assistant", "content": "Yes.", "refusal": None, "annotations": []},
        "logprobs": None,
        "finish_reason": "stop",
    }


def test_several_answers_are_choices_of_one_completion_and_counted_together() -> None:
    told = answer(
        Completion("One.", FinishReason.STOP, usage=Usage(3, 5)),
        Completion("Two.", FinishReason.LENGTH),
        Completion("Three.", FinishReason.STOP, usage=Usage(3, 1)),
    )
    assert [(choice.index, choice.message.content, choice.finish_reason) for choice in told.choices] == [
        (0, "One.", "stop"),
        (1, "Two.", "length"),
        (2, "Three.", "stop"),
    ]
    assert told.usage is not None
    assert (told.usage.prompt_tokens, told.usage.completion_tokens, told.usage.total_tokens) == (6, 6, 12)


CALLS = (ToolCall("call_1", "read", '{"path":"a"}'), ToolCall("call_2", "list", "{}"))


def test_calls_take_the_place_of_a_text() -> None:
    [choice] = answer(Completion("", FinishReason.TOOL_CALLS, calls=CALLS)).choices
    assert choice.message.content is None
    assert choice.finish_reason == "tool_calls"
    assert [
        (call.id, call.type, call.function.name, call.function.arguments)
        for call in choice.message.tool_calls or ()
        if call.type == "function"
    ] == [("call_1", "function", "read", '{"path":"a"}'), ("call_2", "function", "list", "{}")]
    said = answer(Completion("I look.", FinishReason.TOOL_CALLS, calls=CALLS))
    assert said.choices[0].message.content == "I look."


@pytest.mark.parametrize(
    ("reason", "told"), [(FinishReason.TOOL_CALLS, "function_call"), (FinishReason.LENGTH, "length")]
)
def test_a_client_of_the_older_form_gets_the_first_call_in_it(reason: FinishReason, told: str) -> None:
    body = completion_body(
        [Completion("", reason, calls=CALLS)], id="x", created=1, model="m", one_function=True
    )
    [choice] = official(ChatCompletion, body).choices
    assert choice.finish_reason == told
    assert choice.message.tool_calls is None
    assert choice.message.function_call is not None
    assert choice.message.function_call.name == "read"


def test_sources_are_annotations() -> None:
    source = CitationFound("https://example.org/", "Example")
    [choice] = answer(Completion("Yes.[1]", FinishReason.STOP, citations=(source,))).choices
    (cited,) = [each.url_citation for each in choice.message.annotations or ()]
    assert (cited.url, cited.title) == ("https://example.org/", "Example")
    assert "Yes.[1]"[cited.start_index : cited.end_index] == "[1]"
