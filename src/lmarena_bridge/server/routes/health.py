"""GET /healthz: the process lives. GET /readyz: a chat would have a tab to go to, else why not."""

from collections import Counter
from dataclasses import asdict

from fastapi import APIRouter
from fastapi.responses import JSONResponse

from lmarena_bridge.core.site.session_views import session_views
from lmarena_bridge.server.readiness import why_not_ready
from lmarena_bridge.server.services import Services


def health_routes(services: Services) -> APIRouter:
    router = APIRouter(tags=["health"])

    @router.get("/healthz")
    def alive() -> JSONResponse:
        return JSONResponse({"status": "ok", "version": services.version})

    @router.get("/readyz")
    def ready() -> JSONResponse:
        services.configs.current()
        problem = services.configs.problem
        reason = why_not_ready(services)
        body = {
            "ready": reason is None,
            "reason": reason,
            "config": "ok" if problem is None else problem.message,
            "tabs": [asdict(tab) for tab in services.hub.tabs],
            "jobs": services.hub.jobs,
            "sessions": _sessions(services),
        }
        return JSONResponse(body, status_code=200 if reason is None else 503)

    return router


def _sessions(services: Services) -> dict[str, int]:
    """How many sessions are how. Which they are is said under /internal/sessions."""
    views = session_views(services.configs.current(), services.health, services.world.clock())
    return Counter(view.state for view in views)
