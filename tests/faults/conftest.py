from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from support.chain import Chain
from support.chain import chain as start


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Chain]:
    """Bridge, arena and one tab, with the settings a new person has."""
    async with start(tmp_path) as running:
        yield running
