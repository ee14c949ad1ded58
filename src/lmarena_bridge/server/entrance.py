"""The one layer in front of every HTTP request: asks the guard, refuses before the body is read, speaks CORS.

What is let in goes on with the very same `receive` and `send`, so that a stream pays nothing for it; only
answers that a page of another origin may read get their headers on the way.
"""

from collections.abc import Awaitable, Callable, Collection
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.errors import BridgeError, Unauthorized
from lmarena_bridge.server.caller import Caller, caller, put_caller
from lmarena_bridge.server.familiar import SAID, Said
from lmarena_bridge.server.guard import API, UPLOAD, Access, Request, is_this_computer, judge, page_of
from lmarena_bridge.server.headers import given_key, values
from lmarena_bridge.server.key_limits import KeyLimits, WrongKeys
from lmarena_bridge.server.refusal_log import RefusalLog
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.wire import App, Header, Message, Receive, Scope, Send, respond_error

_METHODS: Final = b"GET, POST, DELETE, OPTIONS"
# What a page may read besides the usual headers.
_EXPOSED: Final = b"x-request-id, request-id, retry-after, x-should-retry"
_REMEMBERED_SECONDS: Final = b"600"


@dataclass(frozen=True, slots=True)
class Regulars:
    """How those are let in again who say what was let in before (familiar.py).

    `standing`: the same object for as long as the same callers are let in, those with a pass aside.
    `straight`: who answers a POST that was let in, if no layer between has anything to do with its header.
    """

    standing: Callable[[], object] = lambda: None
    straight: Callable[[Scope], App | None] = lambda _: None


