"""What a tab and a server say to each other: ours, and the earlier bridges'.

A wire knows which message is a task, how pieces of the site's stream travel, and nothing else. To measure a
program with a wire of its own, add a class here.
"""

import re
import struct
import time
from abc import ABC, abstractmethod
from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec
from benchmarks.frames import BINARY, TEXT, Deflater, frame
from benchmarks.order import BLANK_STAMP, Order, find_order, texts
from benchmarks.prepared import Frames

# Says that a job is there: (its name, the order, how far it may send; None: as far as it likes).
Begin = Callable[["Job"], None]

_FINISH: Final = 'ad:{"finishReason":"stop"}\n'
_PIECE_HEAD: Final = struct.Struct(">IQ")


def stamped(piece: str) -> str:
    return piece.replace(BLANK_STAMP, stamp(), 1)


def stamp() -> str:
    return f"~{time.monotonic_ns():016d}~"


@lru_cache(maxsize=64)
def pieces(order: Order) -> tuple[str, ...]:
    """The site's stream as the tab's messages carry it."""
    lines = ["ag:" + _json("x" * order.size).decode() + "\n"] * order.thoughts
    lines += ["a0:" + _json(text).decode() + "\n" for text in texts(order)]
    if order.cut:
        whole = "".join(lines)
        return tuple(whole[at : at + order.cut] for at in range(0, len(whole), order.cut))
    step = max(1, order.per_message)
    return tuple("".join(lines[at : at + step]) for at in range(0, len(lines), step))


_json: Final = msgspec.json.Encoder().encode


def _stamp_in(payload: bytes) -> dict[str, int]:
    """The hole for the stamp, if there is one."""
    at = payload.find(BLANK_STAMP.encode())
    return {"stamp": at} if at >= 0 else {}


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
        return frame(self.head_said())

    def piece(self, text: str) -> bytes:
        return frame(self.piece_said(text), BINARY)

    def end(self) -> bytes:
        return self.piece(_FINISH) + frame(self.end_said())

    def burst(self) -> bytes:
        number = self.number.to_bytes(4, "big")
        prepared = _own_frames(self.order, len(self.name))
        return bytes(prepared.filled(digits=self.name.encode(), number=number, stamp=stamp().encode()))

    def has_room(self, size: int) -> bool:
        return self.sent + size + len(_FINISH) <= self.limit

    # -- what the frames say

    def head_said(self) -> bytes:
        return _json({"type": "head", "stream": self.number, "status": 200})

    def piece_said(self, text: str) -> bytes:
        payload = text.encode()
        said = _PIECE_HEAD.pack(self.number, self.sent) + payload
        self.sent += len(payload)
        return said

    def end_said(self) -> bytes:
        return _json({"type": "end", "stream": self.number, "length": self.sent})


@lru_cache(maxsize=64)
def _own_frames(order: Order, digits: int) -> Frames:
    """All frames of an answer on a stream whose number has so many digits."""
    job, frames = OwnJob(10 ** (digits - 1), 0, order), Frames()
    head = job.head_said()
    frames.add(head, digits=head.index(job.name.encode()))
    for text in (*job.pieces, _FINISH):
        said = job.piece_said(text)
        frames.add(said, BINARY, number=0, **_stamp_in(said))
    end = job.end_said()
    frames.add(end, digits=end.index(job.name.encode()))
    return frames


class _Told(msgspec.Struct):
    """What any message of our server has that a tab here looks at."""

    type: str
    stream: int = 0
    window: int = 0
    limit: int = 0
    at: float = 0.0


class OwnWire(Wire):
    subprotocol = "lmarena-bridge.v1"

    def __init__(self, begin: Begin, resume: Begin, *, secret: str, tab: str) -> None:
        super().__init__(begin, resume)
        self._secret, self._tab = secret, tab
        self._read: Final = msgspec.json.Decoder(_Told).decode
        self._awaited = _Told("")
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
        return frame(_json(hello))

    def received(self, opcode: int, payload: bytes) -> bytes:
        if opcode == BINARY:
            self._start(payload)
            return b""
        message = self._read(payload)
        match message.type:
            case "ping":
                return frame(_json({"type": "pong", "at": message.at}))
            case "fetch":
                self._awaited = message
            case "credit" if job := self._jobs.get(message.stream):
                job.limit = message.limit
                self.resume(job)
            case "cancel" | "release":
                self._jobs.pop(message.stream, None)
            case _:
                pass
        return b""

    def _start(self, body: bytes) -> None:
        told = self._awaited
        job = self._jobs[told.stream] = OwnJob(told.stream, told.window, find_order(body))
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
        payload = _json({"request_id": self.name, "data": text})
        if self._deflater is not None:
            return frame(self._deflater(payload), TEXT, compressed=True)
        return frame(payload)

    def end(self) -> bytes:
        return self.piece(_FINISH) + self.piece("[DONE]")

    def burst(self) -> bytes:
        if self._deflater is not None:
            first = self.piece(stamped(self.pieces[0]))
            return first + b"".join(map(self.piece, self.pieces[1:])) + self.end()
        prepared = _peer_frames(self.order, len(self.name))
        return bytes(prepared.filled(name=self.name.encode(), stamp=stamp().encode()))


@lru_cache(maxsize=64)
def _peer_frames(order: Order, length: int) -> Frames:
    """All frames of an answer whose name has so many characters."""
    frames, name = Frames(), "@" * length
    for text in (*pieces(order), _FINISH, "[DONE]"):
        said = _json({"request_id": name, "data": text})
        frames.add(said, name=said.index(name.encode()), **_stamp_in(said))
    return frames


class PeerWire(Wire):
    _task: Final = re.compile(rb'"request_id"\s*:\s*"([^"]{1,128})"')

    def received(self, opcode: int, payload: bytes) -> bytes:
        found = self._task.search(payload, 0, 300)
        if found:
            self.begin(PeerJob(found[1].decode(), find_order(payload), self.deflater))
        return b""
