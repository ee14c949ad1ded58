"""GET /: the start page. Its files are in the package, as they are; what they show comes from /internal/.

The page may load nothing but what is here, and runs nothing that is not a file of ours.
"""

import hashlib
from collections.abc import Iterator, Mapping
from importlib.resources import files
from importlib.resources.abc import Traversable
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

_TYPES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "css": "text/css; charset=utf-8",
        "html": "text/html; charset=utf-8",
        "js": "text/javascript; charset=utf-8",
        "json": "application/json",
        "svg": "image/svg+xml",
        "txt": "text/plain; charset=utf-8",
    }
)
_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        # Asked for again each time, sent again only after an update of the program.
        "cache-control": "no-cache",
        "content-security-policy": (
            "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'none'; "
            "frame-ancestors 'none'; "
            "require-trusted-types-for 'script'; trusted-types lit-html"
        ),
        "cross-origin-opener-policy": "same-origin",
        "cross-origin-resource-policy": "same-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
        "x-frame-options": "DENY",
    }
)
_PAGE: Final = "board.html"


def start_routes() -> APIRouter:
    router = APIRouter(include_in_schema=False)
    static = dict(_files(files("lmarena_bridge").joinpath("server", "static")))

    @router.api_route("/", methods=["GET", "HEAD"])
    def start(request: Request) -> Response:
        return _response(_PAGE, static[_PAGE], request)

    @router.api_route("/static/{name:path}", methods=["GET", "HEAD"])
    def file(name: str, request: Request) -> Response:
        if name not in static:
            raise HTTPException(404)
        return _response(name, static[name], request)

    return router


def _files(folder: Traversable, place: str = "") -> Iterator[tuple[str, bytes]]:
    """All files that a page may load, by their place. Read once: nothing else can ever be asked for."""
    for each in folder.iterdir():
        if each.is_dir():
            yield from _files(each, f"{place}{each.name}/")
        elif each.name.rpartition(".")[2] in _TYPES:
            yield f"{place}{each.name}", each.read_bytes()


def _response(name: str, data: bytes, request: Request) -> Response:
    tag = f'"{hashlib.sha256(data).hexdigest()[:32]}"'
    headers = {**_HEADERS, "etag": tag}
    if tag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(data, media_type=_TYPES[name.rpartition(".")[2]], headers=headers)
