"""The Responses API's part of GET /openapi.json: what our answers hold, no more than what is always there."""

from collections.abc import Mapping
from typing import Any, Final

from lmarena_bridge.core.api.description import Description, Operation, array, nullable, record
from lmarena_bridge.core.api.responses.requests import ResponsesBody

_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_COUNT: Final[Mapping[str, Any]] = {"type": "integer", "minimum": 0}
_ANY: Final[Mapping[str, Any]] = {"type": "object"}

RESPONSES: Final = Description(
    operations=(
        Operation(
            "/v1/responses",
            "An answer to a conversation, as items",
            "responses",
            ResponsesBody,
            "Response",
            "ResponseEvent",
        ),
    ),
    schemas={
        "Response": record(
            {
                "id": _TEXT,
                "object": {"const": "response"},
                "created_at": {"type": "integer"},
                "model": _TEXT,
                "status": {"enum": ["in_progress", "completed", "incomplete", "failed"]},
                "output": array(record({"type": _TEXT, "id": _TEXT})),
                "error": nullable(_ANY),
                "incomplete_details": nullable(_ANY),
                "usage": nullable(
                    record({"input_tokens": _COUNT, "output_tokens": _COUNT, "total_tokens": _COUNT})
                ),
            }
        ),
        "ResponseEvent": record({"type": _TEXT, "sequence_number": _COUNT}, {"response": _ANY}),
    },
    error="Error",
    rules={"ResponsesBody": {"model": {"type": "string", "pattern": r"\S"}}},
)
