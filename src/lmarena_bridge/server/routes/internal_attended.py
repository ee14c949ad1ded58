"""POST /internal/attended: the person says on the start page that a tab has had what it needed them for."""

from typing import Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from lmarena_bridge.core.errors import InvalidRequest
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.server.services import Services

_GONE: Final = Template("attended.gone", "This tab is not here any more.")


class _Attended(msgspec.Struct, frozen=True):
    tab: str


def internal_attended_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal", include_in_schema=False)

    @router.post("/attended")
    async def attended(request: Request) -> JSONResponse:
        """`{tab}`: as if the person had clicked "Done, continue" in the badge of that tab."""
        try:
            said = msgspec.json.decode(await request.body(), type=_Attended)
        except msgspec.DecodeError as error:
            raise InvalidRequest(f"This names no tab: {error}") from error
        if all(tab.tab != said.tab for tab in services.hub.tabs):
            raise InvalidRequest(_GONE(), param="tab")
        services.hub.attended(said.tab)
        services.board.feed.poke()
        return JSONResponse({})

    return router
