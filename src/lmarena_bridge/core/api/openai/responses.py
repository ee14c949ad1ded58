"""A chat completion as one JSON object."""

import msgspec

from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.completion import Completion


def completion_body(completion: Completion, *, id: str, created: int, model: str) -> bytes:  # noqa: A002
    """The body of a `chat.completion`; `created` in whole seconds since 1970."""
    message: dict[str, object] = {
        "role": "assistant",
        "content": completion.text,
        "refusal": None,
        "annotations": [],
    }
    if completion.reasoning:
        message["reasoning_content"] = completion.reasoning
    return msgspec.json.encode(
        {
            "id": id,
            "object": "chat.completion",
            "created": created,
            "model": model,
            "choices": [
                {"index": 0, "message": message, "logprobs": None, "finish_reason": completion.reason},
            ],
            "usage": usage_fields(completion.usage),
        }
    )
