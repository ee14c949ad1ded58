"""The answer of one side: its parts in, events out."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final, Self

import msgspec

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
)
from lmarena_bridge.core.site.citations import CitationReader
from lmarena_bridge.core.site.halves import HalfKeeper
from lmarena_bridge.core.site.parts import (
    CODE_SIZE,
    READERS,
    Reader,
    arena_error,
    decode,
    decode_text,
)
from lmarena_bridge.core.site.run import read_run
from lmarena_bridge.core.site.said import Said

Delta = type[TextDelta] | type[ReasoningDelta]

_DELTAS: Final[Mapping[int, Delta]] = MappingProxyType({ord("0"): TextDelta, ord("g"): ReasoningDelta})

_CODES: Final[Mapping[Delta, int]] = MappingProxyType({delta: code for code, delta in _DELTAS.items()})

# The text delta by which the site itself says that an answer failed (seen 2025-06 to 2026-07).
_ERROR_TEXT: Final = "hasArenaError"
_CITATION: Final = ord("c")
# Raises ValueError for what is no proper JSON in proper UTF-8.
_TEXT: Final = msgspec.json.Decoder(str)
# How nearly all answers end (recorded 2025-11 and -12): known without being decoded, a twentieth of the steps
# that a short answer takes.
_USUAL_END: Final = b'd:{"finishReason":"stop"}'
STOP: Final = Finished(FinishReason.STOP)
# No line holds this; and what begins with it, because it comes with its end, is no part.
NO_RUN: Final = b"\n"


class SideReader(msgspec.Struct):
    """Reads the parts of one side until it has ended."""

    # Its letter's code.
    _side: int
    # How the lines begin that `go_on` can read, and the whole line that `ends` knows.
    run: bytes
    _end: bytes
    # Whether a word or a picture came.
    spoke: bool = False
    # Whether the side's last part came, and whether that finished an answer.
    ended: bool = False
    finished: bool = False
    _citations: CitationReader | None = None
    # What the last delta was, and the half character it ended with.
    _delta: Delta = TextDelta
    _half: HalfKeeper = msgspec.field(default_factory=HalfKeeper)

    @classmethod
    def of(cls, side: int) -> Self:
        """`side`: its letter's code."""
        return cls(side, *_BEGINNINGS[side])

    def go_on(self, line: bytes) -> TextDelta | ReasoningDelta | None:
        """`read` for what nearly all lines are: more of the same text. None if this one is not."""
        if not line.startswith(self.run):
            return None
        try:
            text = _TEXT.decode(line[CODE_SIZE:])
        except ValueError:
            return None
        if not text or text == _ERROR_TEXT:
            return None
        self.spoke = True
        return self._delta(text)

    def ends(self, line: bytes) -> bool:
        """`read` for how nearly all answers end, `STOP`: whether this is it. False: it must be read."""
        if line != self._end or not self.spoke or self.run == NO_RUN:
            return False
        self.ended = self.finished = True
        self.run = NO_RUN
        return True

    def go_on_at_length(self, data: bytes, events: list[ChatEvent]) -> int:
        """`go_on` for all whole lines that these bytes begin with; how many of the bytes were read."""
        if self.run == NO_RUN:
            return 0
        texts, size = read_run(data, self.run)
        if not size or "" in texts or _ERROR_TEXT in texts:
            return 0
        self.spoke = True
        events.append(self._delta("".join(texts), tuple(texts)))
        return size

    def read(self, code: int, payload: memoryview, events: list[ChatEvent]) -> None:
        """Add what a part says to the events. Raises ValueError if it is not JSON, and SiteRefused."""
        if delta := _DELTAS.get(code):
            self._say(delta, decode_text(payload), events)
        elif reader := READERS.get(code) or self._reader(code):
            for event in reader(decode(payload)):
                self._add(event, events)

    def _reader(self, code: int) -> Reader | None:
        """Citations come in pieces, so theirs is the answer's own; few answers have any."""
        if code == _CITATION and self._citations is None:
            self._citations = CitationReader()
        return self._citations if code == _CITATION else None

    def _say(self, delta: Delta, text: str, events: list[ChatEvent]) -> None:
        if text == _ERROR_TEXT and delta is TextDelta:
            raise arena_error(Said("", "text"))
        if not text:
            return
        if delta is not self._delta:
            self._flush(events)
            self._delta = delta
        self.spoke = True
        if text := self._half.mend(text):
            events.append(delta(text))
        self.run = NO_RUN if self._half.held else _run(self._side, delta)

    def _add(self, event: ChatEvent, events: list[ChatEvent]) -> None:
        self._flush(events)
        if not isinstance(event, Finished):
            self.spoke = self.spoke or not isinstance(event, CitationFound)
            events.append(event)
            return
        self.ended, self.run = True, NO_RUN
        # A stop without a word is no answer; being cut short before the first word is one.
        self.finished = self.spoke or event.reason is not FinishReason.STOP
        if self.finished:
            events.append(event)

    def _flush(self, events: list[ChatEvent]) -> None:
        """Something else comes: the other half of a character would come too late."""
        if self._half.held:
            events.append(self._delta(self._half.flush()))


def _run(side: int, delta: Delta) -> bytes:
    return b'%c%c:"' % (side, _CODES[delta])


# By side: what `run` is at first, and `_end`.
_BEGINNINGS: Final[Mapping[int, tuple[bytes, bytes]]] = MappingProxyType(
    {side: (_run(side, TextDelta), b"%c%b" % (side, _USUAL_END)) for side in b"ab"}
)
