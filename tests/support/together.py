"""Events whose parts came together, in one read of the tab's socket."""

from typing import Final

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
)

# Thoughts, words, a picture, words and the end.
TOGETHER: Final[tuple[ChatEvent, ...]] = (
    ReasoningDelta("Hm, so", ("Hm", ", so")),
    TextDelta("Look:", ("Look", ":")),
    ImageProduced("https://example.org/a.png", "image/png"),
    TextDelta("Nice.", ("Nice", ".")),
    Finished(FinishReason.STOP),
)
