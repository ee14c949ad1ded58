"""The bridge between a tab that a test plays, delivery by delivery, and whoever takes the answer."""

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any, cast

import pytest

from lmarena_bridge.attaching import Attaching
from lmarena_bridge.attempt import Deliveries
from lmarena_bridge.bridge import Bridge, World
from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, Take, TextDelta
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import EmptyAnswer, MalformedStream, SiteRefused
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.core.tabs.effects import Arrived, Completed, Delivery, Job, Opened, Waiting
from lmarena_bridge.server.inbox import Inbox

REQUEST = ChatRequest("m", (Message(Role.USER, "Hello"),))
SESSIONS = tuple(
    SessionEntry(f"019ade00-000{n}-7b00-8b00-000000000001", "019ade00-0003-7c00-8c00-000000000001")
    for n in (1, 2)
)
OPENED = Opened(200, {}, "t", "p")
HELLO, STOP = Arrived(b'a0:"Hello"\n'), Arrived(b'ad:{"finishReason":"stop"}\n')
END = Finished(FinishReason.STOP)


class Tab:
    """Gives one list of deliveries after the other, one for each job, and keeps what was said of it."""

    profiles = ("p",)

    def __init__(self, *answers: Sequence[Delivery]) -> None:
        self._answers = list(answers)
        self.jobs: list[Job] = []
        self.heard: list[str] = []

    def run(self, job: Job) -> AbstractContextManager[Deliveries]:
        self.jobs.append(job)
        self._inbox = Inbox(job.id, self)
        self.deliver(*self._answers.pop(0))
        return self._inbox

    def deliver(self, *deliveries: Delivery) -> None:
        """More for the last job, in one moment."""
        self._inbox.put(*deliveries)

    def used(self, job: str, count: int) -> None:
        """Of no matter here."""

    def left(self, job: str) -> None:
        self.heard.append("left")

    def needs_attention(self, tab: str, message: str) -> None:
        self.heard.append("needs attention")

    def troubled(self, tab: str, retry_after: float | None) -> None:
        self.heard.append("troubled")

    def worked(self, tab: str) -> None:
        self.heard.append("worked")


@dataclass
class Files:
    latest: Config


def bridge(tab: Tab, on_attempt: Callable[[str, str], None] = lambda *_: None) -> Bridge:
    world = World(lambda: "id", lambda _: 0, lambda: 0, lambda: 0, lambda: "2026-11-26T00:00:00.000Z")
    config = Config(Settings(), {"m": ModelEntry("m", "t", "text")}, {"m": SESSIONS})
    nobody = cast("Any", None)
    attaching = Attaching(uploads=nobody, images=nobody, inputs=nobody)
    return Bridge(tab, Files(config), world, SessionHealth(), attaching, on_attempt=on_attempt)


async def answer(*deliveries: Delivery) -> list[tuple[Sequence[ChatEvent], bool]]:
    """The batches, and whether the last was said to be."""
    way, taken = ShortWay(), list[tuple[Sequence[ChatEvent], bool]]()
    await bridge(Tab(deliveries)).chat(REQUEST, lambda batch: taken.append((batch, way.is_last)), way)
    return taken


async def test_the_last_batch_is_said_to_be_if_the_response_has_ended_with_it() -> None:
    together = Arrived(HELLO.payload + STOP.payload)
    assert await answer(OPENED, together, Completed()) == [([TextDelta("Hello"), END], True)]
    assert await answer(OPENED, HELLO, Waiting(), STOP, Completed()) == [
        ([TextDelta("Hello")], False),
        ((), False),
        ([END], True),
    ]


async def test_it_is_not_while_more_may_come_or_go_wrong() -> None:
    assert (await answer(OPENED, HELLO, STOP, Waiting(), Completed()))[0][1] is False
    # Its end comes when the response ends.
    unfinished = Arrived(STOP.payload.removesuffix(b"\n"))
    assert await answer(OPENED, HELLO, Waiting(), unfinished, Completed()) == [
        ([TextDelta("Hello")], False),
        ((), False),
        ([END], False),
    ]


