"""How an error is said to a client whose request never reached the route that would say it."""

from collections.abc import Callable
from dataclasses import asdict, replace

import msgspec

from lmarena_bridge.core.api.anthropic import errors as anthropic
from lmarena_bridge.core.api.errors import ErrorResponse, Wording
from lmarena_bridge.core.api.openai import errors as openai
from lmarena_bridge.core.errors import BridgeError

_MESSAGES = "/v1/messages"
_INTERNAL = "/internal/"


def wording_of(path: str, new_id: Callable[[], str]) -> Wording:
    """In the dialect that is spoken at this path."""
    if path.startswith(_INTERNAL):
        return _for_the_page
    if path != _MESSAGES and not path.startswith(f"{_MESSAGES}/"):
        return openai.error_response

    def said(error: BridgeError) -> ErrorResponse:
        request_id = f"req_{new_id()}"
        response = anthropic.error_response(error, request_id)
        return replace(response, headers=(*response.headers, (b"request-id", request_id.encode())))

    return said


def _for_the_page(error: BridgeError) -> ErrorResponse:
    """OpenAI's shape, and beside the message what other languages need to say the same."""
    response = openai.error_response(error)
    if error.said is None:
        return response
    body = msgspec.json.decode(response.body)
    body["error"]["said"] = asdict(error.said)
    return replace(response, body=msgspec.json.encode(body))
