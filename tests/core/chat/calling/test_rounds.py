import json
from collections.abc import Callable, Iterator, Sequence
from itertools import count

import pytest
from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.rounds import ToolCalls
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, Tool, ToolCall, ToolUse
from lmarena_bridge.core.errors import ToolNotCalled

NONCE = "00000001"
OPEN, CLOSE, RESULT = f"<tool_call_{NONCE}>", f"</tool_call_{NONCE}>", f"<tool_result_{NONCE}"
WEATHER = Tool(
    "get_weather",
    "",
    json.dumps({"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]}),
)
USE = ToolUse((WEATHER, Tool("now")))
QUESTION = Message(Role.USER, "The weather?")
REQUEST = ChatRequest("a-model", (QUESTION,), tools=USE)

STOP = Finished(FinishReason.STOP)
CALLED = Finished(FinishReason.TOOL_CALLS)


def ids() -> Callable[[], str]:
    numbers: Iterator[int] = count(1)
    return lambda: f"{next(numbers):08d}-aa"


def calls_of(use: ToolUse = USE, request: ChatRequest = REQUEST) -> ToolCalls:
    return ToolCalls(request, use, ids())


def call(name: str = "now", **arguments: object) -> str:
    return f"{OPEN}{json.dumps({'name': name, 'arguments': arguments})}{CLOSE}"


def given(name: str, number: int, **arguments: object) -> list[ChatEvent]:
    return [ToolCallBegun(f"call_{number:08d}aa", name), ToolArguments(json.dumps(arguments))]


def answer(calls: ToolCalls, *events: str | ChatEvent) -> list[ChatEvent]:
    """What becomes of an answer whose events come one by one; texts stand for their deltas."""
    out: list[ChatEvent] = []
    for event in events:
        if not calls.done:
            out += calls.feed([TextDelta(event) if isinstance(event, str) else event])
    return out


def asked_again(calls: ToolCalls) -> tuple[Message, Message]:
    """What the model is told in the second round: its own answer, and what is wrong."""
    request = calls.again()
    assert request is not None
    assert request.messages[:-2] == calls.asked.messages
    mine, told = request.messages[-2:]
    assert (mine.role, told.role) == (Role.ASSISTANT, Role.USER)
    return mine, told


# -- the request ------------------------------------------------------------------------------------------


def test_without_a_system_prompt_the_tools_have_one_of_their_own() -> None:
    prompt, question = calls_of().asked.messages
    assert prompt.role is Role.SYSTEM
    assert f'\n{OPEN}{{"name": ' in prompt.content
    assert question == QUESTION


@pytest.mark.parametrize("role", [Role.SYSTEM, Role.DEVELOPER])
def test_a_system_prompt_that_comes_first_holds_the_tools_at_its_end(role: Role) -> None:
    request = replace(REQUEST, messages=(Message(role, "Rules."), QUESTION))
    prompt, question = calls_of(request=request).asked.messages
    assert prompt.role is role
    assert prompt.content.startswith("Rules.\n\n# Tools\n")
    assert question == QUESTION


def test_an_empty_system_prompt_is_filled_and_an_empty_conversation_begun() -> None:
    prompt, _ = calls_of(
        request=replace(REQUEST, messages=(Message(Role.SYSTEM, " "), QUESTION))
    ).asked.messages
    assert prompt.content.startswith("# Tools\n")
    (prompt,) = calls_of(request=replace(REQUEST, messages=())).asked.messages
    assert prompt.role is Role.SYSTEM


def test_earlier_calls_and_results_have_the_form_that_is_asked_for() -> None:
    earlier = Message(Role.ASSISTANT, "", calls=(ToolCall("1", "now", "{}"),))
    request = replace(REQUEST, messages=(QUESTION, earlier, Message(Role.TOOL, "noon", call_id="1")))
    *_, told, result = calls_of(request=request).asked.messages
    assert told.content == f'{OPEN}{{"name": "now", "arguments": {{}}, "id": "1"}}{CLOSE}'
    assert result.content == f'{RESULT} id="1" name="now">\nnoon\n</tool_result_{NONCE}>'


# -- one round --------------------------------------------------------------------------------------------


def test_an_answer_in_words_goes_through_as_it_comes() -> None:
    calls = calls_of()
    assert answer(calls, ReasoningDelta("Hm."), "It ", "rains.", STOP) == [
        ReasoningDelta("Hm."),
        TextDelta("It "),
        TextDelta("rains."),
        STOP,
    ]
    assert calls.done
    assert calls.again() is None
    assert calls.failed() == ()


def test_a_call_is_given_when_it_is_whole() -> None:
    calls = calls_of()
    assert calls.feed([TextDelta("I look.\n"), TextDelta(f"{OPEN}{{")]) == [TextDelta("I look.")]
    assert calls.feed([TextDelta('"name": "now"}')]) == given("now", 2)
    assert calls.feed([TextDelta(CLOSE), STOP]) == [CALLED]


def test_several_calls_have_ids_of_their_own() -> None:
    events = answer(calls_of(), call() + "\n" + call("get_weather", city="Łódź"), call(), STOP)
    assert events[:2] == given("now", 2)
    assert events[2] == ToolCallBegun("call_00000003aa", "get_weather")
    assert events[3] == ToolArguments('{"city": "Łódź"}')
    assert events[4:] == [*given("now", 4), CALLED]


def test_words_between_calls_stand_in_a_paragraph_of_their_own() -> None:
    events = answer(calls_of(), f"One.\n{call()}\nTwo.\n{call()}Three.", STOP)
    assert events == [
        TextDelta("One."),
        *given("now", 2),
        TextDelta("\n\nTwo."),
        *given("now", 3),
        TextDelta("\n\nThree."),
        CALLED,
    ]
    assert answer(calls_of(), call(), "After.", STOP)[2:] == [TextDelta("After."), CALLED]


def test_one_call_is_enough_where_several_are_not_wanted() -> None:
    calls = calls_of(replace(USE, parallel=False))
    assert answer(calls, f"{call()}{call()}", "more", STOP) == [*given("now", 2), CALLED]
    assert calls.done
    many = f'{OPEN}[{{"name": "now"}}, {{"name": "now"}}]{CLOSE}'
    assert answer(calls_of(replace(USE, parallel=False)), many) == [*given("now", 2), CALLED]


def test_one_call_that_only_the_end_makes_whole_is_enough() -> None:
    calls = calls_of(replace(USE, parallel=False))
    assert answer(calls, f"{OPEN}{{'name': 'now',}}", STOP) == [*given("now", 2), CALLED]


def test_what_the_model_invents_of_results_ends_the_answer() -> None:
    calls = calls_of()
    assert answer(calls, f"{call()}\n{RESULT}>\nnoon", "It is noon.", STOP) == [*given("now", 2), CALLED]
    assert calls.done


@pytest.mark.parametrize("reason", [FinishReason.LENGTH, FinishReason.CONTENT_FILTER])
def test_an_answer_that_is_cut_off_keeps_its_whole_calls_and_loses_half_ones(reason: FinishReason) -> None:
    half = f'{OPEN}{{"name": "now", "arguments": {{"a": "half'
    calls = calls_of()
    assert answer(calls, f"{call()}{half}", Finished(reason)) == [*given("now", 2), CALLED]
    assert calls.again() is None
    calls = calls_of()
    assert answer(calls, f"Hm.\n{half}", Finished(reason)) == [TextDelta("Hm."), Finished(reason)]
    assert calls.again() is None


def test_tokens_that_the_site_counted_are_told() -> None:
    assert answer(calls_of(), call(), Finished(FinishReason.STOP, Usage(5, 6)))[-1] == Finished(
        FinishReason.TOOL_CALLS, Usage(5, 6)
    )


def test_an_end_that_looks_like_a_call_but_names_no_tool_is_text() -> None:
    text = "I look.\n<tool_call>something</tool_call>"
    assert answer(calls_of(), text, STOP) == [
        TextDelta("I look."),
        TextDelta("\n<tool_call>something</tool_call>"),
        STOP,
    ]


# -- the second round -------------------------------------------------------------------------------------

BROKEN = f'{OPEN}{{"name": "now", "arguments": {{"a": "b "c""}}}}{CLOSE}'


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (call("then"), "There is no tool 'then'. There are: get_weather, now."),
        (call("get_weather"), 'The arguments of get_weather do not fit: $: "city" is a required property.'),
        (BROKEN, "It is not valid JSON: a comma or a bracket is missing (line 1, near "),
        (f"{OPEN}{CLOSE}", "It is not valid JSON: no JSON object stands between the markers."),
        (f'{OPEN}{{"name": "now", "argu', "It is not valid JSON: a string has no end"),
        ('<tool_call>{"name": "now"}</tool_call>', "Your call does not stand between the markers"),
        (f"{RESULT}>noon", "You wrote a tool's result yourself."),
    ],
)
def test_what_cannot_be_carried_out_is_told_to_the_model_and_not_to_the_client(
    text: str, reason: str
) -> None:
    calls = calls_of()
    assert answer(calls, f"I look.\n{text}", STOP) == [TextDelta("I look.")]
    mine, told = asked_again(calls)
    assert mine.content == f"I look.\n{text}"
    assert f"\n- {reason}" in told.content
    assert not calls.done
    assert answer(calls, f"Sorry.\n{call()}", STOP) == [*given("now", 2), CALLED]
    assert calls.again() is None


