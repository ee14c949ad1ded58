"""An OpenAI-compatible upstream that answers to order: `python -m benchmarks.fake_upstream PORT`.

For programs that stand before an API and not before a tab: nginx, LiteLLM. One event a fragment, each in an
HTTP chunk of its own.
"""

import asyncio
import json
import random
import sys
from functools import lru_cache
from typing import Final, cast

from benchmarks.loop import more_sockets, run
from benchmarks.order import Order, find_order, texts
from benchmarks.wires import stamped

_HEAD: Final = (
    b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
    b"Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n\r\n"
)
_COMMON: Final = {"id": "chatcmpl-fake", "created": 1_700_000_000, "model": "fake"}


def _chunked(data: str) -> str:
    return f"{len(data.encode()):x}\r\n{data}\r\n"


def _event(delta: dict[str, str], reason: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    body = {**_COMMON, "object": "chat.completion.chunk", "choices": [choice]}
    return _chunked(f"data: {json.dumps(body, ensure_ascii=False)}\n\n")


_END: Final = (_event({}, "stop") + _chunked("data: [DONE]\n\n") + "0\r\n\r\n").encode()


@lru_cache(maxsize=64)
def _events(order: Order) -> tuple[str, ...]:
    return tuple(_event({"content": text}) for text in texts(order))


@lru_cache(maxsize=64)
def _rest(order: Order) -> bytes:
    return "".join(_events(order)[1:]).encode() + _END


class Upstream(asyncio.Protocol):
    def __init__(self) -> None:
        self._held = bytearray()
        self._loop = asyncio.get_running_loop()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)
        self._transport.set_write_buffer_limits(high=1 << 30)

    def data_received(self, data: bytes) -> None:
        self._held += data
        head, end, rest = self._held.partition(b"\r\n\r\n")
        length = head.lower().partition(b"content-length:")[2]
        if not end or len(rest) < (int(length.split(b"\r\n")[0]) if length else 0):
            return
        self._held = bytearray()
        self._answer(bytes(rest))

    def _answer(self, body: bytes) -> None:
        order = find_order(body)
        if b'"stream":true' not in body and b'"stream": true' not in body:
            self._transport.write(_whole(order))
        elif order.delay_us:
            self._transport.write(_HEAD)
            self._step(order, 0, self._loop.time())
        else:
            self._transport.write(_HEAD + stamped(_events(order)[0]).encode() + _rest(order))

    def _step(self, order: Order, index: int, at: float) -> None:
        if self._transport.is_closing():
            return
        out = stamped(_events(order)[index]).encode()
        index += 1
        if index == order.fragments:
            self._transport.write(out + _END)
            return
        self._transport.write(out)
        delay = order.delay_us / 1e6
        at += delay * (0.5 + random.random()) if index == 1 else delay
        self._loop.call_at(at, self._step, order, index, at)


def _whole(order: Order) -> bytes:
    message = {"role": "assistant", "content": stamped("".join(texts(order)))}
    usage = {"prompt_tokens": 1, "completion_tokens": 1, "total_tokens": 2}
    choice = {"index": 0, "finish_reason": "stop", "message": message}
    body = json.dumps({**_COMMON, "object": "chat.completion", "choices": [choice], "usage": usage}).encode()
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body
    )


async def main(port: int) -> None:
    server = await asyncio.get_running_loop().create_server(Upstream, "127.0.0.1", port)
    print("open", flush=True)
    await server.serve_forever()


if __name__ == "__main__":
    more_sockets()
    run(main(int(sys.argv[1])))
