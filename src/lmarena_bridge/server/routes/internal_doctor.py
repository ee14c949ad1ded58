"""GET /internal/doctor: what `lmarena-bridge doctor` would say, short of asking a model."""

import asyncio

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from lmarena_bridge.server.services import Services


def internal_doctor_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.get("/doctor")
    async def doctor(request: Request) -> JSONResponse:
        """`{findings, next, model}`, as `cli/doctor/within.py` has it; `model`: who could be asked a word."""
        address = str(request.base_url).rstrip("/")
        return JSONResponse(await asyncio.to_thread(services.board.examine, services, address))

    return router
