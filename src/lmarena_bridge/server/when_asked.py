"""An application that is built when somebody first asks for it: who never does has no cost of it."""

import asyncio
from collections.abc import Callable

from lmarena_bridge.server.wire import App, Receive, Scope, Send


class WhenAsked:
    """Built beside the event loop, so that answers on their way do not wait for it."""

    def __init__(self, build: Callable[[], App]) -> None:
        self._build = build
        self._built: App | None = None
        self._building = asyncio.Lock()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        app = self._built or await self._once()
        await app(scope, receive, send)

    async def _once(self) -> App:
        async with self._building:
            if self._built is None:
                self._built = await asyncio.to_thread(self._build)
            return self._built
