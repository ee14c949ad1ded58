"""The arena as one ASGI app: its pages, its pictures, the stream endpoint, and what it tells about itself.

    /  /?mode=direct  /c/new        the models, and the directives of directives.py
    /c/<session id>                 a conversation with its Retry button (/<locale>/c/<id> too)
    /images/<key>.png               what was drawn, under signed links
    PUT /nextjs-api/stream/retry-evaluation-session-message/<session>/messages/<message>
    /__arena/requests               the journal as JSON; `?seen=VERSION` waits for something newer

Switches of a page's address: `csp=strict` sends `connect-src 'self'`; `challenge=1` answers with Cloudflare's
waiting page; `login=stranger` logs in somebody who owns no session; `login=none` sets no cookie.
"""

from collections.abc import Mapping
from importlib.resources import files
from typing import Final

from starlette.applications import Starlette
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import Message, Receive, Scope, Send

from lmarena_bridge.demo import pages, refusals
from lmarena_bridge.demo.journal import Journal
from lmarena_bridge.demo.models import STRANGER_ID, USER_ID, sessions_of
from lmarena_bridge.demo.refusals import Refusal
from lmarena_bridge.demo.report import ReportEndpoint
from lmarena_bridge.demo.retry import ENTRY, ROUTE, RetryEndpoint
from lmarena_bridge.demo.state import ArenaState

_PRIVATE: Final = "/__arena/"
_STATIC_TYPES: Final[Mapping[str, str]] = {
    "arena.css": "text/css; charset=utf-8",
    "arena.js": "text/javascript; charset=utf-8",
}
# Lets a script of the page world open its WebSocket to the bridge, as the site's own pages are thought to.
_OPEN_CSP: Final = "connect-src 'self' ws: wss: http://127.0.0.1:* http://localhost:*"
_STRICT_CSP: Final = "connect-src 'self'"
_CSP: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; base-uri 'self'; form-action 'self'; frame-ancestors 'self'; "
)


class Arena:
    """The app. journal: what it received. image_base: may be set later, when its port is known."""

    def __init__(self, state: ArenaState) -> None:
        self._state = state
        self._app = Starlette(
            routes=[
                Route("/", self._home),
                Route("/c/new", self._home),
                Route("/c/{session_id}", self._conversation),
                Route("/{locale}/c/{session_id}", self._conversation),
                Route("/images/{key}.png", self._image),
                Route(ROUTE, RetryEndpoint(state), methods=["PUT"]),
                Route("/__arena/requests", ReportEndpoint(state.journal, state.logins).answer),
                Route("/__arena/static/{name}", _static),
            ],
            exception_handlers={404: _not_found},
        )

    @property
    def journal(self) -> Journal:
        return self._state.journal

    @property
    def image_base(self) -> str | None:
        return self._state.image_base

    @image_base.setter
    def image_base(self, base: str | None) -> None:
        self._state.image_base = base

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_PRIVATE):
            await self._app(scope, receive, send)
            return
        entry = self.journal.begin(scope)

        async def sending(message: Message) -> None:
            await send(message)
            self.journal.sent(entry, message)

        try:
            await self._app({**scope, ENTRY: entry}, receive, sending)
        finally:
            self.journal.end(entry)

    async def _home(self, request: Request) -> Response:
        if request.headers.get("rsc") == "1":
            return Response(pages.flight(), media_type="text/x-component")
        return self._page(request, pages.home_page())

    async def _conversation(self, request: Request) -> Response:
        models = sessions_of(request.path_params["session_id"])
        if not models:
            return _refused(refusals.not_found_page())
        return self._page(request, pages.conversation_page(models))

    def _page(self, request: Request, content: str) -> Response:
        query = request.query_params
        if "challenge" in query:
            return _refused(refusals.challenge())
        csp = _CSP + (_STRICT_CSP if query.get("csp") == "strict" else _OPEN_CSP)
        response = Response(content, media_type="text/html", headers={"content-security-policy": csp})
        self._log_in(query, response)
        return response

    def _log_in(self, query: QueryParams, response: Response) -> None:
        login = query.get("login")
        if login != "none":
            user = STRANGER_ID if login == "stranger" else USER_ID
            response.headers["set-cookie"] = self._state.logins.set_cookie(user)

    async def _image(self, request: Request) -> Response:
        png = await self._state.gallery.png(request.path_params["key"], request.query_params)
        if png is None:
            error = '<?xml version="1.0" encoding="UTF-8"?><Error><Code>AccessDenied</Code></Error>'
            return Response(error, 403, media_type="application/xml")
        return Response(png, media_type="image/png", headers={"cache-control": "private, max-age=3600"})


def create_arena(
    *, require_login: bool = True, pace_ms: float | None = None, image_base: str | None = None
) -> Arena:
    """An arena of its own, with nothing received yet.

    require_login: stream requests need the login cookie of a page (off for a tab that is no browser).
    pace_ms: milliseconds between two pieces of an answer; None is a lively 15 to 40.
    image_base: origin of the links to pictures (`http://127.0.0.1:8080`); None is the host of the request.
    """
    return Arena(ArenaState(require_login, pace_ms, image_base))


async def _static(request: Request) -> Response:
    name = request.path_params["name"]
    if name not in _STATIC_TYPES:
        return _refused(refusals.not_found_page())
    content = files("lmarena_bridge.demo").joinpath("static", name).read_bytes()
    headers = {"content-type": _STATIC_TYPES[name], "cache-control": "no-cache"}
    return Response(content, headers=headers)


async def _not_found(_request: Request, _error: Exception) -> Response:
    return _refused(refusals.not_found_page())


def _refused(refusal: Refusal) -> Response:
    headers = {"content-type": refusal.content_type, **dict(refusal.headers)}
    return Response(refusal.body, refusal.status, headers=headers)
