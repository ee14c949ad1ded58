"""Errors as Anthropic's clients understand them (clients.md 3c, 3e, measured 2026-11-22)."""

from collections.abc import Mapping
from typing import Final

import msgspec

from lmarena_bridge.core.api.errors import ErrorResponse, as_utf8, error_headers
from lmarena_bridge.core.errors import BridgeError, NoTab, Stopping

# Anthropic's own status for "not now, nobody has a hand free".
_OVERLOADED: Final = 529

_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    404: "not_found_error",
    413: "request_too_large",
    429: "rate_limit_error",
    504: "timeout_error",
    _OVERLOADED: "overloaded_error",
}


def error_response(error: BridgeError, request_id: str) -> ErrorResponse:
    """The error with its status, as Anthropic would answer."""
    headers = ((b"content-type", b"application/json"), *error_headers(error))
    return ErrorResponse(_status(error), headers, error_body(error, request_id))


def error_body(error: BridgeError, request_id: str) -> bytes:
    """The whole body, or the data of the event in a stream."""
    return msgspec.json.encode(
        {
            "type": "error",
            "error": {"type": _type(_status(error)), "message": as_utf8(error.message)},
            "request_id": request_id,
        }
    )


def _status(error: BridgeError) -> int:
    return _OVERLOADED if isinstance(error, NoTab | Stopping) else error.status


def _type(status: int) -> str:
    return _TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
