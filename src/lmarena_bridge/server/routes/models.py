"""GET /v1/models and /v1/models/{id}: what the person has mapped. Answers without any tab."""

from typing import Any

from fastapi import APIRouter, Response

from lmarena_bridge.core.api.description import ref
from lmarena_bridge.core.api.models import model_body, models_body
from lmarena_bridge.core.config.known import known_models, model_named
from lmarena_bridge.server.services import Services


def models_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/models", tags=["models"])

    @router.get("", responses=_answers("Models"))
    async def list_models() -> Response:
        """All models of models.json and model_endpoint_map.json."""
        entries = known_models(services.configs.current())
        known = await services.site_models.models()
        return Response(models_body(entries, known), media_type="application/json")

    @router.get("/{name:path}", responses=_answers("Model"))
    async def one_model(name: str) -> Response:
        """One model, or 404 with the nearest names."""
        entry = model_named(name, services.configs.current())
        known = await services.site_models.models()
        return Response(model_body(entry, known), media_type="application/json")

    return router


def _answers(schema: str) -> dict[int | str, dict[str, Any]]:
    return {200: {"content": {"application/json": {"schema": ref(schema)}}}}
