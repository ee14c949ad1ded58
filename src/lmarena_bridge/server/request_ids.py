"""`x-request-id` on every response: what a program shows when it complains, and logs can be searched for."""

import uuid

from lmarena_bridge.server.wire import App, Header, Message, Receive, Scope, Send


def request_id() -> Header:
    """The header, for what answers by itself."""
    return b"x-request-id", f"req-{uuid.uuid4()}".encode()


def with_request_id(app: App) -> App:
    """The application; a response that has no id of its own gets one."""

    async def told(scope: Scope, receive: Receive, send: Send) -> None:
        async def sending(message: Message) -> None:
            if message["type"] == "http.response.start":
                _mark(message)
            await send(message)

        await app(scope, receive, sending)

    return told


def _mark(message: Message) -> None:
    if not any(name == b"x-request-id" for name, _ in message["headers"]):
        message["headers"] = [*message["headers"], request_id()]
