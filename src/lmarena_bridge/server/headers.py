"""Headers of a request as ASGI has them: names in lower case, bytes."""

from collections.abc import Sequence
from typing import Final

Headers = Sequence[tuple[bytes, bytes]]

_LINE: Final = b"%b: %b\r\n".__mod__


def values(headers: Headers, name: bytes) -> list[str]:
    """All values of a header, in order."""
    return [value.decode("latin-1") for key, value in headers if key == name]


def first(headers: Headers, name: bytes) -> str:
    """The first value of a header, "" if there is none."""
    found = values(headers, name)
    return found[0] if found else ""


def lines(headers: Headers) -> bytes:
    """Headers as they are written, each with its end."""
    return b"".join(map(_LINE, headers))


def given_key(headers: Headers) -> str:
    """What the request brings as its key: `Authorization: Bearer KEY`, else `x-api-key: KEY`."""
    scheme, _, token = first(headers, b"authorization").partition(" ")
    bearer = token.strip() if scheme.lower() == "bearer" else ""
    return bearer or first(headers, b"x-api-key").strip()
