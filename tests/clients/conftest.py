"""The whole chain for clients: with a real Chromium in it, and with an API key set."""

import json
from collections.abc import AsyncIterator

import pytest_asyncio

from lmarena_bridge.cli.demo import DemoChain, demo_chain
from support.set_ups import Place

KEY = "sk-a-key-of-this-test"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo() -> AsyncIterator[DemoChain]:
    """Once for all clients."""
    async with demo_chain(real=True, port=0) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def locked() -> AsyncIterator[Place]:
    """A chain that wants its API key, and a tab in Python: what the clients make of the API is the same."""
    async with demo_chain(real=False, port=0) as running:
        running.server.services.home.settings.write_text(json.dumps({"api_key": KEY}), encoding="utf-8")
        yield Place(running.server.url, KEY)
