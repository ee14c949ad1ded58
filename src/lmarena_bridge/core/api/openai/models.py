"""The answers of GET /v1/models and GET /v1/models/{id}."""

from collections.abc import Iterable

import msgspec

from lmarena_bridge.core.config.models import ModelEntry

# Clients keep lists and compare them, so this must be the same every time. The site says nothing about
# when a model came; 2025-01-01 stands for all.
_CREATED = 1_735_689_600
_OWNER = "lmarena"


def models_body(entries: Iterable[ModelEntry]) -> bytes:
    """The list of models, in the order given."""
    return msgspec.json.encode({"object": "list", "data": [_model(entry) for entry in entries]})


def model_body(entry: ModelEntry) -> bytes:
    """One model."""
    return msgspec.json.encode(_model(entry))


def _model(entry: ModelEntry) -> dict[str, object]:
    return {
        "id": entry.name,
        "object": "model",
        "created": _CREATED,
        "owned_by": _OWNER,
        # Not OpenAI's: what the model gives ("text", "image", "search", …).
        "type": entry.kind,
    }
