from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.chain import Chain
from support.chain import chain as start

KEY = "a-right-key-of-the-tests"
PAGE = "http://localhost:3000"


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Chain]:
    """Bridge, arena and one tab; no key is asked for, one page is allowed."""
    # What is tried by the thousand takes longer than what is tried once.
    async with start(tmp_path, settings={"allowed_origins": [PAGE]}, within=900) as running:
        yield running


@pytest.fixture
async def locked(tmp_path: Path) -> AsyncIterator[Chain]:
    """The same with a key."""
    async with start(tmp_path, settings={"allowed_origins": [PAGE], "api_key": KEY}) as running:
        yield running
