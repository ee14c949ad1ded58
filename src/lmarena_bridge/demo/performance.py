"""How an answer is sent: whole lines in, single writes and pauses out, with every misbehaviour asked for."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain, islice
from typing import Final

from lmarena_bridge.demo import stream
from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.models import Side

_UNKNOWN_PARTS: tuple[tuple[str, object], ...] = (
    ("f", {"messageId": "msg-1"}),
    (
        "e",
        {"finishReason": "stop", "usage": {"promptTokens": 1, "completionTokens": 1}, "isContinued": False},
    ),
    ("8", [{"id": "m1"}]),
    ("h", {"sourceType": "url", "id": "1", "url": "https://example.org"}),
    ("i", {"data": "redacted"}),
    ("j", {"signature": "none"}),
    ("9", {"toolCallId": "t1", "toolName": "none", "args": {}}),
    ("b", {"toolCallId": "t1", "toolName": "none"}),
    ("a", {"toolCallId": "t1", "result": 'a0:"not text"'}),
    ("z", None),
)


@dataclass(frozen=True, slots=True)
class Write:
    """One write to the network."""

    data: bytes


@dataclass(frozen=True, slots=True)
class Pause:
    seconds: float


@dataclass(frozen=True, slots=True)
class Hang:
    """Nothing more, for ever."""


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection is broken off."""


Step = Write | Pause | Hang | Reset
Ending = Callable[[Iterator[str], Side], Iterator[Step]]


def perform(
    lines: Iterable[str], directives: Directives, side: Side, pace_ms: float | None
) -> Iterator[Step]:
    """The steps of sending `lines`. pace_ms: pause between lines; None for a lively one of 15 to 40 ms."""
    silence = directives.number("silent", 0)
    if silence:
        yield Pause(silence)
    for step in _ended(_dressed(lines, directives, side), directives, side, pace_ms):
        yield from _cut(step, directives)


def _dressed(lines: Iterable[str], directives: Directives, side: Side) -> Iterator[str]:
    """The lines with what may stand between and around them."""
    for index, line in enumerate(lines):
        if "heartbeat" in directives:
            yield stream.heartbeat(side)
        if "unknown-codes" in directives:
            yield stream.line(side, *_UNKNOWN_PARTS[index % len(_UNKNOWN_PARTS)])
        if "blank-lines" in directives:
            yield "\n"
        prefix = "data: " if "data-prefix" in directives else ""
        ending = "\r\n" if "carriage-returns" in directives else "\n"
        yield prefix + line[:-1] + ending


def _ended(lines: Iterator[str], directives: Directives, side: Side, pace_ms: float | None) -> Iterator[Step]:
    ending = next((name for name in directives.given if name in _ENDINGS), None)
    if ending:
        return _ENDINGS[ending](lines, side)
    if "lines" in directives:
        return iter([Write("".join(lines).encode("utf-8"))])
    pause = directives.number("pace", 0) if "pace" in directives else pace_ms
    return _at_pace(lines, 0 if "size" in directives else pause)


def _at_pace(lines: Iterable[str], pace_ms: float | None) -> Iterator[Step]:
    for line in lines:
        data = line.encode("utf-8")
        yield Write(data)
        pause = _lively(data) if pace_ms is None else pace_ms
        if pause > 0:
            yield Pause(pause / 1000)


def _lively(data: bytes) -> float:
    """15 to 40 ms, a little uneven as models are, and always the same for the same line."""
    return 15 + sum(data) % 26


def _cut(step: Step, directives: Directives) -> Iterator[Step]:
    size = 1 if "bytes-one-by-one" in directives else directives.count("cut", 0)
    if not isinstance(step, Write) or size < 1:
        yield step
        return
    for start in range(0, len(step.data), size):
        yield Write(step.data[start : start + size])
        # Long enough for a browser not to put the pieces together again (1 ms was not: 60 reads of 141).
        yield Pause(0.003)


def _torn(lines: Iterator[str], _side: Side) -> Iterator[Step]:
    *whole, torn, _finish = lines
    yield from _at_pace(whole, None)
    yield Write(torn.encode("utf-8")[: len(torn) // 2])


def _torn_in_a_character(lines: Iterator[str], side: Side) -> Iterator[Step]:
    yield from _at_pace(islice(lines, 1), None)
    yield Write(f'{side}0:"zażółć 🦦'.encode()[:-2])


def _without_finish(lines: Iterator[str], _side: Side) -> Iterator[Step]:
    return _at_pace(list(lines)[:-1], None)


def _with_an_error(lines: Iterator[str], side: Side) -> Iterator[Step]:
    message = stream.error(side, "An error occurred in the practice arena")
    return _at_pace(chain(islice(lines, 1), [message]), None)


def _then(last: Step) -> Ending:
    """The first line, and then `last` instead of the rest."""
    return lambda lines, _side: chain(_at_pace(islice(lines, 1), 0), [last])


_ENDINGS: Final[Mapping[str, Ending]] = {
    "torn": _torn,
    "torn-utf8": _torn_in_a_character,
    "no-finish": _without_finish,
    "hang": _then(Hang()),
    "reset": _then(Reset()),
    "error-line": _with_an_error,
    "error-object": lambda _lines, _side: iter(
        [Write(b'{"error":"Something went wrong in the practice arena"}')]
    ),
    "empty": lambda _lines, _side: iter([]),
}
