"""ASGI's words, and the few things every raw route does with them."""

from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.errors import BridgeError, TooLarge

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
# One that only hands a request on gives the awaitable of the next one and is no coroutine: that would be
# a frame which lives as long as the answer, 0.3 kB of every silent stream.
App = Callable[[Scope, Receive, Send], Awaitable[None]]

Header = tuple[bytes, bytes]

JSON: Header = (b"content-type", b"application/json")
# Nothing of ours is meant to be embedded by another site, shown in its frames or guessed at by a browser.
SAFE: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"x-frame-options", b"DENY"),
    (b"content-security-policy", b"default-src 'none'; frame-ancestors 'none'"),
)


# Set in the last message of a response that began well and ended with an error; servers pass it over.
FAILED = "lmarena_bridge.failed"


class ClientLeft(Exception):
    """The client closed the connection; there is nobody to tell anything."""


async def respond(send: Send, status: int, body: bytes, *headers: Header) -> None:
    """A whole response at once."""
    length = (b"content-length", b"%d" % len(body))
    await send({"type": "http.response.start", "status": status, "headers": [length, *SAFE, *headers]})
    await send({"type": "http.response.body", "body": body})


async def respond_error(
    send: Send, error: BridgeError, *headers: Header, wording: Wording = error_response
) -> None:
    """An error with its true status; in OpenAI's shape, if the dialect has no wording of its own."""
    response = wording(error)
    await respond(send, response.status, response.body, *response.headers, *headers)


def too_large(limit: int) -> TooLarge:
    """The body is larger than `limit` bytes."""
    return TooLarge(
        f"The request is larger than {limit // (1024 * 1024)} MiB. Send smaller attachments, or raise "
        "max_body_bytes in config.jsonc."
    )