def test_other_calls_of_the_answer_are_given_and_not_asked_for_again() -> None:
    calls = calls_of()
    assert answer(calls, call(), call("then"), STOP) == given("now", 2)
    _, told = asked_again(calls)
    assert "Do not repeat" in told.content
    assert calls.failed() == (CALLED,)
    assert answer(calls, call(), call("get_weather", city="Oslo"), STOP) == [
        *given("get_weather", 3, city="Oslo"),
        CALLED,
    ]


def test_a_second_round_without_a_call_leaves_those_of_the_first() -> None:
    calls = calls_of()
    answer(calls, call(), call("then"), STOP)
    asked_again(calls)
    assert answer(calls, "Never mind.", STOP) == [CALLED]


def test_an_answer_in_words_in_the_second_round_is_the_answer() -> None:
    calls = calls_of()
    assert answer(calls, call("then"), STOP) == []
    asked_again(calls)
    assert answer(calls, "There is ", "no such tool.\n", STOP) == [TextDelta("There is no such tool."), STOP]


def test_it_stands_in_a_paragraph_of_its_own() -> None:
    calls = calls_of()
    answer(calls, f"I look.\n{call('then')}", STOP)
    asked_again(calls)
    assert answer(calls, "I cannot.", STOP) == [TextDelta("\n\nI cannot."), STOP]


