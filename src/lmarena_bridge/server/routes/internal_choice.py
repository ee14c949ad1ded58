"""GET and POST /internal/models: all models there are, and which of them clients may ask for."""

import asyncio
from dataclasses import asdict
from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse

from lmarena_bridge.core.errors import InvalidRequest, UnknownModel
from lmarena_bridge.core.sentences import Template
from lmarena_bridge.core.site.model_additions import Additions, plan_additions
from lmarena_bridge.server.known_models import KnownModels, read_known
from lmarena_bridge.server.model_rows import rows_of
from lmarena_bridge.server.services import Services
from lmarena_bridge.storage.available_models import available_models_path
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home

_UNKNOWN: Final = Template("choice.unknown", 'The site has no model "{model}". Read its list again.')


class _Choice(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """`add`: ids of models of the site. `remove`: names in models.json."""

    add: tuple[str, ...] = ()
    remove: tuple[str, ...] = ()


def internal_choice_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/internal/models", include_in_schema=False)

    @router.get("")
    def models() -> JSONResponse:
        """`{looked, read_at, models}`; `looked` false: nobody has read the site's list yet."""
        known = read_known(services.home)
        rows = [asdict(row) for row in rows_of(known)]
        return JSONResponse({"looked": known.looked, "read_at": _read_at(services.home), "models": rows})

    @router.post("")
    async def choose(request: Request) -> JSONResponse:
        """`{add: ids, remove: names}` → `{added, renewed, known, taken, removed}`, all of them names."""
        choice = _read(await request.body())
        done = await asyncio.to_thread(_choose, services.home, choice)
        services.board.feed.poke()
        return JSONResponse(done)

    return router


def _read_at(home: Home) -> float | None:
    try:
        return available_models_path(home).stat().st_mtime
    except OSError:
        return None


def _read(body: bytes) -> _Choice:
    try:
        return msgspec.json.decode(body, type=_Choice)
    except msgspec.DecodeError as error:
        raise InvalidRequest(f"This is no choice of models: {error}") from error


def _choose(home: Home, choice: _Choice) -> dict[str, Any]:
    known = read_known(home)
    plan = _plan(known, choice.add)
    removed = [name for name in choice.remove if name in known.mapped]
    writer = ConfigWriter(home)
    if removed:
        writer.remove_models(removed)
    if new := plan.new | plan.renewed:
        writer.add_models(new)
    return {
        "added": list(plan.new),
        "renewed": list(plan.renewed),
        "known": plan.known,
        "taken": plan.taken,
        "removed": removed,
    }


def _plan(known: KnownModels, ids: tuple[str, ...]) -> Additions:
    by_id = {model.id: model for model in known.site.models}
    if unknown := [each for each in ids if each not in by_id]:
        raise UnknownModel(_UNKNOWN(model=unknown[0][:100]), param="add")
    return plan_additions([by_id[each] for each in ids], known.site, known.mapped)
