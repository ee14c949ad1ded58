"""The body of a request, read to its end."""

from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.wire import ClientLeft, Receive, too_large


async def read_body(receive: Receive, limit: int) -> Buffer:
    """The request's body, at most `limit` bytes. Raises TooLarge, ClientLeft."""
    exchange = exchange_of(receive)
    if exchange is None:
        return await _received(receive, limit)
    body = exchange.whole_body()
    if body is None and (body := await exchange.collected(limit)) is None:
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
