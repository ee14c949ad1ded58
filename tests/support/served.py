"""Any ASGI application on a port of its own, served as the bridge serves its own, with a client."""

from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager

import httpx2
import uvicorn

from lmarena_bridge.server.serving import accepting, connections, listen
from lmarena_bridge.server.wire import App


@asynccontextmanager
async def served(app: App) -> AsyncGenerator[httpx2.AsyncClient, None]:
    listener = listen("127.0.0.1", 0)
    config = uvicorn.Config(app, http=connections(), interface="asgi3", lifespan="off", log_config=None)
    url = f"http://127.0.0.1:{listener.getsockname()[1]}"
    async with accepting(config, listener), httpx2.AsyncClient(base_url=url) as client:
        yield client
