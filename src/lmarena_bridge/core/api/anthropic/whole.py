"""An answer as one JSON object."""

import msgspec

from lmarena_bridge.core.api.anthropic.wording import (
    SIGNATURE,
    message_fields,
    stopped,
    text_block,
    thinking_block,
    tool_use_block,
    usage_fields,
)
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.request import ToolCall

_ARGUMENTS = msgspec.json.Decoder(dict[str, object])


def message_body(completion: Completion, *, message_id: str, model: str) -> bytes:
    """A `message` with a block for all thoughts, one for the text and one for each call."""
    content: list[dict[str, object]] = []
    if completion.reasoning:
        content.append(thinking_block(completion.reasoning, SIGNATURE))
    if completion.text:
        content.append(text_block(completion.text))
    content += (tool_use_block(call.id, call.name, _arguments(call)) for call in completion.calls)
    return msgspec.json.encode(
        {
            **message_fields(message_id, model),
            "content": content,
            **stopped(completion.reason, completion.stop),
            "usage": usage_fields(completion.usage),
        }
    )


def token_count_body(tokens: int) -> bytes:
    """The answer of /v1/messages/count_tokens."""
    return msgspec.json.encode({"input_tokens": tokens})


def _arguments(call: ToolCall) -> dict[str, object]:
    """The call's arguments; none if they were cut off, for here they cannot be told as text."""
    try:
        return _ARGUMENTS.decode(call.arguments)
    except msgspec.DecodeError:
        return {}
