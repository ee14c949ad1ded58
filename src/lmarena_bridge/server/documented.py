"""What /openapi.json says beside what FastAPI finds out itself: the shape of errors, forms, other bodies."""

from collections.abc import Mapping
from typing import Any, Final

_NULLABLE_TEXT: Final[Mapping[str, Any]] = {"anyOf": [{"type": "string"}, {"type": "null"}]}

_ERROR: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["error"],
    "properties": {
        "error": {
            "type": "object",
            "required": ["message", "type", "param", "code"],
            "properties": {
                "message": {"type": "string"},
                "type": {"type": "string"},
                "param": _NULLABLE_TEXT,
                "code": _NULLABLE_TEXT,
            },
        }
    },
}

# Every address may answer so, with the statuses of docs/troubleshooting.md.
ERRORS: Final[Mapping[int | str, dict[str, Any]]] = {
    "default": {
        "description": "An error, in OpenAI's shape.",
        "content": {"application/json": {"schema": _ERROR}},
    }
}


def answers(*kinds: str, status: int = 200) -> dict[int | str, dict[str, Any]]:
    """The response of a route that is no JSON."""
    content = {kind: {"schema": {"type": "string", "format": "binary"}} for kind in kinds}
    return {status: {"description": "As it is.", "content": content}}


def form(required: Mapping[str, Mapping[str, Any]], **others: Mapping[str, Any]) -> dict[str, Any]:
    """A body that is a form with files; `others` may be left out."""
    schema = {"type": "object", "required": list(required), "properties": {**required, **others}}
    return {"requestBody": {"required": True, "content": {"multipart/form-data": {"schema": schema}}}}
