"""GET /internal/pictures and /internal/files: what this server keeps for others, to be looked at."""

import asyncio

import msgspec
from fastapi import APIRouter
from fastapi.responses import JSONResponse, Response

from lmarena_bridge.server.guard import OPEN_LINKS, PICTURE_LINKS
from lmarena_bridge.server.services import Services

# So many of each are told, the newest.
_MOST = 500


def internal_shelf_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.get("/pictures")
    async def pictures() -> JSONResponse:
        """`{pictures: [{link, size, since}]}`, the newest first."""
        kept = await asyncio.to_thread(services.pictures.all)
        told = [{"link": PICTURE_LINKS + name, "size": size, "since": at} for name, size, at in kept[:_MOST]]
        return JSONResponse({"pictures": told})

    @router.get("/files")
    async def files() -> Response:
        """`{uploaded, file_bed}`: files of /v1/files, and those under open links (null: no file bed here)."""
        all_of_them = await services.files.all(caller="")
        uploaded = sorted(all_of_them, key=lambda file: -file.created_at)[:_MOST]
        mounted = services.configs.current().settings.file_bed_mounted
        body = {"uploaded": uploaded, "file_bed": await _bed(services) if mounted else None}
        return Response(msgspec.json.encode(body), media_type="application/json")

    return router


async def _bed(services: Services) -> list[dict[str, object]]:
    entries = await services.board.shelf.entries()
    newest = sorted(entries, key=lambda entry: -entry.since)[:_MOST]
    return [{"link": OPEN_LINKS + each.name, "size": each.size, "since": each.since} for each in newest]
