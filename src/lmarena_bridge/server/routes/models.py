"""GET /v1/models and /v1/models/{id}: what the person has mapped. Answers without any tab."""

from fastapi import APIRouter, Response

from lmarena_bridge.core.api.openai.models import model_body, models_body
from lmarena_bridge.core.config.known import known_models, model_named
from lmarena_bridge.server.services import Services


def models_routes(services: Services) -> APIRouter:
    router = APIRouter(prefix="/v1/models", tags=["models"])

    @router.get("")
    def list_models() -> Response:
        """All models of models.json and model_endpoint_map.json."""
        entries = known_models(services.configs.current())
        return Response(models_body(entries), media_type="application/json")

    @router.get("/{name:path}")
    def one_model(name: str) -> Response:
        """One model, or 404 with the nearest names."""
        entry = model_named(name, services.configs.current())
        return Response(model_body(entry), media_type="application/json")

    return router
