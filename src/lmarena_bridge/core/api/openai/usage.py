"""Token counts as OpenAI's clients expect them."""

from lmarena_bridge.core.chat.events import Usage


def usage_fields(usage: Usage | None) -> dict[str, int]:
    """The `usage` object. Zeros when the site counted nothing: clients need numbers (clients.md §3a)."""
    usage = usage or Usage(0, 0)
    return {
        "prompt_tokens": usage.prompt_tokens,
        "completion_tokens": usage.completion_tokens,
        "total_tokens": usage.prompt_tokens + usage.completion_tokens,
    }
