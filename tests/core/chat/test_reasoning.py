from collections.abc import Sequence

import pytest

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
)
from lmarena_bridge.core.chat.passes import Pass
from lmarena_bridge.core.chat.reasoning import NoReasoning, ThinkTag, without_reasoning

STOP = Finished(FinishReason.STOP)
SOURCE = CitationFound("https://example.org", "A source")


def passed(one_pass: Pass, *events: ChatEvent) -> Sequence[ChatEvent]:
    return [given for event in events for given in one_pass.feed([event])]


def text_of(events: Sequence[ChatEvent]) -> str:
    return "".join(event.text for event in events if isinstance(event, TextDelta))


def test_reasoning_becomes_text_in_tags() -> None:
    thought: list[ChatEvent] = [ReasoningDelta("Hm, "), SOURCE, ReasoningDelta("yes.")]
    given = passed(ThinkTag(), *thought, TextDelta("It "), TextDelta("is."), STOP)
    assert text_of(given) == "<think>\nHm, yes.\n</think>\n\nIt is."
    assert [event for event in given if not isinstance(event, TextDelta)] == [SOURCE, STOP]


def test_a_tag_that_was_opened_is_closed() -> None:
    assert text_of(passed(ThinkTag(), ReasoningDelta("Hm"), STOP)) == "<think>\nHm\n</think>\n\n"
    assert passed(ThinkTag(), TextDelta("Yes"), STOP) == [TextDelta("Yes"), STOP]


def test_reasoning_can_be_left_out() -> None:
    assert passed(NoReasoning(), ReasoningDelta("Hm"), TextDelta("Yes"), STOP) == [TextDelta("Yes"), STOP]


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<think>\nHm\n</think>\n\nYes", "Yes"),
        ("<thinking>Hm</thinking>Yes", "Yes"),
        ("One.\n<think>\nHm\n</think>\n\nTwo.", "One.\nTwo."),
        ("The tag `<think>` opens, </think> closes.", "The tag `<think>` opens, </think> closes."),
        ("<think>never closed", "<think>never closed"),
        ("", ""),
    ],
)
def test_what_was_thought_is_taken_out_of_earlier_answers(text: str, left: str) -> None:
    assert without_reasoning(text) == left
