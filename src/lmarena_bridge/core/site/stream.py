"""The site's answer: bytes in, cut anywhere, events out.

Lines of exactly two characters of code, a colon and one JSON value: the side (`a` or `b`), what kind of
part it is, and the part (site-protocol.md 6.1). Side letters are part codes too, so only the position tells
them apart. A stream ends with the wanted side's `d`; one that does not was cut off and is no answer.
"""

from collections.abc import Sequence
from typing import Final

from lmarena_bridge.core.chat.events import ChatEvent, ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError, EmptyAnswer, MalformedStream, WrongSide
from lmarena_bridge.core.site.lines import LineSplitter
from lmarena_bridge.core.site.parts import CODE_SIZE, decode
from lmarena_bridge.core.site.refusal import MAX_REFUSAL_BYTES, refusal
from lmarena_bridge.core.site.said import said_by_site
from lmarena_bridge.core.site.side import NO_RUN, STOP, SideReader
from lmarena_bridge.core.site.target import Participant

_SIDES: Final = b"ab"
_CODES: Final = b"0123456789abcdefghijklmnopqrstuvwxyz"
# Less is hardly more than a line or two, which are quicker read one by one.
_BURST_BYTES: Final = 256
# The parts by which a side ends: finish and error.
_ENDS: Final = b"d3"


class StreamParser:
    """One answer. In a battle only the parts of `side` count, and after its last one nothing does.

    `feed` and `close` raise BridgeErrors of the site's kinds, never anything else. What came before a
    failure is handed over first and the failure raised by the next call, so that an answer does not depend
    on where it was cut. `failure`: what the next call would raise, whatever came.
    """

    __slots__ = ("_foreign", "_is_stream", "_lines", "_other_ended", "_side", "_wanted", "failure")

    def __init__(self, side: Participant) -> None:
        self._wanted = ord(side)
        self._side = SideReader.of(self._wanted)
        self._lines = LineSplitter()
        self._is_stream = False
        # The first bytes of what is no stream at all.
        self._foreign = b""
        self._other_ended = False
        self.failure: BridgeError | None = None

    @property
    def goes_on(self) -> bool:
        """Whether more may come: the answer is neither complete nor has it failed."""
        return self.failure is None and not self._side.finished

    def feed(self, data: bytes) -> list[ChatEvent]:
        """The events that these bytes complete."""
        events: list[ChatEvent] = []
        if self.failure is None and not self._side.finished:
            if len(data) >= _BURST_BYTES:
                if self._lines.held:
                    data = self._first_line(data, events)
                data = self._burst(data, events)
            self._take(self._lines.feed(data), events)
        if self.failure is not None and not events:
            raise self.failure
        return events

    def feed_line(self, data: bytes) -> TextDelta | ReasoningDelta | None:
        """`feed` for bytes that are one line and go on with the same text; None, and nothing is read, if not.

        Nearly all that comes alone is such: this way it takes a third of the steps.
        """
        if self._lines.held or data.find(b"\n") != len(data) - 1:
            return None
        return self._side.go_on(data)

    def close(self) -> list[ChatEvent]:
        """The end of the response: the last events, or what was wrong with the whole."""
        events: list[ChatEvent] = []
        if self.failure is None and not self._side.finished:
            self._take([self._lines.rest()], events, torn=True)
        if not self._side.finished:
            raise self.failure or self._unfinished()
        return events

    def _first_line(self, data: bytes, events: list[ChatEvent]) -> bytes:
        """Read the end of the line that is held, if it has come; what is left of the bytes is to be read."""
        end = data.find(b"\n") + 1
        if end:
            self._take(self._lines.feed(data[:end]), events)
        return data[end:] if self.goes_on else b""

    def _burst(self, data: bytes, events: list[ChatEvent]) -> bytes:
        """Read whole lines of text at once; what is left of the bytes must be read line by line."""
        if self._foreign or not (size := self._side.go_on_at_length(data, events)):
            return data
        return data[size:]

    # -- lines ---------------------------------------------------------------------------------------------

    def _take(self, lines: Sequence[bytes], events: list[ChatEvent], *, torn: bool = False) -> None:
        """Read lines until the answer is complete or has failed."""
        side = self._side
        try:
            for line in lines:
                # Nearly all lines are such; the long way would double what they cost.
                if (more := side.go_on(line)) is not None:
                    events.append(more)
                    continue
                if side.ends(line):
                    events.append(STOP)
                    return
                self._line(line, events)
                if side.finished:
                    return
            if self._lines.held:
                self._lines.check()
        except ValueError as error:
            self._fail(_cut_off() if torn else _malformed(str(error)))
        except BridgeError as error:
            self._fail(error)

    def _fail(self, error: BridgeError) -> None:
        self.failure = error
        self._side.run = NO_RUN

    def _line(self, line: bytes, events: list[ChatEvent]) -> None:
        if self._foreign:
            self._collect(b"\n" + line)
        elif _is_part(line):
            self._is_stream = True
            if line[0] != self._wanted:
                self._other_ended = self._other_ended or _is_end(line)
            elif not self._side.ended:
                self._side.read(line[1], memoryview(line)[CODE_SIZE:], events)
        # Tolerated by one peer, never recorded: "data: " in front of each line.
        elif bare := line.removesuffix(b"\r").removeprefix(b"data:").removeprefix(b" "):
            if _is_part(bare):
                self._line(bare, events)
            elif self._is_stream or self._side.spoke:
                raise _error_in(bare)
            else:
                self._collect(bare)

    def _collect(self, data: bytes) -> None:
        """Keep the beginning of what is no stream, until it is understood."""
        self._foreign += data
        self._side.run = NO_RUN
        if len(self._foreign) >= MAX_REFUSAL_BYTES:
            raise refusal(200, {}, self._foreign, now=0)

    def _unfinished(self) -> BridgeError:
        if self._foreign and not _begins_part(self._foreign):
            return refusal(200, {}, self._foreign, now=0)
        if self._foreign:
            return _cut_off()
        if self._side.spoke:
            return _cut_off()
        if not self._is_stream:
            return _empty()
        if self._other_ended:
            return _wrong_side(self._wanted)
        return _empty() if self._side.ended else _cut_off()