def test_what_is_wrong_twice_becomes_text_without_markers() -> None:
    calls = calls_of()
    answer(calls, call("then"), STOP)
    asked_again(calls)
    assert answer(calls, f"So?\n{call('later')}", STOP) == [
        TextDelta('{"name": "later", "arguments": {}}'),
        STOP,
    ]
    assert calls.again() is None


def test_a_second_answer_that_says_nothing_leaves_the_text_of_the_first() -> None:
    calls = calls_of()
    answer(calls, call("then"), STOP)
    asked_again(calls)
    assert answer(calls, "\n", STOP) == [TextDelta('{"name": "then", "arguments": {}}'), STOP]


def test_nothing_twice_is_an_empty_answer() -> None:
    calls = calls_of()
    answer(calls, f"{OPEN}{CLOSE}", STOP)
    asked_again(calls)
    assert answer(calls, f"{OPEN}{CLOSE}", STOP) == [STOP]


def test_a_call_of_another_kind_that_was_none_stays_the_text_it_was() -> None:
    calls = calls_of()
    text = 'Qwen writes:\n<tool_call>{"name": "now"}</tool_call>'
    assert answer(calls, text, STOP) == [TextDelta("Qwen writes:")]
    asked_again(calls)
    assert answer(calls, "I meant no call.", STOP) == [
        TextDelta('\n<tool_call>{"name": "now"}</tool_call>'),
        STOP,
    ]


