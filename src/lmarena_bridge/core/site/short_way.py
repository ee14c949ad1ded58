"""The short way of an answer's words: from the tab's bytes to whoever writes them, within one call.

The long way is `attempt.py`, where whatever a tab may say is told apart, and then all that stand between it
and the client. Beginnings, pictures, ends and errors need that; but nearly all pieces are words in the middle
of an answer, and with those it takes half as many steps again: of 860 of Python's a piece, from socket to
socket, this one leaves 585 (one piece a read, 2026-11-26). So once an answer is on its way and its owner
waits for more, its words take this one. Whatever is not words is left for the long way, in order.
"""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

import msgspec

from lmarena_bridge.core.chat.events import ChatEvent, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.stream import StreamParser

_WORDS: Final = frozenset((TextDelta, ReasoningDelta))

Listener = Callable[[Sequence[ChatEvent]], None]


class Writer(Protocol):
    """Who writes an answer for its client."""

    def write_now(self, events: Sequence[ChatEvent], /) -> bool:
        """Write these events, which are words only; False if that must wait for the client."""


class ShortWay(msgspec.Struct):
    """The short way of one answer: closed until somebody writes it, and whenever its client must catch up."""

    # Set by who reads the answer: nothing comes after what is given now, so the end of the response can be
    # written with it. A short answer is one write then, and not two.
    is_last: bool = False
    # Set by who writes the answer when the first of it is written, and not before: until then it may still be
    # asked for anew somewhere else.
    writer: Writer | None = None
    # Those on the long way who must hear all words, too.
    listeners: list[Listener] = []


class Passage(msgspec.Struct):
    """One attempt's bytes, on both ways. What is parsed on the short one is not parsed again."""

    _way: ShortWay
    _parser: StreamParser
    # What was parsed of the bytes that the long way gets next, and how many of them that were.
    _held: Sequence[ChatEvent] = ()
    _parsed: int = 0
    _spoke: bool = False

    def has_spoken(self) -> bool:
        """Whether words have gone by the short way since this was asked last."""
        spoke, self._spoke = self._spoke, False
        return spoke

    def short(self, payload: bytes) -> bool:
        """Whether these bytes were words and have been written. If not, they must go the long way."""
        if (writer := self._way.writer) is None:
            return False
        more = self._parser.feed_line(payload)
        events = self._parse(payload) if more is None else (more,)
        if (more is None and not self._are_words(events)) or not writer.write_now(events):
            self._held, self._parsed = events, len(payload)
            return False
        for listener in self._way.listeners:
            listener(events)
        self._spoke = True
        return True

    def _parse(self, payload: bytes) -> Sequence[ChatEvent]:
        try:
            return self._parser.feed(payload)
        except BridgeError:  # raised again on the long way
            return ()

    def _are_words(self, events: Sequence[ChatEvent]) -> bool:
        """Whether an answer that goes on is in nothing but words."""
        return bool(events) and self._parser.goes_on and _WORDS.issuperset(map(type, events))

    def long(self, payload: bytes) -> Sequence[ChatEvent]:
        """The events of bytes that go the long way; their beginning may be parsed already."""
        if not self._parsed:
            return self._parser.feed(payload)
        events, rest = self._held, payload[self._parsed :]
        self._held, self._parsed = (), 0
        try:
            return (*events, *self._parser.feed(rest))
        except BridgeError:
            if events:  # first what came before; the parser raises it again
                return events
            raise
