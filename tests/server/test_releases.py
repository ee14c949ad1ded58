"""Who looks for newer versions, when, and what is told of it. Time is the test's."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass, field

import pytest

from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.releases.errors import NotReached, NotTrusted
from lmarena_bridge.core.releases.manifest import Release
from lmarena_bridge.server.board import releases
from lmarena_bridge.server.board.releases import Releases
from support.releases import release_of

HOUR = 3600.0
SET = Settings(update_url="https://releases.example.org/manifest.json", update_public_key="key")


@dataclass
class World:
    """Settings, time, and what is announced; `asked` counts."""

    settings: Settings = SET
    now: float = 1000.0
    answer: Release | Exception = field(default_factory=lambda: release_of("9.0.0", b"data"))
    asked: list[tuple[str, str]] = field(default_factory=list)

    def releases(self) -> Releases:
        return Releases(
            self._look,
            lambda: self.settings,
            version="1.0.0",
            command="lmarena-bridge update",
            clock=lambda: 5.0,
            steady=lambda: self.now,
        )

    async def _look(self, address: str, key: str) -> Release:
        self.asked.append((address, key))
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(releases, "_TICK", 0.0)
    return World()


async def looks(kept: Releases, world: World, count: int) -> None:
    """Let it look until it has asked so often, and then for a while longer."""

    async def enough() -> None:
        while len(world.asked) < count:  # noqa: ASYNC110 - its loop has no event
            await asyncio.sleep(0)
        for _ in range(20):
            await asyncio.sleep(0)

    with suppress(TimeoutError):
        async with asyncio.timeout(5), asyncio.TaskGroup() as group:
            task = group.create_task(kept.keep_looking())
            await enough()
            task.cancel()
    assert len(world.asked) == count


async def test_at_the_start_and_once_a_day(world: World) -> None:
    kept = world.releases()
    await looks(kept, world, 1)
    assert (kept.news.state, kept.news.version, kept.news.notes) == ("newer", "9.0.0", "Better.\nFaster.")
    assert (kept.news.command, kept.news.looked) == ("lmarena-bridge update", 5.0)
    world.now += 23 * HOUR
    await looks(kept, world, 1)
    world.now += 2 * HOUR
    await looks(kept, world, 2)


async def test_who_was_not_reached_is_asked_again_after_an_hour(world: World) -> None:
    world.answer = NotReached("no network")
    kept = world.releases()
    await looks(kept, world, 1)
    assert (kept.news.state, kept.news.said) == ("unreachable", "no network")
    world.now += HOUR
    world.answer = release_of("1.0.0", b"data")
    await looks(kept, world, 2)
    assert (kept.news.state, kept.news.version) == ("newest", "")


async def test_what_is_not_believed_is_said_with_the_reason(world: World) -> None:
    world.answer = NotTrusted("forged")
    kept = world.releases()
    await looks(kept, world, 1)
    assert (kept.news.state, kept.news.said, kept.news.version) == ("refused", "forged", "")


@pytest.mark.parametrize(
    ("settings", "state"),
    [
        (Settings(), "no_source"),
        (Settings(update_url=SET.update_url), "no_key"),
        (Settings(update_url=SET.update_url, update_public_key="key", enable_auto_update=False), "unknown"),
    ],
)
async def test_nobody_is_asked_unless_told_where_whose_and_that(
    world: World, settings: Settings, state: str
) -> None:
    world.settings = settings
    kept = world.releases()
    await looks(kept, world, 0)
    assert kept.news.state == state


async def test_a_person_may_ask_also_where_it_does_not_look_by_itself(world: World) -> None:
    world.settings = Settings(update_url=SET.update_url, update_public_key="key", enable_auto_update=False)
    kept = world.releases()
    assert (await kept.look()).state == "newer"
    world.settings = Settings()
    assert (await kept.look()).state == "no_source"
    assert len(world.asked) == 1


async def test_another_address_is_looked_at_at_once_and_the_old_news_is_none(world: World) -> None:
    kept = world.releases()
    await looks(kept, world, 1)
    world.settings = Settings(update_url="https://other.example.org/", update_public_key="key")
    before = kept.news
    await looks(kept, world, 2)
    assert world.asked[-1] == ("https://other.example.org/", "key")
    assert (before.state, kept.news.state) == ("unknown", "newer")
