"""The parts of an answer that its stream and its whole body have in common."""

from collections.abc import Mapping
from typing import Final

from lmarena_bridge.core.chat.events import FinishReason, Usage

# Thinking that is sent back is passed over, so nothing of it has to be proved; clients drop what is unsigned.
SIGNATURE: Final = "lmarena-bridge"

_STOP_REASONS: Final[Mapping[FinishReason, str]] = {
    FinishReason.STOP: "end_turn",
    FinishReason.LENGTH: "max_tokens",
    FinishReason.CONTENT_FILTER: "refusal",
    FinishReason.TOOL_CALLS: "tool_use",
}


def stopped(reason: FinishReason, stop: str) -> dict[str, object]:
    """Why the answer ended: `stop_reason` and what belongs to it."""
    refused = {"type": "refusal", "category": None, "explanation": None}
    return {
        "stop_reason": "stop_sequence" if stop else _STOP_REASONS[reason],
        "stop_sequence": stop or None,
        "stop_details": refused if reason is FinishReason.CONTENT_FILTER else None,
        "container": None,
    }


def usage_fields(usage: Usage | None) -> dict[str, object]:
    """The tokens of a whole message. Zeros when nobody counted: clients need numbers."""
    return {
        **usage_at_the_end(usage),
        "cache_creation": {"ephemeral_1h_input_tokens": 0, "ephemeral_5m_input_tokens": 0},
        "inference_geo": None,
        "service_tier": "standard",
    }


def usage_at_the_end(usage: Usage | None) -> dict[str, object]:
    """What of it `message_delta` tells."""
    return {
        "input_tokens": usage.prompt_tokens if usage else 0,
        "output_tokens": usage.completion_tokens if usage else 0,
        "cache_creation_input_tokens": 0,
        "cache_read_input_tokens": 0,
        "output_tokens_details": {"thinking_tokens": usage.reasoning_tokens if usage else 0},
        "server_tool_use": None,
    }


def message_fields(message_id: str, model: str) -> dict[str, object]:
    """What every message begins with."""
    return {"id": message_id, "type": "message", "role": "assistant", "model": model}


def text_block(text: str) -> dict[str, object]:
    # An empty list, not null: the AI SDK's Anthropic provider takes nothing else (clients.md 3e).
    return {"type": "text", "text": text, "citations": []}


def thinking_block(thinking: str, signature: str) -> dict[str, object]:
    return {"type": "thinking", "thinking": thinking, "signature": signature}


def tool_use_block(call_id: str, name: str, arguments: object) -> dict[str, object]:
    return {
        "type": "tool_use",
        "id": call_id,
        "name": name,
        "input": arguments,
        "caller": {"type": "direct"},
    }
