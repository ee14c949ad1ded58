"""GET /LMArenaApiBridge.user.js: one click installs it, with this server's address and secret in it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response

from lmarena_bridge.core.tabs.script import render
from lmarena_bridge.server.documented import answers
from lmarena_bridge.server.services import Services

NAME = "/LMArenaApiBridge.user.js"

# Cross-Origin-Resource-Policy keeps `<script src>` of any other site from reading the secret
# (measured 2026-11-22, browser.md 1); managers still install it.
_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cache-control": "no-store",
        "x-content-type-options": "nosniff",
        "cross-origin-resource-policy": "same-origin",
    }
)


def userscript_routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["userscript"])

    @router.get(NAME, response_class=Response, responses=answers("text/javascript"))
    async def userscript(request: Request) -> Response:
        """The userscript for this server, under the address by which it was asked for."""
        services.board.sightings.script_fetched = True
        services.board.feed.poke()
        address = f"http://{_literal(request)}"
        source = render(services.script(), version=services.version, server=address, secret=services.secret)
        return Response(source, media_type="text/javascript; charset=utf-8", headers=dict(_HEADERS))

    return router


def _literal(request: Request) -> str:
    """`localhost` may mean ::1 to a browser while the server listens on 127.0.0.1: name the address."""
    host = request.url.hostname or "127.0.0.1"
    port = request.url.port or 80
    return f"127.0.0.1:{port}" if host == "localhost" else f"{request.url.netloc}"
