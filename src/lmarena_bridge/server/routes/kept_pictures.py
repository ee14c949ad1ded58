"""GET /images/{name}: pictures of answers. No key: chats show them in web pages; nobody can guess a name."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import FileResponse
from starlette.exceptions import HTTPException

from lmarena_bridge.server.guard import PICTURE_LINKS
from lmarena_bridge.server.services import Services

# Web pages of chat clients embed them, so they are not kept to our own origin. Nothing in them can run.
_HEADERS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "cache-control": "private, max-age=31536000, immutable",
        "content-disposition": "inline",
        "content-security-policy": "default-src 'none'; sandbox",
        "cross-origin-resource-policy": "cross-origin",
        "referrer-policy": "no-referrer",
        "x-content-type-options": "nosniff",
    }
)


def kept_picture_routes(services: Services) -> APIRouter:
    router = APIRouter(include_in_schema=False)

    @router.api_route(PICTURE_LINKS + "{name}", methods=["GET", "HEAD"])
    def kept_picture(name: str, request: Request) -> Response:
        if (found := services.pictures.find(name)) is None:
            raise HTTPException(404)
        path, kind = found
        headers = {**_HEADERS, "etag": f'"{name}"'}
        if headers["etag"] in request.headers.get("if-none-match", ""):
            return Response(status_code=304, headers=headers)
        return FileResponse(path, media_type=kind, headers=headers)

    return router
