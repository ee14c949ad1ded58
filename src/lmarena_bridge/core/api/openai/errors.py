"""Errors as OpenAI's clients understand them (clients.md §0.3, §0.4, measured 2026-11-22)."""

from collections.abc import Mapping
from math import ceil
from typing import Final

import msgspec

from lmarena_bridge.core.errors import BridgeError

_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}

# Clients sleep as long as they are told to, and look hung meanwhile.
_LONGEST_RETRY_AFTER = 20
_USUAL_RETRY_AFTER = 5


def error_body(error: BridgeError) -> bytes:
    """`{"error": {message, type, param, code}}`: the whole body, or the data of a record in a stream."""
    return msgspec.json.encode(
        {
            "error": {
                # A message may quote the site or the client, so it may hold what UTF-8 cannot.
                "message": error.message.encode("utf-8", "replace").decode("utf-8"),
                "type": _type(error.status),
                "param": error.param,
                "code": error.code,
            }
        }
    )


def error_headers(error: BridgeError) -> list[tuple[bytes, bytes]]:
    """What tells a client whether, and when, to try again; names in lower case, as ASGI has them."""
    headers: list[tuple[bytes, bytes]] = []
    if (seconds := _retry_after(error)) is not None:
        headers.append((b"retry-after", b"%d" % seconds))
    if not error.retryable:
        headers.append((b"x-should-retry", b"false"))
    if error.status == 401:
        headers.append((b"www-authenticate", b"Bearer"))
    return headers


def _type(status: int) -> str:
    return _TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")


def _retry_after(error: BridgeError) -> int | None:
    """Whole seconds. Some clients repeat a 429 or 503 whatever else it says: they get a pause to keep."""
    if error.retry_after is not None:
        return ceil(max(1, min(error.retry_after, _LONGEST_RETRY_AFTER)))
    if error.status not in {429, 503}:
        return None
    # Nothing changes before a person has acted.
    return _USUAL_RETRY_AFTER if error.retryable else _LONGEST_RETRY_AFTER
