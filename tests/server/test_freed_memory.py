import asyncio
import sys
from pathlib import Path

import pytest

from lmarena_bridge.server import freed_memory
from lmarena_bridge.server.beside import beside

glibc = pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such settings")


@glibc
def test_the_c_library_takes_it() -> None:
    assert freed_memory.keep_freed_memory()


@glibc
def test_what_was_kept_is_given_back() -> None:
    freed_memory.keep_freed_memory()
    blocks = [b"x" * 1_000_000 for _ in range(100)]
    full = resident()
    del blocks
    kept = resident()
    assert freed_memory.give_back()
    assert kept > full - 20_000
    assert resident() < full - 50_000


async def test_nothing_is_given_back_while_somebody_is_served() -> None:
    asked = asyncio.Queue[bool]()

    def is_idle() -> bool:
        asked.put_nowait(True)
        return asked.qsize() > 1

    async with beside(freed_memory.give_back_when_idle(is_idle, every=0.001)), asyncio.timeout(20):
        for _ in range(3):
            assert await asked.get()


def resident() -> int:
    """In kB."""
    for line in Path("/proc/self/status").read_text(encoding="ascii").splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1])
    raise AssertionError("no VmRSS")


def test_where_there_is_no_glibc_nothing_is_done(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "platform", "win32")
    assert not freed_memory.keep_freed_memory()
    assert not freed_memory.give_back()
