"""What a tab and a server say to each other: ours, and the earlier bridges'.

A wire knows which message is a task, how pieces of the site's stream travel, and nothing else. To measure a
program with a wire of its own, add a class here.
"""

import json
import re
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Final

from benchmarks.frames import BINARY, TEXT, Deflater, frame, head_of, mask
from benchmarks.order import BLANK_STAMP, Order, find_order, texts

# Says that a job is there: (its name, the order, how far it may send; None: as far as it likes).
Begin = Callable[["Job"], None]

_FINISH: Final = 'ad:{"finishReason":"stop"}\n'
_PIECE_HEAD: Final = struct.Struct(">IQ")


def stamped(piece: str) -> str:
    return piece.replace(BLANK_STAMP, f"~{time.monotonic_ns():016d}~", 1)


@lru_cache(maxsize=64)
def pieces(order: Order) -> tuple[str, ...]:
    """The site's stream as the tab's messages carry it."""
    lines = ["ag:" + _json("x" * order.size) + "\n"] * order.thoughts
    lines += ["a0:" + _json(text) + "\n" for text in texts(order)]
    if order.cut:
        whole = "".join(lines)
        return tuple(whole[at : at + order.cut] for at in range(0, len(whole), order.cut))
    step = max(1, order.per_message)
    return tuple("".join(lines[at : at + step]) for at in range(0, len(lines), step))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


class Job(ABC):
    """One answer on its way: gives the frames of its pieces, in order."""

    def __init__(self, name: str, order: Order) -> None:
        self.name = name
        self.order = order
        self.pieces = pieces(order)

    @abstractmethod
    def head(self) -> bytes:
        """What comes before the first piece."""

    @abstractmethod
    def piece(self, text: str) -> bytes:
        """The frame of one piece."""

    @abstractmethod
    def end(self) -> bytes:
        """What comes after the last piece."""

    @abstractmethod
    def burst(self) -> bytes:
        """All of it at once, prepared where that is possible."""

    def has_room(self, size: int) -> bool:
        """Whether the server takes so many bytes more now."""
        return True


class Wire(ABC):
    """One connection of a tab. `begin` is called with each job, `resume` when a job has room again."""

    path: str = "/ws"
    subprotocol: str | None = None

    def __init__(self, begin: Begin, resume: Begin) -> None:
        self.begin = begin
        self.resume = resume
        self.deflater: Deflater | None = None

    def greeting(self) -> bytes:
        return b""

    @abstractmethod
    def received(self, opcode: int, payload: bytes) -> bytes:
        """A message of the server; what to answer at once."""


# -- ours (docs/tab-protocol.md) ----------------------------------------------------------------------------


class OwnJob(Job):
    def __init__(self, number: int, limit: int, order: Order) -> None:
        super().__init__(str(number), order)
        self.number = number
        self.limit = limit
        self.sent = 0

    def head(self) -> bytes:
        return frame(_json({"type": "head", "stream": self.number, "status": 200}).encode())

    def piece(self, text: str) -> bytes:
        payload = text.encode()
        framed = frame(_PIECE_HEAD.pack(self.number, self.sent) + payload, BINARY)
        self.sent += len(payload)
        return framed

    def end(self) -> bytes:
        finish = self.piece(_FINISH)
        return finish + frame(_json({"type": "end", "stream": self.number, "length": self.sent}).encode())

    def burst(self) -> bytes:
        first = self.piece(stamped(self.pieces[0]))
        prepared, places, length = _rest(self.order)
        rest, number = bytearray(prepared), mask(self.number.to_bytes(4, "big"))
        for place in places:
            rest[place : place + 4] = number
        end = frame(_json({"type": "end", "stream": self.number, "length": length}).encode())
        return b"".join((self.head(), first, rest, end))

    def has_room(self, size: int) -> bool:
        return self.sent + size + len(_FINISH) <= self.limit


