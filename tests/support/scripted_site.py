"""A site on https://lmarena.ai whose every answer the test itself gives, byte for byte and step by step."""

import asyncio
from collections import defaultdict
from dataclasses import dataclass, field
from typing import Any

from lmarena_bridge.demo.wire.exchange import RESET, ClientGoneError

WAIT = 10.0
"""Seconds after which a test stops waiting for what should have happened long ago."""

PAGE = """<!doctype html><html lang="en"><head><title>{title}</title></head><body>
<h1>A page of the site</h1><p>Zażółć gęślą jaźń 🎯</p>
<button onclick="fetch({retry!r}, {{method: 'POST', body: '{{}}'}})">Retry</button>
</body></html>"""
RETRY = "/nextjs-api/stream/retry-evaluation-session-message/s-1/messages/m-1"

# What a careful site sends: nothing but its own host, no inline styles, no HTML out of strings.
STRICT = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self'; "
    "require-trusted-types-for 'script'"
)


@dataclass
class Request:
    """One request of the tab, being answered by the test."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes
    _send: Any
    _over: asyncio.Event = field(default_factory=asyncio.Event)
    gone: asyncio.Event = field(default_factory=asyncio.Event)

    async def head(self, status: int = 200, headers: dict[str, str] | None = None) -> None:
        pairs = [(name.encode(), value.encode()) for name, value in (headers or {}).items()]
        await self._send({"type": "http.response.start", "status": status, "headers": pairs})

    async def write(self, data: bytes) -> None:
        await self._send({"type": "http.response.body", "body": data, "more_body": True})

    async def end(self, data: bytes = b"") -> None:
        await self._send({"type": "http.response.body", "body": data})
        self._over.set()

    async def break_off(self) -> None:
        """Reset the stream in mid-answer."""
        await self._send({"type": RESET})
        self._over.set()

    async def until_gone(self) -> None:
        """Return when the browser has aborted the fetch."""
        await asyncio.wait_for(self.gone.wait(), WAIT)

    async def stay(self, receive: Any) -> None:
        """The app's side: until the test has ended the answer or the browser has left."""
        async with asyncio.TaskGroup() as group:
            listening = group.create_task(self._listen(receive))
            await self._over.wait()
            listening.cancel()

    async def _listen(self, receive: Any) -> None:
        while (await receive())["type"] != "http.disconnect":
            pass
        self.gone.set()
        self._over.set()


class ScriptedSite:
    """An ASGI app. Paths under `/nextjs-api/` wait for the test, everything else is a page."""

    def __init__(self) -> None:
        self._waiting: dict[str, asyncio.Queue[Request]] = defaultdict(asyncio.Queue)
        self.title = "Arena | practice"

    async def request(self, path: str) -> Request:
        """The next request for `path` (without its query)."""
        return await asyncio.wait_for(self._waiting[path].get(), WAIT)

    def forget(self) -> None:
        """Leave unanswered what nobody has waited for."""
        self._waiting.clear()

    def nothing_came(self, path: str) -> bool:
        return self._waiting[path].empty()

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        path = scope["path"]
        if not path.startswith("/nextjs-api/"):
            await self._page(path, send)
            return
        body = b""
        while (message := await receive())["type"] == "http.request":
            body += message["body"]
            if not message.get("more_body"):
                break
        headers = {name.decode(): value.decode() for name, value in scope["headers"]}
        query = scope["query_string"].decode()
        request = Request(scope["method"], f"{path}?{query}" if query else path, headers, body, send)
        self._waiting[path].put_nowait(request)
        await request.stay(receive)

    async def _page(self, path: str, send: Any) -> None:
        headers = [
            (b"content-type", b"text/html; charset=utf-8"),
            (b"set-cookie", b"login=yes; Secure; Path=/"),
        ]
        if path == "/strict":
            headers.append((b"content-security-policy", STRICT.encode()))
        if path == "/watched":
            headers.append((b"content-security-policy-report-only", STRICT.encode()))
        if path == "/sent-away":
            headers.append((b"location", b"/"))
        status = 307 if path == "/sent-away" else 200
        content = PAGE.format(title=self.title, retry=RETRY).encode() if path != "/favicon.ico" else b""
        try:
            await send({"type": "http.response.start", "status": status, "headers": headers})
            await send({"type": "http.response.body", "body": content})
        except ClientGoneError:
            return
