import asyncio

import pytest

from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.tabs.effects import Arrived, Broken, Completed, Delivery, Opened, Waiting
from lmarena_bridge.server.inbox import Inbox


class Jobs:
    """What is said of job j."""

    def __init__(self) -> None:
        self.counts: list[int] = []
        self.ended = 0

    def used(self, job: str, count: int) -> None:
        assert job == "j"
        self.counts.append(count)

    def left(self, job: str) -> None:
        assert job == "j"
        self.ended += 1


def inbox(*deliveries: Delivery) -> tuple[Inbox, list[int]]:
    jobs = Jobs()
    box = Inbox("j", jobs)
    for delivery in deliveries:
        box.put(delivery)
    return box, jobs.counts


async def test_what_came_together_is_taken_together_and_in_order() -> None:
    box, _ = inbox(
        Opened(200, {}, "t", "p"),
        Arrived(b"a"),
        Arrived(b"b"),
        Waiting(),
        Arrived(b"c"),
        Arrived(b"d"),
        Completed(),
    )
    taken = [delivery async for delivery in box]
    assert taken == [Opened(200, {}, "t", "p"), Arrived(b"ab"), Waiting(), Arrived(b"cd"), Completed()]


async def test_bytes_are_used_when_their_owner_asks_for_more() -> None:
    box, used = inbox(Arrived(b"abc"), Waiting(), Arrived(b"d"), Completed())
    seen = [list(used) async for _ in box]
    assert seen == [[], [3], [3], [3, 1]]


async def test_what_broke_the_job_is_raised_where_it_broke() -> None:
    box, _ = inbox(Arrived(b"abc"), Broken(TabLost("gone")))
    assert await anext(box) == Arrived(b"abc")
    with pytest.raises(TabLost, match="gone"):
        await anext(box)


async def test_an_owner_waits_for_what_is_not_here_yet() -> None:
    box, _ = inbox()
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        taking = group.create_task(anext(box))
        await asyncio.sleep(0)
        assert not taking.done()
        box.put(Arrived(b"a"))
        box.put(Arrived(b"b"))
        assert await taking == Arrived(b"ab")


async def test_an_owner_that_gives_up_waiting_may_come_back() -> None:
    box, _ = inbox()
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await anext(box)
    box.put(Completed())
    assert [delivery async for delivery in box] == [Completed()]


async def test_bytes_take_the_short_cut_only_while_their_owner_waits_for_them() -> None:
    box, used = inbox(Arrived(b"a"))
    taken: list[bytes] = []

    def passes(payload: bytes) -> bool:
        taken.append(payload)
        return payload != b"no"

    box.short_cut(passes)
    assert await anext(box) == Arrived(b"a")
    async with asyncio.timeout(5), asyncio.TaskGroup() as group:
        waiting = group.create_task(anext(box))
        await asyncio.sleep(0)
        box.put_bytes(b"bc")
        box.put_bytes(b"BCD")
        assert not waiting.done()
        assert used == [1, 2, 3]
        box.put_bytes(b"no")
        # Its owner has something to do now: what comes stays behind it.
        box.put_bytes(b"d")
        box.put(Arrived(b"e"))
        assert await waiting == Arrived(b"node")
    assert taken == [b"bc", b"BCD", b"no"]
    box.put(Waiting())
    assert await anext(box) == Waiting()
    assert used == [1, 2, 3, 4]


async def test_what_comes_is_read_where_it_comes_while_an_owner_waits_that_wants_it_so() -> None:
    box, used = inbox(Arrived(b"a"))
    heard: list[Delivery] = []

    def is_all() -> bool:
        assert box.read(heard.append) is None
        return heard[-1] != Completed()

    assert box.take() == Arrived(b"a")
    waiting = box.arrival(is_all)
    assert not waiting.done()
    box.put(Opened(200, {}, "t", "p"), Arrived(b"b"), Arrived(b"c"))
    box.put_bytes(b"d")
    assert heard == [Opened(200, {}, "t", "p"), Arrived(b"bc"), Arrived(b"d")]
    assert used == [1, 2, 1]
    assert not waiting.done()
    box.put(Completed())
    assert waiting.done()
    # Nobody waits any more.
    box.put(Waiting())
    assert len(heard) == 4
    assert box.take() == Waiting()


async def test_reading_ends_with_what_is_found_and_that_is_done_with_when_more_is_waited_for() -> None:
    box, used = inbox(Waiting(), Arrived(b"a"), Completed())
    assert box.read(lambda delivery: delivery == Arrived(b"a") or None) is True
    assert used == []
    assert box.take() == Completed()
    assert used == [1]
    box, used = inbox(Arrived(b"ab"))
    assert box.read(lambda _: True) is True
    assert used == []
    assert not box.arrival().done()
    assert used == [2]


async def test_nothing_is_read_for_an_owner_that_has_given_up_and_who_reads_may_make_it_do_so() -> None:
    box, _ = inbox()
    waiting = box.arrival(lambda: waiting.cancel() and False)
    box.put_bytes(b"a")
    assert waiting.cancelled()
    assert box.take() == Arrived(b"a")
    box.arrival(lambda: pytest.fail("it was read")).cancel()
    box.put_bytes(b"b")
    assert box.take() == Arrived(b"b")


async def test_who_waits_once_more_is_not_read_for_unless_it_says_so() -> None:
    box, _ = inbox()
    box.arrival(lambda: pytest.fail("it was read"))
    waiting = box.arrival()
    box.put_bytes(b"a")
    assert waiting.done()


async def test_small_pieces_are_told_together() -> None:
    jobs = Jobs()
    box, used = Inbox("j", jobs, 5), jobs.counts
    for piece, told in ((b"abcd", []), (b"ef", []), (b"g", [6]), (b"hijk", [6])):
        box.put(Arrived(piece))
        assert await anext(box) == Arrived(piece)
        assert used == told
    box.put(Completed())
    assert await anext(box) == Completed()
    assert used == [6, 5]


async def test_an_owner_that_gave_up_and_has_not_noticed_yet_is_not_spoken_for() -> None:
    box, _ = inbox()
    box.short_cut(lambda _: True)
    box.arrival().cancel()
    box.put_bytes(b"a")
    assert box.take() == Arrived(b"a")


def test_leaving_the_context_is_told_once() -> None:
    jobs = Jobs()
    with Inbox("j", jobs) as box:
        assert box.take() is None
        assert jobs.ended == 0
    assert jobs.ended == 1


def test_whether_the_end_is_next_can_be_seen() -> None:
    box, _ = inbox(Arrived(b"a"), Completed())
    seen = [(box.is_ending, box.take()) for _ in range(3)]
    assert seen == [(False, Arrived(b"a")), (True, Completed()), (False, None)]


async def test_what_is_here_already_is_read_when_it_is_waited_for() -> None:
    box, used = inbox(Arrived(b"a"))
    heard: list[Delivery] = []
    assert not box.arrival(lambda: box.read(heard.append) is None).done()
    assert heard == [Arrived(b"a")]
    assert used == [1]
    box, _ = inbox(Arrived(b"a"))
    assert box.arrival(lambda: False).done()
    assert box.arrival().done()
