import asyncio
from typing import Any

import pytest

from lmarena_bridge.demo.journal import Journal
from lmarena_bridge.demo.wire.exchange import RESET


def scope(path: str = "/api/stream/x", headers: list[tuple[bytes, bytes]] | None = None) -> dict[str, Any]:
    return {
        "method": "PUT",
        "path": path,
        "http_version": "2",
        "client": ("127.0.0.1", 9),
        "headers": headers or [],
    }


def start(status: int) -> dict[str, Any]:
    return {"type": "http.response.start", "status": status}


def body(data: bytes, *, more: bool) -> dict[str, Any]:
    return {"type": "http.response.body", "body": data, "more_body": more}


@pytest.mark.parametrize(("status", "state"), [(200, "finished"), (301, "finished"), (429, "refused")])
async def test_a_whole_answer_is_finished_or_refused(status: int, state: str) -> None:
    journal = Journal()
    entry = journal.begin(scope())
    assert (entry.state, journal.open_streams) == ("running", 1)
    for message in (start(status), body(b"abc", more=True), body(b"de", more=False)):
        journal.sent(entry, message)
    journal.end(entry)
    assert (entry.state, entry.status, entry.bytes_sent) == (state, status, 5)
    assert (journal.open_streams, entry.seconds is not None) == (0, True)


async def test_an_answer_that_was_not_whole_is_aborted_or_reset() -> None:
    journal = Journal()
    aborted, reset = journal.begin(scope()), journal.begin(scope())
    journal.sent(reset, {"type": RESET})
    journal.end(aborted)
    journal.end(reset)
    assert (aborted.state, reset.state) == ("aborted", "reset")


async def test_only_telling_headers_are_kept_and_never_the_cookie() -> None:
    entry = Journal().begin(scope(headers=[(b"cookie", b"secret=1"), (b"origin", b"https://lmarena.ai")]))
    assert entry.cookie
    assert entry.headers == {"origin": "https://lmarena.ai"}
    assert "secret" not in str(entry.as_json())


async def test_pages_are_no_streams() -> None:
    journal = Journal()
    journal.begin(scope("/"))
    assert (journal.open_streams, journal.streams(), journal.count) == (0, [], 1)


async def test_old_entries_and_old_bodies_are_let_go() -> None:
    journal = Journal()
    for number in range(250):
        journal.keep_body(journal.begin(scope()), {"number": number})
    assert len(journal.entries) == 200
    assert journal.count == 250
    assert [entry.body["number"] for entry in journal.entries if entry.body] == list(range(234, 250))
    assert "body" not in journal.entries[-1].as_json()


async def test_waiting_ends_when_the_condition_holds() -> None:
    journal = Journal()
    async with asyncio.TaskGroup() as group:
        waiting = group.create_task(journal.until(lambda it: it.open_streams == 1))
        await asyncio.sleep(0)
        assert not waiting.done()
        journal.begin(scope())


async def test_waiting_has_an_end() -> None:
    with pytest.raises(TimeoutError):
        await Journal().until(lambda _: False, 0.01)


async def test_bytes_wake_a_waiter_but_are_no_news_for_viewers() -> None:
    journal = Journal()
    entry = journal.begin(scope())
    version = journal.version
    async with asyncio.TaskGroup() as group:
        group.create_task(journal.until(lambda _: entry.bytes_sent >= 3))
        await asyncio.sleep(0)
        journal.sent(entry, body(b"abc", more=True))
    assert journal.version == version