async def test_an_answer_without_a_word_is_asked_for_somewhere_else() -> None:
    tab, taken = Tab((OPENED, STOP, Completed()), (OPENED, HELLO, STOP, Completed())), list[ChatEvent]()
    await bridge(tab).chat(REQUEST, taken.extend)
    assert taken == [TextDelta("Hello"), END]
    assert tab.heard == ["left", "troubled", "worked", "left"]


async def test_what_goes_wrong_with_whoever_takes_it_is_not_the_tab_s_trouble() -> None:
    """Even if it looks like an error of the site's, after which another session would be asked."""
    tab, retryable = Tab((OPENED, Waiting(), HELLO)), SiteRefused("no", retryable=True)

    def take(_: Sequence[ChatEvent]) -> None:
        raise retryable

    with pytest.raises(SiteRefused) as raised:
        await bridge(tab).chat(REQUEST, take)
    assert raised.value is retryable
    assert tab.heard == ["left"]


async def test_the_next_batch_waits_until_the_one_before_is_taken() -> None:
    order: list[str] = []

    async def taken(batch: Sequence[ChatEvent]) -> None:
        order.append(f"taken {len(batch)}")

    def take(batch: Sequence[ChatEvent]) -> Any:
        order.append(f"given {len(batch)}")
        return taken(batch)

    await bridge(Tab((OPENED, HELLO, Waiting(), STOP, Completed()))).chat(REQUEST, take)
    assert order == ["given 1", "taken 1", "given 0", "taken 0", "given 1", "taken 1"]


async def test_an_answer_that_has_begun_is_asked_for_only_once() -> None:
    tab = Tab((OPENED, HELLO, Arrived(b'a3:"no"\n')))
    with pytest.raises(SiteRefused):
        await bridge(tab).chat(REQUEST, lambda _: None)
    assert tab.heard == ["worked", "left", "troubled"]
    nothing = (OPENED, STOP, Completed())
    with pytest.raises(EmptyAnswer):
        await bridge(Tab(nothing, nothing)).chat(REQUEST, lambda _: None)


@asynccontextmanager
async def asked(tab: Tab, take: Take) -> AsyncIterator[asyncio.Task[None]]:
    """Whoever waits for an answer, from the moment when it does."""
    async with asyncio.timeout(5):
        asking = asyncio.get_running_loop().create_task(bridge(tab).chat(REQUEST, take))
        await asyncio.sleep(0)
        yield asking
        await asyncio.wait([asking])


async def test_what_comes_is_given_before_whoever_waits_for_the_answer_is_woken() -> None:
    tab, taken = Tab(()), list[ChatEvent]()
    async with asked(tab, taken.extend) as asking:
        tab.deliver(OPENED, HELLO)
        assert taken == [TextDelta("Hello")]
        tab.deliver(STOP)
        assert taken == [TextDelta("Hello"), END]
        tab.deliver(Completed())
        assert not asking.done()
    assert asking.exception() is None
    assert tab.heard == ["worked", "left"]


async def test_whoever_takes_it_slowly_is_waited_for_and_what_comes_meanwhile_is_read_then() -> None:
    order: list[str] = []

    async def slow(batch: Sequence[ChatEvent]) -> None:
        await asyncio.sleep(0)
        order.append(f"taken {len(batch)}")

    def take(batch: Sequence[ChatEvent]) -> Any:
        order.append(f"given {len(batch)}")
        return slow(batch)

    tab = Tab(())
    async with asked(tab, take) as asking:
        tab.deliver(OPENED, HELLO)
        tab.deliver(HELLO, STOP)
        tab.deliver(Completed())
        assert order == ["given 1"]
    assert order == ["given 1", "taken 1", "given 2", "taken 2"]
    assert asking.exception() is None


async def test_who_is_cancelled_between_what_was_given_and_its_being_taken_leaves_nothing_behind() -> None:
    """A coroutine that nobody waits for would be warned of."""

    async def never(_: Sequence[ChatEvent]) -> None:
        raise AssertionError

    tab = Tab(())
    async with asked(tab, never) as asking:
        tab.deliver(OPENED, HELLO)
        asking.cancel()
    assert asking.cancelled()
    assert tab.heard == ["worked", "left"]