def test_both_rounds_are_counted() -> None:
    calls = calls_of()
    answer(calls, call("then"), Finished(FinishReason.STOP, Usage(5, 6)))
    asked_again(calls)
    end = answer(calls, "No.", Finished(FinishReason.STOP, Usage(7, 8)))[-1]
    assert end == Finished(FinishReason.STOP, Usage(12, 14))


def test_without_a_call_there_is_nothing_to_give_when_the_second_round_fails() -> None:
    calls = calls_of()
    answer(calls, call("then"), STOP)
    asked_again(calls)
    assert calls.failed() == ()


def test_an_answer_that_another_pass_wants_anew_is_read_anew_and_not_asked_for_again() -> None:
    calls = calls_of()
    assert answer(calls, "It rains.", STOP) == [TextDelta("It rains."), STOP]
    calls.anew()
    assert not calls.done
    assert answer(calls, '{"rain": true}', STOP) == [TextDelta('{"rain": true}'), STOP]
    assert calls.again() is None


# -- a call that must be ----------------------------------------------------------------------------------

FORCED = replace(USE, choice="required")


def test_words_before_a_call_that_must_be_come_with_it() -> None:
    calls = calls_of(FORCED)
    assert calls.feed([TextDelta("I look.\n")]) == []
    assert answer(calls, call(), STOP) == [TextDelta("I look."), *given("now", 2), CALLED]


def test_an_answer_in_words_is_not_enough_where_a_call_must_be() -> None:
    calls = calls_of(FORCED)
    assert answer(calls, "It rains.", STOP) == []
    _, told = asked_again(calls)
    assert "\n- You called no tool, but must call one now." in told.content
    assert answer(calls, "Well.", call(), STOP) == [*given("now", 2), CALLED]


@pytest.mark.parametrize("second", ["It rains.", call("then"), ""])
def test_no_call_twice_is_an_error_where_one_must_be(second: str) -> None:
    calls = calls_of(FORCED)
    answer(calls, "It rains.", STOP)
    asked_again(calls)
    with pytest.raises(ToolNotCalled):
        answer(calls, second, STOP)


def test_an_answer_cut_off_is_not_asked_for_again() -> None:
    with pytest.raises(ToolNotCalled):
        answer(calls_of(FORCED), "It rains", Finished(FinishReason.LENGTH))


# -- every cut --------------------------------------------------------------------------------------------


def pieces(text: str, size: int) -> Sequence[str]:
    return [text[start : start + size] for start in range(0, len(text), size)]


@pytest.mark.parametrize("size", [1, 2, 3, 5, 8, 13])
def test_how_an_answer_is_cut_makes_no_difference(size: int) -> None:
    text = f"I look.\n```json\n{call('get_weather', city='Łódź 🦦')}\n```\nAnd:\n{call()}\n{call('then')}"
    calls = calls_of()
    events = answer(calls, *pieces(text, size), STOP)
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    assert said == "I look.\n\nAnd:"
    assert [event for event in events if not isinstance(event, TextDelta)] == [
        ToolCallBegun("call_00000002aa", "get_weather"),
        ToolArguments('{"city": "Łódź 🦦"}'),
        *given("now", 3),
    ]
    asked_again(calls)
    assert answer(calls, *pieces(f"Oh.\n{call(city='x')}", size), STOP) == [
        *given("now", 4, city="x"),
        CALLED,
    ]
