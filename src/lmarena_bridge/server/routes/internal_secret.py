"""POST /internal/renew_secret: whoever has the userscript of before can no longer stand in for a tab."""

import structlog
from fastapi import APIRouter
from fastapi.responses import JSONResponse

from lmarena_bridge.server.routes.userscript import NAME
from lmarena_bridge.server.services import Services

_log = structlog.get_logger(__name__)


def internal_secret_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.post("/renew_secret")
    async def renew_secret() -> JSONResponse:
        services.pairing.renew(services.hub)
        services.board.tail.hide((services.secret,))
        _log.info("the pairing secret was renewed; every userscript must be installed again")
        return JSONResponse({"userscript": NAME})

    return router
