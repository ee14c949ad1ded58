"""`n`: how many answers, or pictures, one request asks for."""

from typing import Final

from lmarena_bridge.core.errors import InvalidRequest

# Each of them is a job of its own; a tab has twenty at the same time by default.
MOST: Final = 10


def read_count(n: int | float | str | None) -> int:
    """The number, 1 if none is given; forms carry it as text. Raises InvalidRequest."""
    number = 1 if n is None else _number(n)
    if number is None:
        said = repr(n)[:40] if isinstance(n, str) else f"{n:.6g}" if isinstance(n, float) else str(n)[:40]
        raise InvalidRequest(f"`n` is {said}: ask for a whole number from 1 to {MOST}.", param="n")
    return number


def _number(n: int | float | str) -> int | None:
    if isinstance(n, str):
        n = int(n) if n.isascii() and n.isdecimal() and len(n) < 4 else 0
    return int(n) if 1 <= n <= MOST and n == int(n) else None
