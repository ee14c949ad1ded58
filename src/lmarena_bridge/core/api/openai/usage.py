"""Token counts as OpenAI's clients expect them."""

from collections.abc import Iterable

from lmarena_bridge.core.chat.events import Usage


def usage_fields(usages: Iterable[Usage | None]) -> dict[str, object]:
    """The `usage` object of all answers to one request.

    Clients need numbers (clients.md §3a), so there are zeros where nobody counted. Where the bridge counted
    instead of the site, `estimated` says so; OpenAI has no field for it, and its clients pass over it.
    """
    counted = [usage for usage in usages if usage is not None]
    prompt = sum(usage.prompt_tokens for usage in counted)
    completion = sum(usage.completion_tokens for usage in counted)
    fields: dict[str, object] = {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
    if reasoning := sum(usage.reasoning_tokens for usage in counted):
        fields["completion_tokens_details"] = {"reasoning_tokens": reasoning}
    if any(usage.estimated for usage in counted):
        fields["estimated"] = True
    return fields
