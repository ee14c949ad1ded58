"""The short way of an answer's words: from the tab's bytes to whoever writes them, within one call.

The long way is `bridge.py` and what stands above it: generators that are woken, one above the other, for
each piece of an answer. Beginnings, pictures, ends and errors need that; but nearly all pieces are words in
the middle of an answer, and for those it costs more than all the rest: 18 µs a piece became 7 (one piece a
read, without the kernel, 2026-11-25). So once an answer is on its way and everybody on the long way waits
for more, its words take this one. Whatever is not words is left for the long way, in order.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from lmarena_bridge.core.chat.events import ChatEvent, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.stream import StreamParser

_WORDS: Final = frozenset((TextDelta, ReasoningDelta))

Listener = Callable[[Sequence[ChatEvent]], None]


class Writer(Protocol):
    """Who writes an answer for its client."""

    @property
    def is_ready(self) -> bool:
        """Whether it can write now, without waiting for the client."""

    def write_now(self, events: Sequence[ChatEvent], /) -> None:
        """Write these events, which are words only."""


class ShortWay:
    """The short way of one answer: closed until somebody writes it, and whenever its client must catch up."""

    __slots__ = ("listeners", "writer")

    def __init__(self) -> None:
        # Set by who writes the answer when the first of it is written, and not before: until then it may
        # still be asked for anew somewhere else.
        self.writer: Writer | None = None
        # Those on the long way who must hear all words, too; before they are written.
        self.listeners: list[Listener] = []


class Passage:
    """One attempt's bytes, on both ways. What is parsed on the short one is not parsed again."""

    __slots__ = ("_held", "_parsed", "_parser", "_spoke", "_way")

    def __init__(self, way: ShortWay, parser: StreamParser) -> None:
        self._way = way
        self._parser = parser
        # What was parsed of the bytes that the long way gets next, and how many of them that were.
        self._held: list[ChatEvent] = []
        self._parsed = 0
        self._spoke = False

    def has_spoken(self) -> bool:
        """Whether words have gone by the short way since this was asked last."""
        spoke, self._spoke = self._spoke, False
        return spoke

    def short(self, payload: bytes) -> bool:
        """Whether these bytes were words and have been written. If not, they must go the long way."""
        writer, parser = self._way.writer, self._parser
        if writer is None or not writer.is_ready:
            return False
        try:
            events = parser.feed(payload)
        except BridgeError:  # raised again on the long way
            events = []
        if not events or not parser.goes_on or not _WORDS.issuperset(map(type, events)):
            self._held, self._parsed = events, len(payload)
            return False
        for listener in self._way.listeners:
            listener(events)
        writer.write_now(events)
        self._spoke = True
        return True

    def long(self, payload: bytes) -> list[ChatEvent]:
        """The events of bytes that go the long way; their beginning may be parsed already."""
        if not self._parsed:
            return self._parser.feed(payload)
        events, rest = self._held, payload[self._parsed :]
        self._held, self._parsed = [], 0
        try:
            return events + self._parser.feed(rest)
        except BridgeError:
            if events:  # first what came before; the parser raises it again
                return events
            raise
