from typing import get_args

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    part_by_part,
)


def test_finish_reasons_are_the_words_that_clients_know() -> None:
    # Any other word makes some clients loop or fail (clients.md 0.1).
    assert {str(reason) for reason in FinishReason} == {"stop", "length", "content_filter", "tool_calls"}


def test_events_are_values() -> None:
    assert TextDelta("a") == TextDelta("a")
    assert Finished(FinishReason.STOP).usage is None
    assert len({TextDelta("a"), TextDelta("a")}) == 1


def test_failure_is_no_event() -> None:
    assert not any(issubclass(kind, Exception) for kind in get_args(ChatEvent))


def test_what_came_together_can_be_had_part_by_part() -> None:
    end = Finished(FinishReason.STOP)
    thought, said = ReasoningDelta("Hm, so", ("Hm", ", so")), TextDelta("Hello", ("Hel", "lo"))
    assert list(part_by_part((thought, said, TextDelta("!"), end))) == [
        ReasoningDelta("Hm"),
        ReasoningDelta(", so"),
        TextDelta("Hel"),
        TextDelta("lo"),
        TextDelta("!"),
        end,
    ]
