"""What a model thinks, for clients that have no field for it: as text in tags, or not at all."""

import re
from collections.abc import Sequence
from typing import Final

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    ReasoningDelta,
    TextDelta,
)
from lmarena_bridge.core.chat.passes import Pass

_OPEN: Final = "<think>\n"
_CLOSE: Final = "\n</think>\n\n"
# Blocks as this pass and others write them: each begins a line.
_BLOCK: Final = re.compile(r"^<(think|thinking)>.*?</\1>\s*", re.DOTALL | re.MULTILINE)


class ThinkTag(Pass):
    """Puts the reasoning into the text, between <think> and </think>."""

    def __init__(self) -> None:
        self._open = False

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        given: list[ChatEvent] = []
        for event in events:
            if isinstance(event, ReasoningDelta):
                given.append(TextDelta(event.text if self._open else _OPEN + event.text))
                self._open = True
            elif self._open and not isinstance(event, CitationFound):
                given += (TextDelta(_CLOSE), event)
                self._open = False
            else:
                given.append(event)
        return given


class NoReasoning(Pass):
    """Leaves the reasoning out."""

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        return [event for event in events if not isinstance(event, ReasoningDelta)]


def without_reasoning(text: str) -> str:
    """The text of an earlier answer without what was thought for it."""
    return _BLOCK.sub("", text)
