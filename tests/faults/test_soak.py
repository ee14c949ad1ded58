"""A long life in short: answers, clients that leave, tabs that reload, links that break; nothing remains."""

import asyncio
import gc
import logging
import os
import random
import sys
from pathlib import Path

import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, until
from support.chain import chain as start

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="memory and handles are counted by /proc")

_log = logging.getLogger(__name__)

SHORT, LONG = 6, 120
# Python's own ways with memory need some room, and here server, tab, site and client share a process: what
# leaks by the request shows as a multiple of it. 2,400 requests add 6 to 14 MiB (2026-11-25).
MOST_GROWTH = 24 * 1024 * 1024


def resident() -> int:
    """The memory of this process, in bytes."""
    gc.collect()
    pages = Path("/proc/self/statm").read_text(encoding="utf-8").split()[1]
    return int(pages) * os.sysconf("SC_PAGE_SIZE")


def handles() -> int:
    return len(os.listdir("/proc/self/fd"))


async def life(chain: Chain, chance: random.Random) -> None:
    """One round: twenty requests, a third of whose clients leave, while the tab breaks and reloads."""
    async with asyncio.TaskGroup() as group:
        asked = [
            group.create_task(chain.ask(f"What is {n} * 3? #arena:pace=2", stream=bool(n % 2)))
            for n in range(20)
        ]
        for n in range(4):
            await until(lambda: any(tab.streams for tab in chain.tasks) or all(t.done() for t in asked))
            chance.choice(asked).cancel()
            if n % 2:
                await lose_link(chain)
            else:
                await reload(chain)
    await chain.until_idle()


async def lose_link(chain: Chain) -> None:
    tab = chain.tab
    await until(tab.welcomed.is_set)
    tab.break_link()
    await until(lambda: not tab.welcomed.is_set())


async def reload(chain: Chain) -> None:
    """The page goes, and comes back as a new one."""
    old = chain.tab
    await until(old.welcomed.is_set)  # without a link its goodbye would be lost, and it be waited for
    await old.say(m.Bye())
    chain.tasks.pop(old).cancel()
    chain.open_tab()
    await chain.until_tabs(1)


async def soak(folder: Path, rounds: int, *, warm: int) -> tuple[int, int]:
    """How many bytes and handles more there are after `rounds` than after the `warm` ones before them."""
    chance = random.Random(5)
    async with start(folder, within=60.0 * (warm + rounds)) as chain:
        # Tokens are counted in threads. The vocabulary is loaded once and for good, and each thread, in its
        # first rounds, takes some memory that it keeps: 75 MiB in all that are no leak.
        assert (await chain.ask(max_tokens=5)).status_code == 200
        for _ in range(warm):
            await life(chain, chance)
        before, open_before = resident(), handles()
        for _ in range(rounds):
            await life(chain, chance)
        await chain.until_tabs(1)
        await until(lambda: not chain.tab.streams)
        hub = chain.server.services.hub
        assert (hub.jobs, hub._inboxes) == (0, {})
        assert len(hub._sockets) == len(hub.tabs) == 1
        await until(lambda: not chain.arena.journal.open_streams)
        grown, opened = resident() - before, handles() - open_before
        _log.info("%d rounds: %d KiB more, %d handles more", rounds, grown >> 10, opened)
        return grown, opened


async def test_a_short_life_leaves_nothing_behind(tmp_path: Path) -> None:
    grown, opened = await soak(tmp_path, SHORT, warm=3)
    assert grown < MOST_GROWTH
    assert opened <= 8  # connections of the client's pool


@pytest.mark.extended
@pytest.mark.timeout(3600)
async def test_a_long_life_leaves_no_more(tmp_path: Path) -> None:
    grown, opened = await soak(tmp_path, LONG, warm=30)
    assert grown < MOST_GROWTH
    assert opened <= 8
