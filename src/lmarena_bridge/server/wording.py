"""How an error is said to a client whose request never reached the route that would say it."""

from collections.abc import Callable
from dataclasses import replace

from lmarena_bridge.core.api.anthropic import errors as anthropic
from lmarena_bridge.core.api.errors import ErrorResponse, Wording
from lmarena_bridge.core.api.openai import errors as openai
from lmarena_bridge.core.errors import BridgeError

_MESSAGES = "/v1/messages"


def wording_of(path: str, new_id: Callable[[], str]) -> Wording:
    """In the dialect that is spoken at this path."""
    if path != _MESSAGES and not path.startswith(f"{_MESSAGES}/"):
        return openai.error_response

    def said(error: BridgeError) -> ErrorResponse:
        request_id = f"req_{new_id()}"
        response = anthropic.error_response(error, request_id)
        return replace(response, headers=(*response.headers, (b"request-id", request_id.encode())))

    return said
