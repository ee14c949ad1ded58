"""A chat completion as one JSON object."""

from collections.abc import Sequence

import msgspec

from lmarena_bridge.core.api.openai.citations import annotations
from lmarena_bridge.core.api.openai.usage import usage_fields
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import FinishReason
from lmarena_bridge.core.chat.request import ToolCall


def completion_body(
    completions: Sequence[Completion],
    *,
    id: str,  # noqa: A002
    created: int,
    model: str,
    one_function: bool = False,
) -> bytes:
    """A `chat.completion` with a choice for each answer; `created` in whole seconds since 1970.

    `one_function`: the client asked in the older form, whose answers hold one `function_call`.
    """
    return msgspec.json.encode(
        {
            "id": id,
            "object": "chat.completion",
            "created": created,
            "model": model,
            "choices": [
                _choice(index, completion, one_function=one_function)
                for index, completion in enumerate(completions)
            ],
            "usage": usage_fields(completion.usage for completion in completions),
        }
    )


def _choice(index: int, completion: Completion, *, one_function: bool) -> dict[str, object]:
    message: dict[str, object] = {
        "role": "assistant",
        # A call takes the place of a text; without one, clients want a text even if it is empty.
        "content": completion.text or (None if completion.calls else ""),
        "refusal": None,
        "annotations": annotations(completion.citations, completion.text),
    }
    if completion.reasoning:
        message["reasoning_content"] = completion.reasoning
    reason: str = completion.reason
    if completion.calls and one_function:
        message["function_call"] = _function(completion.calls[0])
        reason = "function_call" if completion.reason is FinishReason.TOOL_CALLS else reason
    elif completion.calls:
        message["tool_calls"] = [
            {"id": call.id, "type": "function", "function": _function(call)} for call in completion.calls
        ]
    return {"index": index, "message": message, "logprobs": None, "finish_reason": reason}


def _function(call: ToolCall) -> dict[str, str]:
    return {"name": call.name, "arguments": call.arguments}