async def test_what_fails_in_the_tab_s_read_is_raised_where_the_answer_is_waited_for() -> None:
    tab, taken = Tab(()), list[ChatEvent]()
    async with asked(tab, taken.extend) as asking:
        tab.deliver(OPENED, HELLO, Arrived(b"nonsense\n"))
        assert taken == [TextDelta("Hello")]
    assert isinstance(asking.exception(), MalformedStream)
    assert tab.heard == ["worked", "left"]

    def take(_: Sequence[ChatEvent]) -> None:
        raise ValueError("no room")

    tab = Tab(())
    async with asked(tab, take) as asking:
        tab.deliver(OPENED, HELLO, STOP, Completed())
    assert isinstance(asking.exception(), ValueError)
    assert tab.heard == ["left"]


async def test_an_answer_is_over_when_its_last_events_are_taken() -> None:
    """Here they come with the end of the response: the site has left out the last line's."""
    order: list[str] = []

    async def slow(batch: Sequence[ChatEvent]) -> None:
        await asyncio.sleep(0)
        order.append(f"taken {len(batch)}")

    tab = Tab(())
    async with asked(tab, slow) as asking:
        tab.deliver(OPENED, Arrived(HELLO.payload + STOP.payload.removesuffix(b"\n")), Completed())
    assert order == ["taken 1", "taken 1"]
    assert asking.exception() is None
    tab = Tab((), (OPENED, HELLO, STOP, Completed()))
    async with asked(tab, lambda _: None) as asking:
        tab.deliver(OPENED, STOP, Completed())
    assert tab.heard == ["left", "troubled", "worked", "left"]


async def test_a_refusal_is_read_to_its_end_before_it_is_told() -> None:
    tab = Tab(())
    async with asked(tab, lambda _: None) as asking:
        tab.deliver(Opened(404, {}, "t", "p"))
        await asyncio.sleep(0)
        tab.deliver(Arrived(b'{"error":'))
        tab.deliver(Arrived(b'"no such thing"}'), Completed())
    assert "no such thing" in str(asking.exception())
    assert tab.heard == ["left"]


async def test_a_tab_is_asked_before_anybody_takes_the_answer() -> None:
    tab, taken = Tab((OPENED, HELLO, STOP, Completed())), list[ChatEvent]()
    begun = bridge(tab).begin(REQUEST)
    assert begun is not None
    assert [job.id for job in tab.jobs] == [begun.job]
    assert begun.session == SESSIONS[0].session_id
    await begun.give(taken.extend)
    assert taken == [TextDelta("Hello"), END]
    assert len(tab.jobs) == 1


def test_questions_of_one_moment_are_asked_in_sessions_of_their_own() -> None:
    asking = bridge(Tab((), (), ()))
    first, second = asking.begin(REQUEST), asking.begin(REQUEST)
    assert first is not None
    assert second is not None
    assert [first.session, second.session] == [session.session_id for session in SESSIONS]
    first.leave()
    again = asking.begin(REQUEST)
    assert again is not None
    assert again.session == first.session


def test_who_leaves_before_the_answer_was_given_stops_the_tab() -> None:
    tab = Tab((OPENED,))
    begun = bridge(tab).begin(REQUEST)
    assert begun is not None
    begun.leave()
    assert tab.heard == ["left"]


def test_what_has_files_is_not_begun() -> None:
    tab = Tab()
    picture = Attachment("a.png", "image/png", "data:image/png;base64,AA==")
    assert bridge(tab).begin(ChatRequest("m", (Message(Role.USER, "Look", (picture,)),))) is None
    assert tab.jobs == []


async def test_each_attempt_is_told_but_for_the_one_that_was_begun() -> None:
    told: list[tuple[str, str]] = []
    refused = Opened(500, {}, "t", "p")
    good = (OPENED, HELLO, STOP, Completed())
    tab = Tab((refused, Completed()), good, good)
    asking = bridge(tab, lambda *attempt: told.append(attempt))
    begun = asking.begin(REQUEST)
    assert begun is not None
    await begun.give(lambda _: None)
    assert told == [(begun.session, begun.job)]
    await asking.chat(REQUEST, lambda _: None)
    assert len(told) == 2
