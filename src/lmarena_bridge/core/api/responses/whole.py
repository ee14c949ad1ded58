"""A response as one JSON object."""

import msgspec

from lmarena_bridge.core.api.responses.resource import (
    Fields,
    ResponseHead,
    incomplete_reason,
    summary_part,
    text_part,
)
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import Finished


def response_body(completion: Completion, head: ResponseHead, now: int) -> bytes:
    """A `response` with an item for all thoughts, one for the text and one for each call."""
    output: list[Fields] = []
    cut = "incomplete" if incomplete_reason(completion.reason) else "completed"
    if completion.reasoning:
        output.append(head.reasoning(0, [summary_part(completion.reasoning)]))
    if completion.text:
        content = [text_part(completion.text, completion.citations)]
        output.append(head.message(len(output), content, status=cut))
    for call in completion.calls:
        output.append(head.call(len(output), call.id, call.name, call.arguments, status=cut))
    end = Finished(completion.reason, completion.usage)
    return msgspec.json.encode(head.ended(end, output, now))


def deleted_body(response_id: str) -> bytes:
    """The answer of DELETE /v1/responses/{id}."""
    return msgspec.json.encode({"id": response_id, "object": "response", "deleted": True})
