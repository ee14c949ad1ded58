"""Answers go by, and what the watch keeps of them."""

import weakref
from types import SimpleNamespace
from typing import Any, cast

import pytest

from lmarena_bridge.cli.assembly import real_world
from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, Take, TextDelta
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.board.watch import Watch

REQUEST = ChatRequest("m", (Message(Role.USER, "Hello"), Message(Role.USER, "there")))
BEGUN = cast("Any", SimpleNamespace(at=0.0, session="s", job="j"))


@pytest.fixture
def watch() -> Watch:
    configs = SimpleNamespace(latest=Config(Settings(record_requests=False), {}, {}))
    return Watch(real_world(), cast("Any", None), configs=configs, changed=lambda: None)


async def told(take: Take, way: ShortWay | None) -> None:
    take((TextDelta("Hi"), Finished(FinishReason.STOP)))


async def test_an_answer_that_was_begun_has_had_its_first_attempt(watch: Watch) -> None:
    taken: list[ChatEvent] = []
    await watch.watched(told, REQUEST, taken.extend, None, BEGUN)
    (asked,) = watch.ended
    assert (asked.session, asked.job, asked.attempts, asked.status) == ("s", "j", 1, 200)
    assert (asked.asked, asked.answered) == (10, 2)
    assert asked.prepared
    assert len(taken) == 2


async def test_attempts_are_told_while_the_answer_is_waited_for(watch: Watch) -> None:
    async def tried(take: Take, way: ShortWay | None) -> None:
        watch.attempt("t", "k")
        await told(take, way)

    await watch.watched(tried, REQUEST, lambda _: None, None, None)
    await watch.watched(tried, REQUEST, lambda _: None, None, BEGUN)
    assert [(each.session, each.job, each.attempts) for each in watch.ended] == [("t", "k", 2), ("t", "k", 1)]


async def test_an_error_is_kept_by_nobody_when_it_was_told(watch: Watch) -> None:
    """Its traceback leads to the whole request, which may be large."""

    async def failing(take: Take, way: ShortWay | None) -> None:
        raise TabLost("gone")

    try:
        await watch.watched(failing, REQUEST, lambda _: None, None, None)
    except TabLost as error:
        failure = weakref.ref(error)
    assert failure() is None
    assert [(each.status, each.code) for each in watch.ended] == [(TabLost.status, TabLost.code)]
    assert watch.running == []


async def test_what_goes_wrong_behind_the_last_event_is_no_failure_of_the_answer(watch: Watch) -> None:
    async def leaving(take: Take, way: ShortWay | None) -> None:
        await told(take, way)
        raise TabLost("gone")

    with pytest.raises(TabLost):
        await watch.watched(leaving, REQUEST, lambda _: None, None, None)
    assert [each.status for each in watch.ended] == [200]
