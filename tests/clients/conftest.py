"""The whole chain with a real Chromium in it, once for all clients."""

from collections.abc import AsyncIterator

import pytest_asyncio

from lmarena_bridge.cli.demo import DemoChain, demo_chain


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def demo() -> AsyncIterator[DemoChain]:
    async with demo_chain(real=True, port=0) as running:
        yield running
