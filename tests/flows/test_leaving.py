"""When the client leaves, the tab stops fetching, at whatever moment that is."""

import asyncio
import time
from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, question, records, until
from support.chain import chain as start

# The promise is 100 ms; a machine that is busy with other tests may take longer to keep it.
SOON = 2.0


def cancelled(chain: Chain) -> bool:
    return any(isinstance(message, m.Cancel) for message in chain.tab.received)


def fetched(chain: Chain) -> bool:
    return any(isinstance(message, m.Fetch) for message in chain.tab.received)


async def until_cancelled(chain: Chain) -> None:
    began = time.monotonic()
    await until(lambda: cancelled(chain), within=SOON)
    await chain.until_idle()
    assert time.monotonic() - began < SOON


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("directive", ["slow=30", "silent=30"])
async def test_before_the_first_event(chain: Chain, directive: str, streamed: bool) -> None:
    body = question(f"#arena:{directive}", stream=streamed)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(chain.client.post("/v1/chat/completions", json=body))
        await until(lambda: fetched(chain))
        task.cancel()
        await until_cancelled(chain)


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_in_the_middle_of_the_answer(chain: Chain, streamed: bool) -> None:
    body = question("hello #arena:hang", stream=streamed)
    async with asyncio.TaskGroup() as group:
        task = group.create_task(chain.client.post("/v1/chat/completions", json=body))
        await until(lambda: bool(chain.arena.journal.open_streams))
        task.cancel()
        await until_cancelled(chain)
    await until(lambda: not chain.arena.journal.open_streams, within=SOON)


async def test_while_the_server_cannot_send_because_nobody_reads(chain: Chain) -> None:
    host, port = chain.client.base_url.host, chain.client.base_url.port
    reader, writer = await asyncio.open_connection(host, port, limit=1024)
    body = httpx2.Request("POST", "http://x/", json=question("#arena:size=20000000", stream=True)).read()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-length: {len(body)}\r\n\r\n"
    writer.write(head.encode() + body)
    await reader.readuntil(b"\r\n\r\n")

    def stuck() -> bool:
        """The window is spent: the tab has sent all it may, and nobody takes it."""
        (stream,) = chain.tab.streams.values()
        return stream.sent_to == stream.limit

    await until(stuck)
    writer.transport.abort()
    await until_cancelled(chain)


async def test_while_waiting_for_a_tab_that_is_busy(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"jobs_per_tab": 1}) as chain, asyncio.TaskGroup() as group:
        running = group.create_task(chain.ask("#arena:hang"))
        await until(lambda: fetched(chain))
        waiting = group.create_task(chain.ask("hi"))
        await until(lambda: chain.server.services.hub.jobs == 2)
        waiting.cancel()
        await until(lambda: chain.server.services.hub.jobs == 1, within=SOON)
        assert not cancelled(chain)
        running.cancel()
        await until_cancelled(chain)


async def test_case_26_a_client_that_reads_slowly_stops_its_own_fetch_alone(chain: Chain) -> None:
    async with chain.asking("#arena:size=8000000") as slow:
        answered = await chain.ask("hi")
        assert answered.status_code == 200
        received = [record async for record in records(slow)]
    assert received[-1] == "[DONE]"
    assert len(received) > 100
