"""`stop`, `max_tokens` and `max_completion_tokens`: where the client wants the answer to end."""

from typing import Final

from lmarena_bridge.core.errors import InvalidRequest

# How some clients write "no limit".
_NO_LIMIT: Final = -1

Number = int | float | None


def read_stop(stop: str | list[str] | None) -> tuple[str, ...]:
    """The texts in front of which the answer ends; empty ones stop nothing."""
    texts = [stop] if isinstance(stop, str) else stop or []
    return tuple(dict.fromkeys(filter(None, texts)))


def read_max_tokens(max_tokens: Number, max_completion_tokens: Number) -> int | None:
    """The smaller of both, None for no limit. Raises InvalidRequest."""
    said = (_read(max_tokens, "max_tokens"), _read(max_completion_tokens, "max_completion_tokens"))
    return min((number for number in said if number is not None), default=None)


def _read(number: Number, param: str) -> int | None:
    if number is None or number == _NO_LIMIT:
        return None
    if number < 1 or number != number // 1:
        shown = f"{number:.6g}" if isinstance(number, float) else str(number)[:40]
        raise InvalidRequest(
            f"`{param}` is {shown}: send a whole number from 1 on, or leave it out.", param=param
        )
    return int(number)
