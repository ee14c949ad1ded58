"""Judges of OpenAI's own: the types of its library, strictly, and its published document (2.3.0).

The document is stricter in other places: it wants `refusal`, `logprobs` and all four keys of an error.
"""

import json
from functools import cache
from importlib.resources import files
from typing import Any

import jsonschema_rs
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from core.api.official import official

# Fields that the world uses although OpenAI does not.
CHAT_EXTRAS = frozenset({"reasoning_content", "annotations", "type", "url_citation", "estimated"})


@cache
def _judge(name: str) -> jsonschema_rs.Validator:
    document = json.loads(files("llm_comply.specs").joinpath("openai_chat.json").read_text(encoding="utf-8"))
    components = _with_nulls(document["components"])
    reference = {"$ref": f"#/components/schemas/{name}", "components": components}
    return jsonschema_rs.validator_for(reference, offline=True)


def _with_nulls(schema: Any) -> Any:
    """The document says `nullable`, which OpenAPI had before it took over JSON Schema's own way."""
    if isinstance(schema, list):
        return [_with_nulls(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    inner = {name: _with_nulls(each) for name, each in schema.items() if name != "nullable"}
    return {"anyOf": [inner, {"type": "null"}]} if schema.get("nullable") is True else inner


def by_document(name: str, value: Any) -> None:
    """Fails on what OpenAI's document does not allow under this name."""
    faults = [f"{error.instance_path}: {error.message}"[:300] for error in _judge(name).iter_errors(value)]
    assert not faults, faults


def judged_completion(body: bytes) -> ChatCompletion:
    """A whole answer that both judges let pass."""
    by_document("CreateChatCompletionResponse", json.loads(body))
    return official(ChatCompletion, body, known_extras=CHAT_EXTRAS)


def judged_stream(body: bytes) -> list[ChatCompletionChunk]:
    """The chunks of a stream whose frames, and each of whose chunks, both judges let pass."""
    text = body.decode("utf-8")
    assert "\r" not in text
    *records, end = text.split("\n\n")
    assert end == ""
    assert records.pop() == "data: [DONE]"
    told = [record.removeprefix("data: ") for record in records if not record.startswith(":")]
    assert "[DONE]" not in told
    for chunk in map(json.loads, told):
        by_document("CreateChatCompletionStreamResponse", chunk)
    return [official(ChatCompletionChunk, chunk, known_extras=CHAT_EXTRAS) for chunk in told]


def judged_error(body: bytes) -> dict[str, Any]:
    """An error with all four keys."""
    told: dict[str, Any] = json.loads(body)
    by_document("ErrorResponse", told)
    assert set(told) == {"error"}
    assert set(told["error"]) == {"message", "type", "param", "code"}
    error: dict[str, Any] = told["error"]
    return error


def said(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(choice.delta.content or "" for chunk in chunks for choice in chunk.choices)


def reasons(chunks: list[ChatCompletionChunk]) -> list[str]:
    return [choice.finish_reason for chunk in chunks for choice in chunk.choices if choice.finish_reason]