@lru_cache(maxsize=64)
def _rest(order: Order) -> tuple[bytes, tuple[int, ...], int]:
    """All pieces but the first as frames of stream 0, where their numbers stand, and the whole length."""
    out, places = bytearray(), []
    # The real stamp is as long as the blank one, or the offsets would not fit.
    offset = len(stamped(pieces(order)[0]).encode())
    for text in (*pieces(order)[1:], _FINISH):
        payload = _PIECE_HEAD.pack(0, offset) + text.encode()
        places.append(len(out) + len(head_of(len(payload), BINARY)))
        out += frame(payload, BINARY)
        offset += len(text.encode())
    return bytes(out), tuple(places), offset


class OwnWire(Wire):
    subprotocol = "lmarena-bridge.v1"

    def __init__(self, begin: Begin, resume: Begin, *, secret: str, tab: str) -> None:
        super().__init__(begin, resume)
        self._secret, self._tab = secret, tab
        self._awaited: dict[str, Any] = {}
        self._jobs: dict[int, OwnJob] = {}

    def greeting(self) -> bytes:
        hello = {
            "type": "hello",
            "version": "99.0",
            "secret": self._secret,
            "tab": self._tab,
            "profile": "bench",
            "origin": "https://lmarena.ai",
            "streams": [],
        }
        return frame(_json(hello).encode())

    def received(self, opcode: int, payload: bytes) -> bytes:
        if opcode == BINARY:
            self._start(payload)
            return b""
        message = json.loads(payload)
        match message["type"]:
            case "ping":
                return frame(_json({"type": "pong", "at": message["at"]}).encode())
            case "fetch":
                self._awaited = message
            case "credit" if job := self._jobs.get(message["stream"]):
                job.limit = message["limit"]
                self.resume(job)
            case "cancel" | "release":
                self._jobs.pop(message["stream"], None)
            case _:
                pass
        return b""

    def _start(self, body: bytes) -> None:
        number = self._awaited["stream"]
        job = self._jobs[number] = OwnJob(number, self._awaited["window"], find_order(body))
        self.begin(job)


# -- the earlier bridges' -----------------------------------------------------------------------------------


class PeerJob(Job):
    """`{"request_id": …, "data": …}` for each piece, then `[DONE]`."""

    def __init__(self, name: str, order: Order, deflater: Deflater | None) -> None:
        super().__init__(name, order)
        self._deflater = deflater

    def head(self) -> bytes:
        return b""

    def piece(self, text: str) -> bytes:
        payload = _json({"request_id": self.name, "data": text}).encode()
        if self._deflater is not None:
            return frame(self._deflater(payload), TEXT, compressed=True)
        return frame(payload)

    def end(self) -> bytes:
        return self.piece(_FINISH) + self.piece("[DONE]")

    def burst(self) -> bytes:
        first = self.piece(stamped(self.pieces[0]))
        if self._deflater is not None:
            return first + b"".join(map(self.piece, self.pieces[1:])) + self.end()
        prepared, blank = _peer_rest(self.order, len(self.name))
        return first + prepared.replace(blank, mask(self.name.encode(), _PEER_NAME_AT))


_PEER_NAME_AT: Final = len('{"request_id":"')


@lru_cache(maxsize=64)
def _peer_rest(order: Order, length: int) -> tuple[bytes, bytes]:
    blank = "@" * length
    job = PeerJob(blank, order, None)
    return b"".join(map(job.piece, job.pieces[1:])) + job.end(), mask(blank.encode(), _PEER_NAME_AT)


class PeerWire(Wire):
    _task: Final = re.compile(rb'"request_id"\s*:\s*"([^"]{1,128})"')

    def received(self, opcode: int, payload: bytes) -> bytes:
        found = self._task.search(payload, 0, 300)
        if found:
            self.begin(PeerJob(found[1].decode(), find_order(payload), self.deflater))
        return b""
