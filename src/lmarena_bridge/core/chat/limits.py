"""Where an answer ends although the model goes on: at a text, or after so many tokens.

The site has no place for such wishes, so they are kept here; the tab's fetch is then cancelled.
"""

from collections.abc import Sequence
from typing import Final, Protocol

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    ImageProduced,
    TextDelta,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.passes import Pass

# What may stand at the end of a text that is counted once and for all is as much as a token may still grow.
_OPEN_END: Final = 64


class Tokenizer(Protocol):
    """Whoever knows how a text falls into tokens."""

    def count(self, text: str) -> int:
        """How many tokens the text has."""

    def head(self, text: str, tokens: int) -> str:
        """The longest beginning of whole characters that has no more than so many tokens."""


class StopAt(Pass):
    """Ends the text in front of the stop that is complete first, however the text is cut into events."""

    def __init__(self, stops: Sequence[str]) -> None:
        """None of the stops is empty."""
        self._stops = tuple(stops)
        # The end of the text, as far as it may be the beginning of a stop.
        self._held = ""

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        given: list[ChatEvent] = []
        for event in events:
            match event:
                case TextDelta(text=text):
                    if self._stopped(self._held + text, given):
                        break
                case Finished() | ImageProduced() | ToolCallBegun():
                    self._release(given)
                    given.append(event)
                case _:  # stands beside the text, not in it
                    given.append(event)
        return given

    def _stopped(self, text: str, given: list[ChatEvent]) -> bool:
        ends = [(at + len(stop), at, stop) for stop in self._stops if (at := text.find(stop)) >= 0]
        if ends:
            _, begin, stop = min(ends)
            self._held = text[:begin]
            self._release(given)
            given.append(Finished(FinishReason.STOP, stop=stop))
            return True
        sure = self._begins(text)
        self._held = text[sure:]
        if sure:
            given.append(TextDelta(text[:sure]))
        return False

    def _begins(self, text: str) -> int:
        """Where a stop may begin that the text does not hold whole; its length if nowhere."""
        return min(_overlap(text, stop) for stop in self._stops)

    def _release(self, given: list[ChatEvent]) -> None:
        if self._held:
            given.append(TextDelta(self._held))
            self._held = ""


def _overlap(text: str, stop: str) -> int:
    """The place from which on the text is a beginning of `stop`."""
    at = text.find(stop[0], max(0, len(text) - len(stop) + 1))
    while at >= 0 and not stop.startswith(text[at:]):
        at = text.find(stop[0], at + 1)
    return len(text) if at < 0 else at


class AtMost(Pass):
    """Ends the text after so many tokens. Reasoning and the arguments of calls are not counted.

    A token has at least one byte, so a text is looked at only when its bytes might be too many tokens: a few
    times for a long answer, however it is cut.
    """

    def __init__(self, tokens: int, tokenizer: Tokenizer) -> None:
        self._left = tokens
        self._tokenizer = tokenizer
        # The text that `_left` knows nothing of; its tokens as far as they were counted, then its bytes.
        self._tail = ""
        self._counted = 0
        self._uncounted = 0

    def feed(self, events: Sequence[ChatEvent]) -> Sequence[ChatEvent]:
        given: list[ChatEvent] = []
        for event in events:
            if isinstance(event, TextDelta):
                fitting = self._fitting(event.text)
                if fitting:
                    given.append(event if fitting is event.text else TextDelta(fitting))
                if fitting is not event.text:
                    given.append(Finished(FinishReason.LENGTH))
                    break
            else:
                given.append(event)
        return given

    def _fitting(self, text: str) -> str:
        """As much of the text as there is room for: the very same object if that is all of it."""
        given = len(self._tail)
        self._tail += text
        self._uncounted += len(text.encode("utf-8"))
        if self._counted + self._uncounted <= self._left:
            return text
        self._counted, self._uncounted = self._tokenizer.count(self._tail), 0
        if self._counted > self._left:
            return self._tokenizer.head(self._tail, self._left)[given:]
        self._settle()
        return text

    def _settle(self) -> None:
        """Count the text once and for all, but for its end: with what follows it may make other tokens."""
        if len(self._tail) > 4 * _OPEN_END:
            end = len(self._tail) - _OPEN_END
            space = self._tail.rfind(" ", _OPEN_END, end)
            end = space if space > 0 else end
            self._left -= min(self._left, self._tokenizer.count(self._tail[:end]))
            self._tail = self._tail[end:]
            self._counted = self._tokenizer.count(self._tail)
