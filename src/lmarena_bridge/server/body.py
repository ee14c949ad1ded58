"""The body of a request, read to its end."""

from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.wire import ClientLeft, Receive, too_large


def body_at_once(receive: Receive, limit: int) -> Buffer | None:
    """As `read_body`, where all of it is here already; None: it must be waited for."""
    exchange = exchange_of(receive)
    body = None if exchange is None else exchange.whole_body()
    if body is not None and len(body) > limit:
        raise too_large(limit)
    return body


async def read_body(receive: Receive, limit: int) -> Buffer:
    """The request's body, at most `limit` bytes. Raises TooLarge, ClientLeft."""
    if (body := body_at_once(receive, limit)) is not None:
        return body
    if (exchange := exchange_of(receive)) is None:
        return await _received(receive, limit)
    if (body := await exchange.collected(limit)) is None:
        raise ClientLeft
    if len(body) > limit:
        raise too_large(limit)
    return body


async def _received(receive: Receive, limit: int) -> bytearray:
    """Grown as it comes: pieces that are joined in the end would be there twice for a moment."""
    body = bytearray()
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        body += message.get("body", b"")
        if len(body) > limit:
            raise too_large(limit)
        if not message.get("more_body", False):
            return body
