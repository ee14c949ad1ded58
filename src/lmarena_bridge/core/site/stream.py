"""The site's answer: bytes in, cut anywhere, events out.

Lines of exactly two characters of code, a colon and one JSON value: the side (`a` or `b`), what kind of
part it is, and the part (site-protocol.md 6.1). Side letters are part codes too, so only the position tells
them apart. A stream ends with the wanted side's `d`; one that does not was cut off and is no answer.
"""

from typing import Final

import msgspec

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
)
from lmarena_bridge.core.errors import BridgeError, EmptyAnswer, MalformedStream, WrongSide
from lmarena_bridge.core.site.halves import HalfKeeper
from lmarena_bridge.core.site.lines import LineSplitter
from lmarena_bridge.core.site.parts import READERS, CitationReader, arena_error, decode
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES, refusal
from lmarena_bridge.core.site.target import Participant

# The text delta by which the site itself says that an answer failed (seen 2025-06 to 2026-07).
_ERROR_TEXT: Final = "hasArenaError"
_SIDES: Final = b"ab"
_CODES: Final = b"0123456789abcdefghijklmnopqrstuvwxyz"
# The parts that make an answer; the others only accompany one.
_SPEAKING: Final = b"0g2k"
_TEXT: Final = ord("0")
_REASONING: Final = ord("g")
_CITATION: Final = ord("c")

_STRING: Final = msgspec.json.Decoder(str)


class StreamParser:
    """One answer. In a battle only the parts of `side` count. Raises BridgeError of the site's kinds only."""

    def __init__(self, side: Participant) -> None:
        self._side = ord(side)
        self._text_prefix = f"{side}0:".encode()
        self._lines = LineSplitter()
        self._texts = {_TEXT: HalfKeeper(), _REASONING: HalfKeeper()}
        self._citations = CitationReader()
        self._is_stream = False
        # The first bytes of what turned out to be no stream at all.
        self._foreign: bytes | None = None
        self._answered = False
        self._other_answered = False
        self._finished = False

    def feed(self, data: bytes) -> list[ChatEvent]:
        """The events that these bytes complete."""
        events: list[ChatEvent] = []
        for line in self._lines.feed(data):
            self._line(line, events)
        return events

    def close(self) -> list[ChatEvent]:
        """The end of the response: the last events, or what was wrong with the whole."""
        events: list[ChatEvent] = []
        self._line(self._lines.rest(), events, torn=True)
        if self._foreign is not None:
            raise refusal(200, {}, self._foreign, now=0)
        if not self._finished:
            raise self._unfinished()
        return events

    # -- lines ---------------------------------------------------------------------------------------------

    def _line(self, line: bytes, events: list[ChatEvent], *, torn: bool = False) -> None:
        if self._foreign is not None:
            self._foreign = (self._foreign + b"\n" + line)[:MAX_REFUSAL_BYTES]
            return
        # Seen with "data: " in front by one peer; never recorded, cheap to allow.
        line = line.removesuffix(b"\r").removeprefix(b"data: ")
        if not line:
            return
        if not _is_part(line):
            self._no_part(line, torn=torn)
            return
        self._is_stream = True
        try:
            self._part(line, events)
        except ValueError as error:
            raise _cut_off() if torn else _malformed(str(error)) from error

    def _no_part(self, line: bytes, *, torn: bool) -> None:
        if torn and (self._is_stream or (len(line) < 3 and line[0] in _SIDES)):
            raise _cut_off()
        if self._is_stream:
            raise _malformed("a line without a part code")
        self._foreign = line[:MAX_REFUSAL_BYTES]

    def _part(self, line: bytes, events: list[ChatEvent]) -> None:
        side, code, payload = line[0], line[1], line[3:]
        if side != self._side:
            self._other_answered = self._other_answered or code in _SPEAKING
        elif self._finished:
            pass
        elif code in self._texts:
            self._say(code, payload, events)
        else:
            self._read(code, payload, events)

    # -- the wanted side -------------------------------------------------------------------------------------

    def _say(self, code: int, payload: bytes, events: list[ChatEvent]) -> None:
        keeper = self._texts[code]
        try:
            text = _STRING.decode(payload)
            if keeper.holds:
                text = keeper.mend(text)
        except (msgspec.DecodeError, UnicodeDecodeError):
            value = decode(payload)
            if not isinstance(value, str):
                raise ValueError("a text part that is no text") from None
            text = keeper.mend(value)
        if text == _ERROR_TEXT and code == _TEXT:
            raise arena_error("")
        if text:
            self._answered = True
            events.append(TextDelta(text) if code == _TEXT else ReasoningDelta(text))

    def _read(self, code: int, payload: bytes, events: list[ChatEvent]) -> None:
        reader = self._citations if code == _CITATION else READERS.get(code)
        if reader is None:
            return
        for event in reader(decode(payload)):
            if isinstance(event, Finished):
                self._finish(event, events)
            else:
                self._answered = self._answered or not isinstance(event, CitationFound)
                events.append(event)

    def _finish(self, finished: Finished, events: list[ChatEvent]) -> None:
        """What half a character was still waiting for will not come."""
        if reasoning := self._texts[_REASONING].flush():
            events.append(ReasoningDelta(reasoning))
        if text := self._texts[_TEXT].flush():
            events.append(TextDelta(text))
        if not self._answered and not events and finished.reason is FinishReason.STOP:
            raise _empty()
        self._finished = True
        events.append(finished)

    def _unfinished(self) -> BridgeError:
        if not self._is_stream:
            return _empty()
        if self._other_answered and not self._answered:
            return _wrong_side()
        return _cut_off()


def _is_part(line: bytes) -> bool:
    return len(line) >= 3 and line[2] == 0x3A and line[0] in _SIDES and line[1] in _CODES


def _malformed(why: str) -> MalformedStream:
    return MalformedStream(
        f"LMArena's answer is not in the format this version knows ({why[:200]}). Try again; if it stays, "
        "look for an update of LMArena Bridge."
    )


def _cut_off() -> MalformedStream:
    return MalformedStream("LMArena's answer was cut off before its end. Try again.")


def _empty() -> EmptyAnswer:
    return EmptyAnswer(
        "LMArena sent an empty answer. Usual reasons: an attachment the model cannot read, a refusal of the "
        "content, or a session that has died. Try without attachments, or capture the session again."
    )


def _wrong_side() -> WrongSide:
    return WrongSide(
        "The answer came on the other side of the battle. Set battle_target (or id_updater_battle_target) to "
        "the other letter, or capture the session again."
    )
