"""A chat completion as one JSON object."""

from collections.abc import Sequence

import msgspec

from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.completion import Completion


def completion_body(completions: Sequence[Completion], *, id: str, created: int, model: str) -> bytes:  # noqa: A002
    """A `chat.completion` with a choice for each answer; `created` in whole seconds since 1970."""
    return msgspec.json.encode(
        {
            "id": id,
            "object": "chat.completion",
            "created": created,
            "model": model,
            "choices": [_choice(index, completion) for index, completion in enumerate(completions)],
            "usage": usage_fields(completion.usage for completion in completions),
        }
    )


def _choice(index: int, completion: Completion) -> dict[str, object]:
    message: dict[str, object] = {
        "role": "assistant",
        "content": completion.text,
        "refusal": None,
        "annotations": [],
    }
    if completion.reasoning:
        message["reasoning_content"] = completion.reasoning
    return {"index": index, "message": message, "logprobs": None, "finish_reason": completion.reason}
