"""Token counts as OpenAI's clients expect them."""

from collections.abc import Iterable

from lmarena_bridge.core.chat.events import Usage


def usage_fields(usages: Iterable[Usage | None]) -> dict[str, object]:
    """The `usage` object of all answers to one request.

    Clients need numbers (clients.md §3a), so there are zeros where nobody counted. Where the bridge counted
    instead of the site, `estimated` says so; OpenAI has no field for it, and its clients pass over it.
    """
    prompt = completion = reasoning = 0
    estimated = False
    for usage in usages:
        if usage is not None:
            prompt += usage.prompt_tokens
            completion += usage.completion_tokens
            reasoning += usage.reasoning_tokens
            estimated = estimated or usage.estimated
    fields: dict[str, object] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    if reasoning:
        fields["completion_tokens_details"] = {"reasoning_tokens": reasoning}
    if estimated:
        fields["estimated"] = True
    return fields
