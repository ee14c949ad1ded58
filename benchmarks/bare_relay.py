"""A relay without any JSON, in raw ASGI on uvicorn: `python -m benchmarks.bare_relay PORT`.

It cuts name and text out of the peers' messages at fixed places and puts the text between two ready-made
pieces. Wrong for real input (escapes, cut lines, errors); it is the floor of what this stack costs when
every fragment goes through a queue and an ASGI event, as most programs do it.
"""

import asyncio
import sys
import uuid
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, Final

import uvicorn

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]

_EVENTS: Final = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"cache-control", b"no-cache")]
_BEFORE: Final = (
    b'data: {"id":"chatcmpl-00000000-0000-0000-0000-000000000000","object":"chat.completion.chunk",'
    b'"created":1700000000,"model":"m","choices":[{"index":0,"delta":'
)
_END: Final = _BEFORE + b'{},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'


class BareRelay:
    def __init__(self) -> None:
        self._answers: dict[str, asyncio.Queue[str | None]] = {}
        self._tab: Send | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "http":
            await self._chat(receive, send)
        elif scope["type"] == "websocket":
            await self._serve_tab(receive, send)

    async def _serve_tab(self, receive: Receive, send: Send) -> None:
        await receive()
        await send({"type": "websocket.accept"})
        self._tab = send
        while (message := await receive())["type"] != "websocket.disconnect":
            text = message["text"]
            answer = self._answers.get(text[15:51])
            if answer is not None:
                answer.put_nowait(None if text[61:63] == "[D" else text[66:-6] if text[62] == "0" else "")

    async def _chat(self, receive: Receive, send: Send) -> None:
        body = b""
        more = True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        name = str(uuid.uuid4())
        answer = self._answers[name] = asyncio.Queue()
        assert self._tab is not None
        await self._tab(
            {"type": "websocket.send", "text": f'{{"request_id": "{name}", "payload": {body.decode()}}}'}
        )
        if b'"stream": true' in body[-20:]:
            await self._stream(answer, send)
        else:
            await self._whole(answer, send)
        del self._answers[name]

    async def _stream(self, answer: asyncio.Queue[str | None], send: Send) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": _EVENTS})
        while (text := await answer.get()) is not None:
            if text:
                data = _BEFORE + b'{"content":"' + text.encode() + b'"},"finish_reason":null}]}\n\n'
                await send({"type": "http.response.body", "body": data, "more_body": True})
        await send({"type": "http.response.body", "body": _END})

    async def _whole(self, answer: asyncio.Queue[str | None], send: Send) -> None:
        pieces = []
        while (text := await answer.get()) is not None:
            pieces.append(text)
        body = (
            '{"choices":[{"index":0,"finish_reason":"stop","message":{"content":"' + "".join(pieces)
        ).encode()
        body += b'"}}]}'
        headers = [(b"content-type", b"application/json"), (b"content-length", b"%d" % len(body))]
        await send({"type": "http.response.start", "status": 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})


if __name__ == "__main__":
    uvicorn.run(
        BareRelay(),
        host="127.0.0.1",
        port=int(sys.argv[1]),
        http="httptools",
        ws="websockets-sansio",
        ws_per_message_deflate=False,
        ws_max_size=2**30,
        lifespan="off",
        log_level="warning",
        access_log=False,
    )
