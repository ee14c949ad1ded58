"""GET /internal/sessions: the captured sessions and how each is doing."""

from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.server.services import Services


def internal_session_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal/sessions", include_in_schema=False)

    @router.get("")
    def sessions() -> JSONResponse:
        views = session_views(services.configs.current(), services.health, services.world.clock())
        return JSONResponse({"sessions": [asdict(view) for view in views]})

    return router
