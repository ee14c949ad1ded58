"""GET /metrics: the server in figures."""

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client.exposition import CONTENT_TYPE_PLAIN_0_0_4

from lmarena_bridge.server.metrics import Metrics


def metrics_routes(metrics: Metrics) -> APIRouter:
    """Like every page of ours, for this computer alone unless the person says otherwise (server/guard.py)."""
    router = APIRouter(tags=["health"])

    @router.get("/metrics", response_class=Response)
    async def figures() -> Response:
        # On the event loop, which alone changes what is looked at.
        return Response(metrics.text(), media_type=CONTENT_TYPE_PLAIN_0_0_4)

    return router
