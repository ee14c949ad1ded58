"""The feed: what waits for a viewer is bounded, and nobody waits for anybody."""

import asyncio

from lmarena_bridge.server.beside import beside
from lmarena_bridge.server.board.feed import Feed, Viewer
from lmarena_bridge.server.board.log_tail import KEPT_LINES, LogTail


async def test_of_each_section_only_the_latest_waits() -> None:
    viewer = Viewer()
    for number in range(10_000):
        viewer.offer("tabs", b"%d" % number)
        viewer.tell([{"number": number}])
    record = await anext(viewer.records())
    assert record.startswith(b"event: tabs\ndata: 9999\n\n")
    assert record.count(b"number") == KEPT_LINES


async def test_a_viewer_who_does_not_read_stalls_nobody() -> None:
    feed, picture = Feed(LogTail()), {"tabs": 0}
    asleep, awake = feed.join(), feed.join()
    async with asyncio.timeout(20), beside(feed.run(lambda: dict(picture))):
        records = awake.records()
        for number in range(1, 6):
            picture["tabs"] = number
            feed.poke()
            wanted = b"event: tabs\ndata: %d\n\n" % number
            async for record in records:
                if record == wanted:
                    break
        assert await anext(asleep.records()) == b"event: tabs\ndata: 5\n\n"


async def test_what_did_not_change_is_not_sent_again_but_a_new_viewer_gets_all() -> None:
    feed, picture = Feed(LogTail()), {"a": 1, "b": 1}
    first = feed.join()
    async with asyncio.timeout(20), beside(feed.run(lambda: dict(picture))):
        records = first.records()
        assert await anext(records) == b"event: a\ndata: 1\n\nevent: b\ndata: 1\n\n"
        picture["b"] = 2
        feed.poke()
        assert await anext(records) == b"event: b\ndata: 2\n\n"
        assert await anext(feed.join().records()) == b"event: a\ndata: 1\n\nevent: b\ndata: 2\n\n"


async def test_the_log_is_told_from_where_a_viewer_comes_in_and_goes_on() -> None:
    tail = LogTail()
    tail(None, "info", {"event": "before"})
    feed = Feed(tail)
    viewer = feed.join()
    async with asyncio.timeout(20), beside(feed.run(dict)):
        records = viewer.records()
        assert b"before" in await anext(records)
        tail(None, "info", {"event": "after"})
        feed.poke()
        record = await anext(records)
        assert b"after" in record
        assert b"before" not in record


async def test_when_the_server_stops_every_stream_ends() -> None:
    feed = Feed(LogTail())
    viewer = feed.join()
    feed.stop()
    assert [record async for record in viewer.records()] == []
    assert [record async for record in feed.join().records()] == []
