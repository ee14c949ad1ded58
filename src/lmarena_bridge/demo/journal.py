"""What the arena received, and what became of it: for its pages, and for tests that want to know."""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime
from typing import Any, Literal

from starlette.types import Message, Scope

from lmarena_bridge.demo.wire.exchange import RESET

State = Literal["running", "finished", "refused", "aborted", "reset"]

_KEPT = 200
_KEPT_WITH_BODY = 16
_HEADERS = (
    "content-type",
    "content-length",
    "accept",
    "origin",
    "referer",
    "user-agent",
    "sec-fetch-site",
    "sec-fetch-mode",
)


@dataclass(slots=True)
class Received:
    """One request.

    state: `running` until the answer's last byte; then `finished` (2xx, 3xx), `refused` (4xx, 5xx), `aborted`
    (the client left, or the arena was stopped) or `reset` (broken off on request). connection: address and
    port of the client's end. bytes_sent: of the body.
    seconds: how long it took, or None while it runs. body: the decoded JSON, of the last few only.
    """

    number: int
    at: str
    method: str
    path: str
    http_version: str
    connection: str
    headers: Mapping[str, str]
    cookie: bool
    state: State = "running"
    status: int | None = None
    bytes_sent: int = 0
    seconds: float | None = None
    model: str | None = None
    side: str | None = None
    directives: list[str] = field(default_factory=list)
    messages: list[dict[str, Any]] = field(default_factory=list)
    body_bytes: int = 0
    body: Any = None

    @property
    def is_stream(self) -> bool:
        return "/stream/" in self.path

    def as_json(self) -> dict[str, Any]:
        """Everything but the body itself, which may be large."""
        return {each.name: getattr(self, each.name) for each in fields(self) if each.name != "body"}


class Journal:
    """Requests in the order they came, the last 200."""

    def __init__(self) -> None:
        self.entries: deque[Received] = deque(maxlen=_KEPT)
        self.count = 0
        self.version = 0
        self.open_streams = 0
        self._began: dict[int, float] = {}
        self._moved = asyncio.Event()

    def begin(self, scope: Scope) -> Received:
        headers = {name.decode("latin-1"): value.decode("latin-1") for name, value in scope["headers"]}
        self.count += 1
        entry = Received(
            number=self.count,
            at=datetime.now(UTC).isoformat(timespec="milliseconds"),
            method=scope["method"],
            path=scope["path"],
            http_version=scope["http_version"],
            connection=":".join(map(str, scope["client"] or ())),
            headers={name: headers[name] for name in _HEADERS if name in headers},
            cookie="cookie" in headers,
        )
        self._began[entry.number] = time.monotonic()
        self.entries.append(entry)
        self.open_streams += entry.is_stream
        self.changed()
        return entry

    def sent(self, entry: Received, message: Message) -> None:
        """A message of the answer has gone out."""
        if message["type"] == "http.response.start":
            entry.status = message["status"]
            self.changed()
        elif message["type"] == RESET:
            entry.state = "reset"
        elif message["type"] == "http.response.body":
            entry.bytes_sent += len(message.get("body", b""))
            if not message.get("more_body", False):
                entry.state = "refused" if (entry.status or 0) >= 400 else "finished"
            self._wake()

    def end(self, entry: Received) -> None:
        """The arena has done with this request."""
        if entry.state == "running":
            entry.state = "aborted"
        entry.seconds = round(time.monotonic() - self._began.pop(entry.number), 3)
        self.open_streams -= entry.is_stream
        self.changed()

    def keep_body(self, entry: Received, body: object) -> None:
        entry.body = body
        for old in list(self.entries)[:-_KEPT_WITH_BODY]:
            old.body = None

    def streams(self) -> list[Received]:
        return [entry for entry in self.entries if entry.is_stream]

    def changed(self) -> None:
        """Something happened that a viewer wants to see."""
        self.version += 1
        self._wake()

    async def until(self, condition: Callable[["Journal"], bool], seconds: float = 5) -> None:
        """Wait until `condition` holds, at most so long. Raises TimeoutError."""
        async with asyncio.timeout(seconds):
            while not condition(self):
                await self._moved.wait()

    def _wake(self) -> None:
        self._moved.set()
        self._moved = asyncio.Event()
