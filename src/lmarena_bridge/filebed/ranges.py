"""The Range header (RFC 9110, 14.2): one range of bytes. Pure."""

import re
from typing import Final

_ONE_RANGE: Final = re.compile(r"bytes=\s*(\d{0,18})-(\d{0,18})\s*", re.ASCII | re.IGNORECASE)


class Unsatisfiable(Exception):
    """The range lies behind the end of the file."""


def asked_range(header: str | None, size: int) -> tuple[int, int] | None:
    """First byte and the one behind the last, or None for the whole file. Raises Unsatisfiable.

    What is no single range of bytes is passed over, as the RFC allows: the whole file answers it.
    """
    found = _ONE_RANGE.fullmatch(header or "")
    if found is None or found[1] == found[2] == "":
        return None
    if not found[1]:
        return _suffix(int(found[2]), size)
    start = int(found[1])
    last = int(found[2]) if found[2] else size - 1
    if found[2] and last < start:
        return None
    if start >= size:
        raise Unsatisfiable
    return start, min(last, size - 1) + 1


def _suffix(length: int, size: int) -> tuple[int, int]:
    if length == 0 or size == 0:
        raise Unsatisfiable
    return max(0, size - length), size


def names_tag(header: str, tag: str) -> bool:
    """Whether If-None-Match names this ETag. Weak comparison, as the RFC asks for there."""
    given = [each.strip().removeprefix("W/") for each in header.split(",")]
    return tag in given or header.strip() == "*"
