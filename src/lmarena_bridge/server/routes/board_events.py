"""GET /internal/events: the live picture as an event stream. Plain ASGI: it may last for days."""

from contextlib import aclosing

from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import SAFE, ClientLeft, Receive, Scope, Send

PATH = "/internal/events"

_HEADERS = (
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
    *SAFE,
)


class BoardEventsRoute:
    """The stream of one server's feed."""

    def __init__(self, services: Services) -> None:
        self._feed = services.board.feed

    async def __call__(self, _: Scope, receive: Receive, send: Send) -> None:
        try:
            await read_body(receive, 0)
        except ClientLeft:
            return
        viewer = self._feed.join()

        async def give() -> None:
            await send({"type": "http.response.start", "status": 200, "headers": list(_HEADERS)})
            async with aclosing(viewer.records()) as records:
                async for record in records:
                    await send({"type": "http.response.body", "body": record, "more_body": True})
            await send({"type": "http.response.body", "body": b""})

        try:
            await while_client_stays(receive, give())
        finally:
            self._feed.leave(viewer)