class Entrance:
    """An application behind the guard. `clock`: seconds since some moment, never set back."""

    def __init__(
        self,
        app: App,
        access: Callable[[], Access],
        clock: Callable[[], float],
        wording: Callable[[str], Wording] = lambda _: error_response,
        refused: Callable[[Scope, BridgeError], None] = lambda *_: None,
        *,
        meant: Callable[[str], str] = lambda path: path,
        regulars: Regulars = Regulars(),
    ) -> None:
        """`wording`: how errors of a path are said. `refused`: is told of what is not let in.

        `meant`: the address that is meant by one.
        """
        self._app = app
        self._access = access
        self._clock = clock
        self._wording = wording
        self._refused = refused
        self._meant = meant
        self._standing = regulars.standing
        self._straight = regulars.straight
        self._limits = KeyLimits()
        self._wrong = WrongKeys()
        self._log = RefusalLog()

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        # Before the access: what is looked up behind it may be newer, and not older.
        standing = self._standing()
        said: Said | None = scope.get(SAID)
        if said is not None and said.standing is standing:
            return said.way(scope, receive, send)
        if scope["type"] != "http":
            return self._app(scope, receive, send)
        access = self._access()
        if (path := self._meant(scope["path"])) != scope["path"]:
            scope = {**scope, "path": path}
        request = asked(scope)
        if page := page_of(request, access):
            send = _with_headers(send, _readable_by(page))
        verdict = self._judged(scope, request, access, page)
        if isinstance(verdict, BridgeError):
            return self._refuse(verdict, scope, send)
        if page and request.is_preflight:
            return _allow(request, send)
        put_caller(scope, verdict)
        if said is not None and _lasts(verdict, access) and (way := self._straight(scope)) is not None:
            way = self._again(verdict, request.address, way)
            said.let_in(standing, verdict, path, way, most=access.max_body_bytes)
        if path == UPLOAD:
            send = self._watching(send, request.address)
        return self._app(scope, receive, send)

    def _again(self, caller: Caller, address: str, way: App) -> App:
        """The way of who says what was let in: nothing is judged but the limits of the key."""
        is_limited, page = _is_limited(caller, address), caller.page
        if not (is_limited or page):
            return way

        def again(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
            if page:
                send = _with_headers(send, _readable_by(page))
            verdict = self._limited(asked(scope), caller) if is_limited else caller
            if isinstance(verdict, BridgeError):
                return self._refuse(verdict, scope, send)
            return way(scope, receive, send)

        return again

    def _refuse(self, refusal: BridgeError, scope: Scope, send: Send) -> Awaitable[None]:
        path = scope["path"]
        self._log.tell(refusal, path, self._clock())
        self._refused(scope, refusal)
        return respond_error(send, refusal, request_id(), wording=self._wording(path))

    def _judged(self, scope: Scope, request: Request, access: Access, page: str) -> Caller | BridgeError:
        """What the guard says, and then what the limits say."""
        verdict = judge(request, access)
        if isinstance(verdict, Unauthorized) and request.path.startswith(API) and given_key(request.headers):
            return self._wrong.wrong(request.address, self._clock()) or verdict
        if isinstance(verdict, BridgeError):
            return verdict
        if request.path == UPLOAD:
            refusal = self._wrong.resting(request.address, self._clock())
            if refusal is not None:
                return refusal
        return self._limited(request, caller(scope, verdict.key, page))

    def _limited(self, request: Request, caller: Caller) -> Caller | BridgeError:
        if (key := caller.key) is None:
            return caller
        now = self._clock()
        refusal = self._wrong.right(request.address, key, now)
        if refusal is None and request.method == "POST":  # to look at the models is free
            refusal = self._limits.take(key, now)
        return refusal or caller

    def _watching(self, send: Send, address: str) -> Send:
        """The file bed judges keys itself, for they may come behind the file: what it refuses is counted."""

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start" and message["status"] == 401:
                self._wrong.wrong(address, self._clock())
            await send(message)

        return watched


def safe_by_default(app: App, headers: Collection[Header]) -> App:
    """The application, with these headers on every response that does not have them itself."""

    async def safe(scope: Scope, receive: Receive, send: Send) -> None:
        await app(scope, receive, _with_headers(send, headers))

    return safe


def _lasts(caller: Caller, access: Access) -> bool:
    """Whether they are let in for as long as the settings are what they are; a pass runs out."""
    return caller.key is not None or not access.api_keys


def _is_limited(caller: Caller, address: str) -> bool:
    """Whether there is anything to count and to refuse because of it."""
    key = caller.key
    return key is not None and not (key.requests_per_minute is None and is_this_computer(address))


def asked(scope: Scope) -> Request:
    """What the guard needs to know of a request."""
    (address, _), (own, _) = scope.get("client") or ("", 0), scope.get("server") or (None, 0)
    # Who calls this computer by its address in the network calls from that very address.
    address = "127.0.0.1" if address == own else address
    return Request(scope["method"], scope["path"], scope["headers"], address)


def _with_headers(send: Send, headers: Collection[Header]) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            there = {name.lower() for name, _ in message["headers"]}
            missing = [header for header in headers if header[0] not in there]
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    return sending


def _readable_by(page: str) -> tuple[Header, ...]:
    """Never `*`, never with credentials: the one page that was named in the settings."""
    return (
        (b"access-control-allow-origin", page.encode("latin-1")),
        (b"access-control-expose-headers", _EXPOSED),
        (b"vary", b"Origin"),
    )


async def _allow(request: Request, send: Send) -> None:
    await send({"type": "http.response.start", "status": 204, "headers": _preflight(request)})
    await send({"type": "http.response.body", "body": b""})


def _preflight(request: Request) -> tuple[Header, ...]:
    """The page was named by the person: it may send what it asks for (authorization, x-stainless-*, …)."""
    wanted = ", ".join(values(request.headers, b"access-control-request-headers"))
    return (
        (b"access-control-allow-methods", _METHODS),
        (b"access-control-allow-headers", wanted[:2000].encode("latin-1")),
        (b"access-control-max-age", _REMEMBERED_SECONDS),
    )
