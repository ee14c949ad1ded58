"""POST /internal/look_for_release: look for a newer version now, as the person wishes."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from lmarena_bridge.server.services import Services


def internal_release_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.post("/look_for_release")
    async def look_for_release() -> JSONResponse:
        """What is known then (`board/releases.py` News)."""
        news = await services.board.releases.look()
        services.board.feed.poke()
        return JSONResponse(asdict(news))

    return router
