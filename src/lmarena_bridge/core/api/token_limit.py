"""How many tokens an answer may have at most, in whatever field a dialect says it."""

from typing import Final

from lmarena_bridge.core.errors import InvalidRequest

# How some clients write "no limit".
_NO_LIMIT: Final = -1

# JavaScript and some JSON writers know only one kind of number.
Number = int | float | None


def read_token_limit(number: Number, param: str) -> int | None:
    """The limit, None if there is none. Raises InvalidRequest."""
    if number is None or number == _NO_LIMIT:
        return None
    if number < 1 or number != number // 1:
        shown = f"{number:.6g}" if isinstance(number, float) else str(number)[:40]
        raise InvalidRequest(
            f"`{param}` is {shown}: send a whole number from 1 on, or leave it out.", param=param
        )
    return int(number)