def _is_part(line: bytes) -> bool:
    return line[2:3] == b":" and line[0] in _SIDES and line[1] in _CODES


def _is_end(line: bytes) -> bool:
    """Whether a part is the last of its side, and came to its own end."""
    if line[1] not in _ENDS:
        return False
    try:
        decode(memoryview(line)[CODE_SIZE:])
    except ValueError:
        return False
    return True


def _begins_part(data: bytes) -> bool:
    """Whether this may be all that came of a part."""
    return len(data) < 3 and data[0] in _SIDES


def _error_in(line: bytes) -> Exception:
    """What a line without a part code means when the answer has begun."""
    if line.startswith(b"{") and said_by_site(line.decode("utf-8", "replace")).shape in ("error", "schema"):
        return refusal(200, {}, line, now=0)
    return ValueError("a line without a part code")


def _malformed(why: str) -> MalformedStream:
    return MalformedStream(
        f"LMArena's answer is not in the format this version knows ({why[:200]}). Try again; if it stays, "
        "look for an update of LMArena Bridge."
    )


def _cut_off() -> MalformedStream:
    return MalformedStream("LMArena's answer was cut off before its end. Try again.")


def _empty() -> EmptyAnswer:
    return EmptyAnswer(
        "LMArena sent an empty answer. Usual reasons: an attachment that the model cannot read, content it "
        "refuses, or a session that has died. Try again without attachments; if it stays, run "
        "`lmarena-bridge session capture`."
    )


def _wrong_side(wanted: int) -> WrongSide:
    other = "A" if wanted == ord("b") else "B"
    return WrongSide(
        f'The answer came on side {other} of a battle. Say so where the session is set up: mode "battle" and '
        f'battle_target "{other}" in model_endpoint_map.json (id_updater_last_mode and '
        "id_updater_battle_target in config.jsonc for the default session); or run `lmarena-bridge session "
        "capture` again."
    )
