"""Errors as OpenAI's clients understand them (clients.md §0.3, §0.4, measured 2026-11-22)."""

from collections.abc import Mapping
from typing import Final

import msgspec

from lmarena_bridge.core.api.errors import ErrorResponse, as_utf8, error_headers
from lmarena_bridge.core.errors import BridgeError

_TYPES: Final[Mapping[int, str]] = {
    401: "authentication_error",
    403: "permission_error",
    429: "rate_limit_error",
}


def error_response(error: BridgeError) -> ErrorResponse:
    """The error with its status, as OpenAI would answer."""
    headers = ((b"content-type", b"application/json"), *error_headers(error))
    return ErrorResponse(error.status, headers, error_body(error))


def error_body(error: BridgeError) -> bytes:
    """`{"error": {message, type, param, code}}`: the whole body, or the data of a record in a stream."""
    return msgspec.json.encode(
        {
            "error": {
                "message": as_utf8(error.message),
                "type": _type(error.status),
                "param": error.param,
                "code": error.code,
            }
        }
    )


def _type(status: int) -> str:
    return _TYPES.get(status, "invalid_request_error" if status < 500 else "api_error")
