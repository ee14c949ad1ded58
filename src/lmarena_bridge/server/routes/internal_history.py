"""/internal/history: the requests of late, and what they add up to. /internal/pass: for the page's chat."""

import asyncio
import sqlite3
from dataclasses import asdict
from typing import Annotated, Literal

from fastapi import APIRouter, Query
from fastapi.responses import JSONResponse
from starlette.exceptions import HTTPException

from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.board.statistics import SPANS, steps
from lmarena_bridge.server.services import Services

_MOST = 200


class _NotCleared(BridgeError):
    """The history could not be emptied."""

    code = "history_not_cleared"


def internal_history_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)
    board = services.board

    @router.get("/history")
    async def history(
        before: int | None = None,
        limit: Annotated[int, Query(ge=1, le=_MOST)] = 50,
        model: str = "",
        failed: bool = False,
    ) -> JSONResponse:
        """`{requests}`, the newest first; `before` is the id of the oldest one known."""
        rows = await asyncio.to_thread(
            board.history.rows, before=before, limit=limit, model=model, failed=failed
        )
        return JSONResponse({"requests": rows})

    @router.get("/history/{request}/text")
    async def text(request: int) -> JSONResponse:
        """`{prompt, answer}` of one request, if the person has such things kept."""
        found = await asyncio.to_thread(board.history.text, request)
        if found is None:
            raise HTTPException(404)
        return JSONResponse(asdict(found))

    @router.delete("/history")
    async def clear() -> JSONResponse:
        try:
            await asyncio.to_thread(board.history.clear)
        except sqlite3.Error as error:
            raise _NotCleared(f"The history could not be cleared ({error}).") from error
        board.watch.forget()
        board.feed.poke()
        return JSONResponse({})

    @router.get("/statistics")
    async def statistics(span: Literal["hour", "day", "week"] = "hour") -> JSONResponse:
        """`{steps}`: figures for each step of the span (`board/statistics.py` Step)."""
        now = services.world.clock()
        rows = await asyncio.to_thread(board.history.since, now - SPANS[span][0])
        return JSONResponse({"steps": [asdict(step) for step in steps(rows, now=now, span=span)]})

    @router.post("/pass")
    def give_pass() -> JSONResponse:
        """`{pass}`: what the page's own chat sends instead of an API key."""
        return JSONResponse({"pass": board.passes.give()})

    return router
