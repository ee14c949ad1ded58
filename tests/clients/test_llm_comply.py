"""llm-comply, a suite of others that holds answers against the official schemas of each API."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final

import pytest

from support.installed import place, run
from support.set_ups import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")

# By which header each API's clients send the key.
FORMATS: Final[Mapping[str, tuple[str, ...]]] = {
    "openai-chat": (),
    "anthropic": ("--auth-header", "x-api-key", "--no-bearer", "-H", "anthropic-version:2023-06-01"),
}


@pytest.mark.parametrize("name", FORMATS)
async def test_the_suite_is_green(locked: Place, tmp_path: Path, name: str) -> None:
    where = ("--format", name, "-u", f"{locked.server}/v1", "-m", "demo-tools", "-k", locked.key)
    ran = await run(place("libraries", "bin", "llm-comply"), *where, *FORMATS[name], home=tmp_path)
    assert ran.code == 0, ran.out
    assert "passed" in ran.out
