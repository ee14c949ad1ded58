import json
from collections.abc import Sequence

import pytest

from lmarena_bridge.core.chat.answer_format import JsonAnswer, json_in, told_format
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    TextDelta,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.request import AnswerFormat, ChatRequest, Message, Role
from lmarena_bridge.core.errors import AnswerNotInFormat

STOP = Finished(FinishReason.STOP)
ANY = AnswerFormat()
NUMBERS = AnswerFormat(json.dumps({"type": "array", "items": {"type": "integer"}}))
ASKED = ChatRequest("m", (Message(Role.USER, "Which?"),), format=ANY)


def answer(*, wanted: AnswerFormat = ANY, last: bool = False) -> JsonAnswer:
    return JsonAnswer(ASKED, wanted, last=last)


def passed(one_pass: JsonAnswer, *events: ChatEvent) -> Sequence[ChatEvent]:
    return [given for event in events for given in one_pass.feed([event])]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([("user", "Which?")], [("user", "Which?\n\nWISH")]),
        ([("user", " ")], [("user", "WISH")]),
        (
            [("user", "Hi"), ("user", "Which?"), ("assistant", "{")],
            [("user", "Hi"), ("user", "Which?\n\nWISH"), ("assistant", "{")],
        ),
        ([("system", "Be brief.")], [("system", "Be brief."), ("user", "WISH")]),
    ],
)
def test_the_wish_stands_at_the_end_of_what_the_user_says_last(
    before: list[tuple[str, str]], after: list[tuple[str, str]]
) -> None:
    request = ChatRequest("m", tuple(Message(Role(role), text) for role, text in before))
    for wanted, words in ((ANY, "one JSON object"), (NUMBERS, NUMBERS.schema)):
        told = told_format(request, wanted)
        wish = told_format(ChatRequest("m", ()), wanted).messages[0].content
        assert words in wish
        assert [(message.role.value, message.content) for message in told.messages] == [
            (role, text.replace("WISH", wish)) for role, text in after
        ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ('{"a": 1}', '{"a": 1}'),
        ('\n {"a": 1}\n', '{"a": 1}'),
        ('```json\n{"a": 1}\n```', '{"a": 1}'),
        ('Here you are:\n\n```\n{"a":\n 1}```\nAnything else?', '{"a":\n 1}'),
        ('```\nno\n```\n```json\n{"a": 1}\n```', '{"a": 1}'),
        ('Sure! {"a": 1} is it.', '{"a": 1}'),
        ('{"a": "```\\n{}\\n```"}', '{"a": "```\\n{}\\n```"}'),
    ],
)
def test_an_object_is_found_in_what_models_put_around_it(text: str, found: str) -> None:
    assert json_in(text, ANY) == (found, "")


@pytest.mark.parametrize(
    ("text", "wanted", "words"),
    [
        ("", ANY, "not valid JSON"),
        ("No.", ANY, "not valid JSON"),
        ("[1]", ANY, "not an object"),
        ('{"a": NaN}', ANY, "NaN"),
        ('{"a": 1', ANY, "not valid JSON"),
        ("[" * 100_000, ANY, "not valid JSON"),
        ('[1, "2"]', NUMBERS, "$[1]"),
        ('See: {"a": 1}', NUMBERS, "array"),
    ],
)
def test_why_an_answer_will_not_do(text: str, wanted: AnswerFormat, words: str) -> None:
    found, fault = json_in(text, wanted)
    assert found == ""
    assert words in fault


def test_a_value_by_the_schema_need_not_be_an_object() -> None:
    assert json_in("The numbers: [1, 2]", NUMBERS) == ("[1, 2]", "")


def test_nothing_is_given_before_all_of_it_is_checked() -> None:
    holding, source = answer(), CitationFound("https://x", "x")
    assert passed(holding, TextDelta('```json\n{"a"'), source, TextDelta(": 1}\n```")) == [source]
    assert passed(holding, STOP) == [TextDelta('{"a": 1}'), STOP]
    assert holding.again() is None


def test_an_answer_that_will_not_do_is_asked_for_again_with_what_is_wrong() -> None:
    holding = answer()
    assert passed(holding, TextDelta("No."), STOP) == []
    again = holding.again()
    assert again is not None
    question, said, correction = again.messages
    assert question == ASKED.messages[0]
    assert said == Message(Role.ASSISTANT, "No.")
    assert correction.role is Role.USER
    assert "not valid JSON" in correction.content


def test_the_second_time_it_is_an_error() -> None:
    with pytest.raises(AnswerNotInFormat, match="not valid JSON"):
        passed(answer(last=True), TextDelta("No."), STOP)
    assert passed(answer(last=True), TextDelta("{}"), STOP) == [TextDelta("{}"), STOP]


@pytest.mark.parametrize("reason", [FinishReason.LENGTH, FinishReason.CONTENT_FILTER])
def test_what_was_cut_short_is_given_as_it_is(reason: FinishReason) -> None:
    end = Finished(reason)
    assert passed(answer(), TextDelta('{"a": '), end) == [TextDelta('{"a": '), end]
    assert passed(answer(), end) == [end]


def test_a_call_takes_the_place_of_the_json() -> None:
    call, end = ToolCallBegun("call_1", "read"), Finished(FinishReason.TOOL_CALLS)
    assert passed(answer(), TextDelta("I look."), call, end) == [TextDelta("I look."), call, end]
    assert passed(answer(), call, TextDelta("Done."), STOP) == [call, TextDelta("Done."), STOP]
