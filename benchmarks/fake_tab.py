"""A tab that never waits for a site: `python -m benchmarks.fake_tab '{"port": …, "wire": "own", …}'`.

Connects as the userscript does and answers every task to order, in one write or paced. Prints `open` when
it is connected, and runs until the connection ends.
"""

import asyncio
import random
import sys
import uuid
from typing import Literal, cast

import msgspec
from benchmarks.frames import CLOSE, PING, PONG, Deflater, Reader, frame, handshake
from benchmarks.loop import run
from benchmarks.wires import Job, OwnWire, PeerWire, Wire, stamped


class TabOrder(msgspec.Struct):
    port: int
    wire: Literal["own", "peer"]
    secret: str = ""
    deflate: bool = False


class FakeTab(asyncio.Protocol):
    def __init__(self, order: TabOrder, opened: asyncio.Future[None], lost: asyncio.Future[None]) -> None:
        self._order, self._opened, self._lost = order, opened, lost
        self._loop = asyncio.get_running_loop()
        self._head = b""
        self._waiting: dict[Job, int] = {}
        self._wire = self._make_wire()
        self._reader = Reader()

    def _make_wire(self) -> Wire:
        if self._order.wire == "peer":
            return PeerWire(self._begin, self._resume)
        return OwnWire(self._begin, self._resume, secret=self._order.secret, tab=str(uuid.uuid4()))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=1 << 30)
        host = f"127.0.0.1:{self._order.port}"
        wire = self._wire
        asked = handshake(host, wire.path, deflate=self._order.deflate, subprotocol=wire.subprotocol)
        self._transport.write(asked)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._lost.done():
            self._lost.set_result(None)

    def data_received(self, data: bytes) -> None:
        if not self._opened.done():
            data = self._open(data)
        for opcode, payload in self._reader.feed(data):
            if opcode == PING:
                self._transport.write(frame(payload, PONG))
            elif opcode == CLOSE:
                self._transport.close()
            elif answer := self._wire.received(opcode, payload):
                self._transport.write(answer)

    def _open(self, data: bytes) -> bytes:
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            return b""
        if not head.startswith(b"HTTP/1.1 101"):
            sys.exit(f"handshake refused: {head.decode('latin-1')}")
        if b"permessage-deflate" in head:
            self._wire.deflater = Deflater(head)
            self._reader = Reader(deflate=True)
        self._transport.write(self._wire.greeting())
        self._opened.set_result(None)
        return rest

    # -- answers -------------------------------------------------------------------------------------------

    def _begin(self, job: Job) -> None:
        if job.order.delay_us:
            self._transport.write(job.head())
            self._step(job, 0, self._loop.time())
        elif job.order.fragments * job.order.size < 500_000:
            self._transport.write(job.burst())
        else:
            self._transport.write(job.head())
            self._send_on(job, 0)

    def _resume(self, job: Job) -> None:
        if job in self._waiting:
            self._send_on(job, self._waiting.pop(job))

    def _send_on(self, job: Job, index: int) -> None:
        """As much of a large answer as there is room for."""
        out = []
        while index < len(job.pieces) and job.has_room(len(job.pieces[index].encode())):
            text = job.pieces[index]
            out.append(job.piece(text if index else stamped(text)))
            index += 1
        if index < len(job.pieces):
            self._waiting[job] = index
        else:
            out.append(job.end())
        self._transport.write(b"".join(out))

    def _step(self, job: Job, index: int, at: float) -> None:
        if self._transport.is_closing():
            return
        out = job.piece(stamped(job.pieces[index]))
        index += 1
        if index == len(job.pieces):
            self._transport.write(out + job.end())
            return
        self._transport.write(out)
        # Streams that start together must not stay in step.
        delay = job.order.delay_us / 1e6
        at += delay * (0.5 + random.random()) if index == 1 else delay
        self._loop.call_at(at, self._step, job, index, at)


async def main(order: TabOrder) -> None:
    loop = asyncio.get_running_loop()
    opened, lost = loop.create_future(), loop.create_future()
    await loop.create_connection(lambda: FakeTab(order, opened, lost), "127.0.0.1", order.port)
    await opened
    print("open", flush=True)
    await lost


if __name__ == "__main__":
    run(main(msgspec.json.decode(sys.argv[1], type=TabOrder)))
