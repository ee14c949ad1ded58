"""A whole answer at once, for tests that have all its events."""

from collections.abc import Iterable

from lmarena_bridge.core.chat.completion import Answer, Completion
from lmarena_bridge.core.chat.events import ChatEvent


def fold(events: Iterable[ChatEvent]) -> Completion:
    """The completion that these events make, the last of them a `Finished`."""
    answer = Answer()
    answer.add(events)
    return answer.completion()
