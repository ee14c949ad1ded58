"""The answers of GET /v1/models and GET /v1/models/{id}, one shape for the clients of all dialects.

OpenAI's clients need `id`, `object`, `created`, `owned_by`; Anthropic's need `type`, `display_name`,
`created_at` and `lifecycle`, and of a list `has_more`, `first_id`, `last_id` (clients.md §3e, openai 3.54,
anthropic 2.12). Neither minds the other's.
"""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from lmarena_bridge.core.config.models import ModelEntry

# Clients keep lists and compare them, so this must be the same every time. The site says nothing about
# when a model came; 2025-01-01 stands for all.
_CREATED: Final = 1_735_689_600
_CREATED_AT: Final = "2025-01-01T00:00:00Z"
_OWNER: Final = "lmarena"


class KnownModel(Protocol):
    """What the site's own list says of a model; `inputs` are what it takes besides what is always taken."""

    @property
    def name(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def organization(self) -> str: ...
    @property
    def inputs(self) -> Sequence[str]: ...


# By the ids of the models on the site.
KnownModels = Mapping[str, KnownModel]


def models_body(entries: Sequence[ModelEntry], known: KnownModels) -> bytes:
    """The list of models, in the order given: all of them, for none of our clients asks for a second page."""
    return msgspec.json.encode(
        {
            "object": "list",
            "data": [_model(entry, known) for entry in entries],
            "has_more": False,
            "first_id": entries[0].name if entries else None,
            "last_id": entries[-1].name if entries else None,
        }
    )


def model_body(entry: ModelEntry, known: KnownModels) -> bytes:
    """One model."""
    return msgspec.json.encode(_model(entry, known))


def _model(entry: ModelEntry, known: KnownModels) -> dict[str, object]:
    found = known.get(entry.id or "")
    fields: dict[str, object] = {
        "id": entry.name,
        "object": "model",
        "created": _CREATED,
        "owned_by": (found and found.organization) or _OWNER,
        "type": "model",
        "display_name": (found and found.name) or entry.name,
        "created_at": _CREATED_AT,
        "lifecycle": "active",
        # Nobody's but ours: what the model gives ("text", "image", "search", …).
        "kind": entry.kind,
    }
    if found is not None and found.inputs:
        # As several clients read what a model takes and gives (OpenRouter's form).
        gives = found.kind if found.kind in ("image", "video") else "text"
        fields["architecture"] = {"input_modalities": list(found.inputs), "output_modalities": [gives]}
    return fields
