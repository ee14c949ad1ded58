"""Anthropic's part of GET /openapi.json: what our answers hold, no more than what is always there."""

from collections.abc import Mapping
from typing import Any, Final

from lmarena_bridge.core.api.anthropic.requests import MessagesBody
from lmarena_bridge.core.api.description import Description, Operation, array, nullable, record, ref

_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_COUNT: Final[Mapping[str, Any]] = {"type": "integer", "minimum": 0}
_FILLED: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"\S"}
_ANY: Final[Mapping[str, Any]] = {"type": "object"}

ANTHROPIC: Final = Description(
    operations=(
        Operation(
            "/v1/messages",
            "An answer to a conversation, as Anthropic's clients want it",
            "messages",
            MessagesBody,
            "AnthropicMessage",
            "AnthropicEvent",
        ),
        Operation(
            "/v1/messages/count_tokens",
            "About how many tokens a request has",
            "messages",
            MessagesBody,
            "AnthropicTokens",
        ),
    ),
    schemas={
        "AnthropicMessage": record(
            {
                "id": _TEXT,
                "type": {"const": "message"},
                "role": {"const": "assistant"},
                "model": _TEXT,
                "content": array(record({"type": _TEXT})),
                "stop_reason": {
                    "enum": ["end_turn", "stop_sequence", "max_tokens", "refusal", "tool_use"],
                },
                "stop_sequence": nullable(_TEXT),
                "usage": record({"input_tokens": _COUNT, "output_tokens": _COUNT}),
            }
        ),
        "AnthropicEvent": record({"type": _TEXT}, {"message": _ANY, "delta": _ANY, "index": _COUNT}),
        "AnthropicTokens": record({"input_tokens": _COUNT}),
        "AnthropicError": record(
            {
                "type": {"const": "error"},
                "error": record({"type": _TEXT, "message": _TEXT}),
                "request_id": _TEXT,
            }
        ),
    },
    error="AnthropicError",
    rules={"MessagesBody": {"model": _FILLED, "messages": array(ref("Turn"), minItems=1)}},
)
