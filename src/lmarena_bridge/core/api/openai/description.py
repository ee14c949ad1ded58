"""OpenAI's part of GET /openapi.json: what our answers hold, which is no more than what is always there."""

from collections.abc import Mapping
from typing import Any, Final

from lmarena_bridge.core.api.description import (
    Description,
    Operation,
    Schema,
    array,
    nullable,
    record,
    ref,
)
from lmarena_bridge.core.api.openai.images import GenerationBody
from lmarena_bridge.core.api.openai.requests import ChatBody
from lmarena_bridge.core.api.openai.text_requests import TextBody

_TEXT: Final[Mapping[str, Any]] = {"type": "string"}
_WHOLE: Final[Mapping[str, Any]] = {"type": "integer"}
_COUNT: Final[Mapping[str, Any]] = {"type": "integer", "minimum": 0}
_NUMBER: Final[Mapping[str, Any]] = {"type": "integer", "minimum": 1, "maximum": 10}
_FILLED: Final[Mapping[str, Any]] = {"type": "string", "pattern": r"\S"}
_NULL: Final[Mapping[str, Any]] = {"type": "null"}
_REASON: Final[Mapping[str, Any]] = {
    "enum": ["stop", "length", "content_filter", "tool_calls", "function_call"],
}


def _is(value: str | bool) -> Schema:
    return {"const": value}


_FUNCTION: Final = record({"name": _TEXT, "arguments": _TEXT})
_CALL: Final = record({"id": _TEXT, "type": _is("function"), "function": _FUNCTION})
_MESSAGE: Final = record(
    {
        "role": _is("assistant"),
        "content": nullable(_TEXT),
        "refusal": _NULL,
        "annotations": array({"type": "object"}),
    },
    {"reasoning_content": _TEXT, "tool_calls": array(_CALL), "function_call": _FUNCTION},
)
_CHOICE: Final = record({"index": _COUNT, "message": _MESSAGE, "logprobs": _NULL, "finish_reason": _REASON})
_DELTA: Final = record(
    {},
    {
        "role": _is("assistant"),
        "content": _TEXT,
        "reasoning_content": _TEXT,
        "tool_calls": array({"type": "object"}),
        "function_call": {"type": "object"},
        "annotations": array({"type": "object"}),
    },
)
_CHUNK_CHOICE: Final = record(
    {"index": _COUNT, "delta": _DELTA, "logprobs": _NULL, "finish_reason": nullable(_REASON)}
)
_TEXT_CHOICE: Final = record(
    {"index": _COUNT, "text": _TEXT, "logprobs": _NULL, "finish_reason": nullable(_REASON)}
)
_USAGE: Final = record(
    {"prompt_tokens": _COUNT, "completion_tokens": _COUNT, "total_tokens": _COUNT},
    {"completion_tokens_details": {"type": "object"}, "estimated": _is(True)},
)
_HEAD: Final[Mapping[str, Schema]] = {"id": _TEXT, "created": _WHOLE, "model": _TEXT}
_IMAGE_EVENT: Final = record({"type": _TEXT, "b64_json": _TEXT, "created_at": _WHOLE})
_EDIT_FORM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["image", "prompt"],
    "properties": {
        "image": array({"type": "string", "format": "binary"}, minItems=1, maxItems=10),
        "prompt": _FILLED,
        "model": _TEXT,
        "n": _NUMBER,
        "response_format": {"enum": ["url", "b64_json"]},
        "stream": _TEXT,
    },
}

OPENAI: Final = Description(
    operations=(
        Operation(
            "/v1/chat/completions",
            "An answer to a conversation",
            "chat",
            ChatBody,
            "ChatCompletion",
            "ChatCompletionChunk",
        ),
        Operation(
            "/v1/completions", "An answer to a prompt", "completions", TextBody, "Completion", "Completion"
        ),
        Operation(
            "/v1/images/generations",
            "Pictures from words",
            "images",
            GenerationBody,
            "Images",
            "ImageEvent",
        ),
        Operation("/v1/images/edits", "Pictures from pictures", "images", _EDIT_FORM, "Images", "ImageEvent"),
    ),
    schemas={
        "ChatCompletion": record(
            {
                **_HEAD,
                "object": _is("chat.completion"),
                "choices": array(_CHOICE, minItems=1),
                "usage": ref("Usage"),
            }
        ),
        "ChatCompletionChunk": record(
            {**_HEAD, "object": _is("chat.completion.chunk"), "choices": array(_CHUNK_CHOICE)},
            {"usage": nullable(ref("Usage"))},
        ),
        "Completion": record(
            {**_HEAD, "object": _is("text_completion"), "choices": array(_TEXT_CHOICE)},
            {"usage": nullable(ref("Usage"))},
        ),
        "Usage": _USAGE,
        "Images": record(
            {"created": _WHOLE, "data": array(record({}, {"url": _TEXT, "b64_json": _TEXT}), minItems=1)}
        ),
        "ImageEvent": _IMAGE_EVENT,
        "Error": record(
            {
                "error": record(
                    {"message": _TEXT, "type": _TEXT, "param": nullable(_TEXT), "code": nullable(_TEXT)}
                )
            }
        ),
        "Model": record(
            {
                "id": _TEXT,
                "object": _is("model"),
                "created": _WHOLE,
                "owned_by": _TEXT,
                "type": _is("model"),
                "display_name": _TEXT,
                "created_at": _TEXT,
                "lifecycle": _is("active"),
                "kind": _TEXT,
            },
            {"architecture": {"type": "object"}},
        ),
        "Models": record(
            {
                "object": _is("list"),
                "data": array(ref("Model")),
                "has_more": _is(False),
                "first_id": nullable(_TEXT),
                "last_id": nullable(_TEXT),
            }
        ),
    },
    error="Error",
    rules={
        "ChatBody": {
            "model": _FILLED,
            "messages": array(ref("ChatMessage"), minItems=1),
            "n": nullable(_NUMBER),
        },
        "ChatMessage": {"role": {"enum": ["system", "developer", "user", "assistant", "tool", "function"]}},
        "TextBody": {"model": _FILLED, "n": nullable(_NUMBER)},
        "GenerationBody": {
            "prompt": _FILLED,
            "n": nullable(_NUMBER),
            "response_format": nullable({"enum": ["url", "b64_json"]}),
        },
    },
)
