"""`stop`, `max_tokens` and `max_completion_tokens`: where the client wants the answer to end."""

from lmarena_bridge.core.api.token_limit import Number, read_token_limit


def read_stop(stop: str | list[str] | None) -> tuple[str, ...]:
    """The texts in front of which the answer ends; empty ones stop nothing."""
    texts = [stop] if isinstance(stop, str) else stop or []
    return tuple(dict.fromkeys(filter(None, texts)))


def read_max_tokens(max_tokens: Number, max_completion_tokens: Number) -> int | None:
    """The smaller of both, None for no limit. Raises InvalidRequest."""
    said = (
        read_token_limit(max_tokens, "max_tokens"),
        read_token_limit(max_completion_tokens, "max_completion_tokens"),
    )
    return min((number for number in said if number is not None), default=None)
