"""Token counts as OpenAI's clients expect them."""

from collections.abc import Iterable

from lmarena_bridge.core.chat.events import Usage


def usage_fields(usages: Iterable[Usage | None]) -> dict[str, int]:
    """The `usage` object of all answers to one request.

    Zeros when the site counted nothing: clients need numbers (clients.md §3a).
    """
    counted = [usage for usage in usages if usage is not None]
    prompt = sum(usage.prompt_tokens for usage in counted)
    completion = sum(usage.completion_tokens for usage in counted)
    return {
        "prompt_tokens": prompt,
        "completion_tokens": completion,
        "total_tokens": prompt + completion,
    }
