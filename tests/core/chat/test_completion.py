import pytest

from lmarena_bridge.core.chat.completion import Answer, Completion
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
)
from lmarena_bridge.core.chat.request import ToolCall
from support.folding import fold

PICTURE = ImageProduced("data:image/png;base64,AAAA", "image/png")
SOURCE = CitationFound("https://example.org/", "Example")


def test_an_answer_is_folded_into_one_completion() -> None:
    events: list[ChatEvent] = [
        ReasoningDelta("Let me "),
        ReasoningDelta("see."),
        TextDelta("Here "),
        TextDelta("it is:"),
        PICTURE,
        SOURCE,
        Finished(FinishReason.LENGTH, Usage(3, 5)),
    ]
    assert fold(events) == Completion(
        text=(
            "Here it is:\n\n![image](data:image/png;base64,AAAA)\n\nSources:\n1. [Example](https://example.org/)"
        ),
        reason=FinishReason.LENGTH,
        reasoning="Let me see.",
        images=(PICTURE,),
        citations=(SOURCE,),
        usage=Usage(3, 5),
    )


def test_calls_of_tools_are_put_together_from_their_pieces() -> None:
    events: list[ChatEvent] = [
        TextDelta("I look."),
        ToolCallBegun("call_1", "read"),
        ToolArguments('{"path": '),
        ToolArguments('"a.txt"}'),
        ToolCallBegun("call_2", "list"),
        ToolArguments("{}"),
        Finished(FinishReason.TOOL_CALLS),
    ]
    assert fold(events) == Completion(
        text="I look.",
        reason=FinishReason.TOOL_CALLS,
        calls=(ToolCall("call_1", "read", '{"path": "a.txt"}'), ToolCall("call_2", "list", "{}")),
    )


def test_events_may_come_in_any_number_of_batches() -> None:
    answer = Answer()
    answer.add([TextDelta("One, "), TextDelta("two, ")])
    answer.add([])
    answer.add([TextDelta("three."), Finished(FinishReason.STOP)])
    assert answer.completion() == Completion(text="One, two, three.", reason=FinishReason.STOP)


def test_an_answer_of_nothing_but_its_end_is_empty() -> None:
    assert fold([Finished(FinishReason.CONTENT_FILTER)]) == Completion("", FinishReason.CONTENT_FILTER)


def test_an_unfinished_answer_is_no_completion() -> None:
    answer = Answer()
    answer.add([TextDelta("Half of")])
    with pytest.raises(ValueError, match="not finished"):
        answer.completion()
