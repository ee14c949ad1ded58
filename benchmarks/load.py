"""Load over raw keep-alive connections: `python -m benchmarks.load '{"port": …, "concurrency": 64, …}'`.

Prints one JSON object of figures. The first answer of each run is decoded whole and compared with what was
ordered; nothing is measured on a server that changes the text.
"""

import asyncio
import json
import sys
import time
from typing import cast

import msgspec
from benchmarks.asking import Load, request_of, why_wrong
from benchmarks.loop import more_sockets, run
from benchmarks.order import STAMP
from benchmarks.processes import cpu_seconds

_NOW = time.monotonic_ns


class Totals:
    """What all clients have seen, times in nanoseconds."""

    def __init__(self) -> None:
        self.whole: list[int] = []
        self.first: list[int] = []
        self.way: list[int] = []
        self.bytes = 0
        self.error = ""


class Client(asyncio.Protocol):
    """One connection; asks again as soon as its answer is complete."""

    def __init__(self, run_: "Run") -> None:
        self._run = run_
        self.kept: bytearray | None = None
        self._has_left = False
        self._begin()

    def _begin(self) -> None:
        self._head = b""
        self._in_body = self._chunked = False
        self._left = -1
        self._tail = b""
        self._first_seen = False
        self._asked = _NOW()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=1 << 30)

    def connection_lost(self, exc: Exception | None) -> None:
        if not self._has_left:
            self._run.fail("connection lost")

    def leave(self) -> None:
        """Done. A server would close it after some seconds, too."""
        self._has_left = True
        self._transport.abort()

    def ask(self) -> None:
        self._begin()
        self._transport.write(self._run.request)

    def data_received(self, data: bytes) -> None:
        now = _NOW()
        self._run.totals.bytes += len(data)
        self._read_slowly(len(data))
        if not self._in_body:
            data = self._read_head(data)
        if not data:
            return
        if self.kept is not None:
            self.kept += data
        look = self._tail + data
        self._note(look, data, now)
        self._tail = look[-20:]
        if self._is_over(look, len(data)):
            self._complete(now)

    def _read_slowly(self, size: int) -> None:
        if rate := self._run.load.read_rate:
            self._transport.pause_reading()
            asyncio.get_running_loop().call_later(size / rate, self._read_on)

    def _read_on(self) -> None:
        if not self._transport.is_closing():
            self._transport.resume_reading()

    def _read_head(self, data: bytes) -> bytes:
        self._head += data
        head, end, rest = self._head.partition(b"\r\n\r\n")
        if not end:
            return b""
        if not head.startswith(b"HTTP/1.1 200"):
            self._run.fail(repr(self._head[:600]))
            return b""
        self._in_body, lower = True, head.lower()
        self._chunked = b"transfer-encoding: chunked" in lower
        _, _, length = lower.partition(b"content-length:")
        self._left = int(length.split(b"\r\n", 1)[0]) if length else -1
        return rest

    def _note(self, look: bytes, data: bytes, now: int) -> None:
        totals = self._run.totals
        if not self._first_seen and STAMP.search(look):
            self._first_seen = True
            totals.first.append(now - self._asked)
        if self._run.load.order.delay_us:
            # A stamp that was cut by a read is left out: these are samples.
            totals.way += [now - int(stamp) for stamp in STAMP.findall(data)]

    def _is_over(self, look: bytes, size: int) -> bool:
        if self._chunked:
            return look.endswith(b"\r\n0\r\n\r\n")
        self._left -= size
        return self._left <= 0

    def _complete(self, now: int) -> None:
        self._run.totals.whole.append(now - self._asked)
        if self.kept is not None:
            wrong = why_wrong(bytes(self.kept), self._run.load, chunked=self._chunked)
            self.kept = None
            if wrong and self._run.verify:
                self._run.fail(f"wrong answer: {wrong}")
        self._run.completed(self)


class Run:
    def __init__(self, load: Load, *, verify: bool) -> None:
        self.load, self.verify = load, verify
        self.request = request_of(load)
        self._reset(0)

    def _reset(self, until: int) -> None:
        self.totals = Totals()
        self._until = until
        self._live = 0
        self._over: asyncio.Future[None] = asyncio.get_running_loop().create_future()

    def fail(self, why: str) -> None:
        if not self._over.done():
            self.totals.error = why
            self._over.set_result(None)

    def completed(self, client: Client) -> None:
        if _NOW() < self._until and len(self.totals.whole) < self.load.most:
            client.ask()
            return
        client.leave()
        self._live -= 1
        if self._live == 0 and not self._over.done():
            self._over.set_result(None)

    async def figures(self) -> dict[str, float | str]:
        first = await self._connected()
        first.kept = bytearray()
        await self._drive([first], 0)
        clients: list[Client] = []
        while len(clients) < self.load.concurrency and not self.totals.error:
            clients.append(await self._connected())
        if not self.totals.error and self.load.seconds:
            before, began = cpu_seconds(self.load.pid), time.monotonic()
            await self._drive(clients, _NOW() + int(self.load.seconds * 1e9))
            elapsed, used = time.monotonic() - began, cpu_seconds(self.load.pid) - before
        else:
            elapsed, used = 1.0, 0.0
        self._over.cancel()
        for client in clients:
            client.leave()
        return self._told(elapsed, used)

    async def _connected(self) -> Client:
        loop, port = asyncio.get_running_loop(), self.load.port
        return (await loop.create_connection(lambda: Client(self), "127.0.0.1", port))[1]

    async def _drive(self, clients: list[Client], until: int) -> None:
        self._reset(until)
        self._live = len(clients)
        for client in clients:
            client.ask()
        try:
            await asyncio.wait_for(asyncio.shield(self._over), self.load.patience)
        except TimeoutError:
            self.totals.error = "timed out"

    def _told(self, elapsed: float, used: float) -> dict[str, float | str]:
        totals = self.totals
        requests = len(totals.whole)
        fragments = requests * self.load.order.fragments
        figures: dict[str, float | str] = {
            "requests": requests,
            "requests_per_s": requests / elapsed,
            "fragments_per_s": fragments / elapsed,
            "bytes": totals.bytes,
            "share_of_core": used / elapsed,
        }
        if totals.error:
            figures["error"] = totals.error
        if fragments and used:
            figures |= {"cpu_us_fragment": used * 1e6 / fragments, "cpu_us_request": used * 1e6 / requests}
        for name, times in (("whole", totals.whole), ("first", totals.first), ("way", totals.way)):
            figures |= _spread(name, sorted(times))
        return figures


def _spread(name: str, times: list[int]) -> dict[str, float]:
    if not times:
        return {}
    p99 = times[min(len(times) - 1, int(len(times) * 0.99))]
    return {
        f"{name}_p50_us": times[len(times) // 2] / 1e3,
        f"{name}_p99_us": p99 / 1e3,
        f"{name}_max_us": times[-1] / 1e3,
    }


async def main(load: Load, *, verify: bool) -> dict[str, float | str]:
    return await Run(load, verify=verify).figures()


if __name__ == "__main__":
    more_sockets()
    print(
        json.dumps(
            run(main(msgspec.json.decode(sys.argv[1], type=Load), verify="unverified" not in sys.argv))
        )
    )
