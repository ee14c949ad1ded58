"""What every dialect says about an error, whatever the shape of its body."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import ceil

from lmarena_bridge.core.errors import BridgeError, Stopping

# Clients sleep as long as they are told to, and look hung meanwhile.
_LONGEST_RETRY_AFTER = 20
_USUAL_RETRY_AFTER = 5


@dataclass(frozen=True, slots=True)
class ErrorResponse:
    """An error before the first byte of an answer. Names of headers are in lower case, as ASGI has them."""

    status: int
    headers: Sequence[tuple[bytes, bytes]]
    body: bytes


# How a dialect words an error.
Wording = Callable[[BridgeError], ErrorResponse]


def error_headers(error: BridgeError) -> list[tuple[bytes, bytes]]:
    """What tells a client whether, and when, to try again."""
    headers: list[tuple[bytes, bytes]] = []
    if (seconds := _retry_after(error)) is not None:
        headers.append((b"retry-after", b"%d" % seconds))
    if not error.retryable:
        headers.append((b"x-should-retry", b"false"))
    if isinstance(error, Stopping):
        # So that the client connects anew, to the server that comes next.
        headers.append((b"connection", b"close"))
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    return headers


def as_utf8(message: str) -> str:
    """A message may quote the site or the client, so it may hold what UTF-8 cannot."""
    return message.encode("utf-8", "replace").decode("utf-8")


def _retry_after(error: BridgeError) -> int | None:
    """Whole seconds. Some clients repeat a 429 or 503 whatever else it says: they get a pause to keep."""
    if error.retry_after is not None:
        return ceil(max(1, min(error.retry_after, _LONGEST_RETRY_AFTER)))
    if error.status not in {429, 503}:
        return None
    # Nothing changes before a person has acted.
    return _USUAL_RETRY_AFTER if error.retryable else _LONGEST_RETRY_AFTER
