"""Faults of clients, by the numbers of docs/reliability.md. tests/flows/test_leaving.py has every moment."""

import asyncio
import contextlib
import json
import logging
import re
import resource
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, question, records, text_of, until
from support.chain import chain as start
from support.program import Program, program

_log = logging.getLogger(__name__)


def cancels(chain: Chain) -> int:
    return sum(isinstance(message, m.Cancel) for message in chain.tab.received)


async def left(chain: Chain, text: str, begun: bool) -> None:
    """A client asks, waits until its fetch has begun (or an answer comes), and leaves."""
    async with asyncio.TaskGroup() as group:
        asked = group.create_task(chain.ask(text))
        await until(lambda: any(s.sent_to or not begun for s in chain.tab.streams.values()))
        asked.cancel()


async def test_fault_16_a_client_that_hangs_up_in_mid_stream_ends_the_fetch(chain: Chain) -> None:
    await left(chain, "hello #arena:hang", begun=True)
    await until(lambda: cancels(chain) == 1)
    await chain.until_idle()
    await until(lambda: not chain.arena.journal.open_streams)


async def test_fault_17_a_client_that_hangs_up_before_the_first_word_ends_the_fetch(chain: Chain) -> None:
    await left(chain, "#arena:silent=60", begun=False)
    await until(lambda: cancels(chain) == 1)
    await chain.until_idle()


async def test_fault_17_a_client_that_hangs_up_in_line_leaves_it(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"jobs_per_tab": 1}) as chain, asyncio.TaskGroup() as group:
        running = group.create_task(chain.ask("#arena:hang"))
        await until(lambda: bool(chain.tab.streams))
        waiting = [group.create_task(chain.ask("hi")) for _ in range(5)]
        await until(lambda: chain.server.services.hub.jobs == 6)
        for task in waiting:
            task.cancel()
        await until(lambda: chain.server.services.hub.jobs == 1)
        assert cancels(chain) == 0
        running.cancel()
        await chain.until_idle()


def resident() -> int:
    """The most memory this process ever had, in bytes."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


async def test_fault_18_a_client_that_does_not_read_stops_its_own_fetch_alone(tmp_path: Path) -> None:
    size = 16_000_000
    async with start(tmp_path) as chain:
        await chain.ask("#arena:size=1000000")
        before = resident()
        async with chain.asking(f"#arena:size={size}") as response:
            await until(lambda: any(s.sent_to == s.limit for s in chain.tab.streams.values()))
            assert (await chain.ask("hi")).status_code == 200
            assert resident() - before < size // 2
            *chunks, done = [record async for record in records(response)]
    assert done == "[DONE]"
    assert len(text_of(chunks)) == size


CROWD = {"queue_limit": 10_000, "jobs_per_tab": 64, "queue_timeout_seconds": 3600, "tab_wait_seconds": 3600}


async def said(port: int, number: int) -> bool:
    """Ask over a connection of its own; whether the answer is right."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    body = json.dumps(question(f"What is {number} * 3?")).encode()
    head = f"POST /v1/chat/completions HTTP/1.1\r\nHost: localhost\r\nContent-Length: {len(body)}\r\n"
    writer.write(f"{head}Content-Type: application/json\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    return answer.startswith(b"HTTP/1.1 200 ") and str(number * 3).encode() in answer


async def test_fault_19_three_hundred_requests_at_once_come_to_their_turn(tmp_path: Path) -> None:
    async with start(tmp_path, settings=CROWD, pace_ms=0, tab=False) as chain, asyncio.TaskGroup() as group:
        port = chain.client.base_url.port
        assert port is not None
        answers = [group.create_task(said(port, number)) for number in range(300)]
        await until(lambda: chain.server.services.hub.jobs == 300)
        chain.open_tab()
        assert all([await answer for answer in answers])
        await chain.until_idle()


@pytest.mark.extended
@pytest.mark.timeout(900)
@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other limits")
async def test_fault_19_ten_thousand_requests_at_once_come_to_their_turn(tmp_path: Path) -> None:
    """The server is a program of its own: each side needs a file for each connection."""
    count = 10_000
    with many_files():
        async with (
            program(tmp_path, **CROWD) as server,
            server.running() as process,
            asyncio.TaskGroup() as group,
        ):
            answers = []
            for first in range(0, count, 500):  # at a time no more than the system keeps in its own line
                answers += [group.create_task(said(server.port, first + n)) for n in range(500)]
                await until_waiting(server, first + 500)
            async with server.tab():
                assert all([await answer for answer in answers])
            most = highest_of(process.pid)
            _log.info("%d at once: %d MiB at most", count, most >> 20)
            assert most < 400 << 20  # reliability.md 5.1


@contextlib.contextmanager
def many_files() -> Iterator[None]:
    """As many open files as the system lets this process have; 13,400 are needed for 10,000 connections."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    assert hard == resource.RLIM_INFINITY or hard >= 13_400, f"ulimit -Hn is {hard}"
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def until_waiting(server: Program, count: int) -> None:
    """So many requests have come in and wait."""
    async with asyncio.timeout(120):
        while await waiting(server) < count:  # noqa: ASYNC110 - another process
            await asyncio.sleep(0.05)


async def waiting(server: Program) -> int:
    figures = (await server.client.get("/metrics")).text
    found = re.search(r'^lmarena_bridge_jobs\{state="waiting"\} (\d+)', figures, re.MULTILINE)
    return int(found[1]) if found else 0


def highest_of(pid: int) -> int:
    """The most memory a process ever had, in bytes."""
    status = Path(f"/proc/{pid}/status").read_text(encoding="utf-8")
    return int(status.partition("VmHWM:")[2].split()[0]) * 1024


async def test_fault_20_a_full_line_refuses_without_waiting(tmp_path: Path) -> None:
    settings = {"jobs_per_tab": 1, "queue_limit": 1, "queue_timeout_seconds": 86_400}
    async with start(tmp_path, settings=settings) as chain, asyncio.TaskGroup() as group:
        running = group.create_task(chain.ask("#arena:hang"))
        await until(lambda: bool(chain.tab.streams))
        waiting = group.create_task(chain.ask("hi"))
        await until(lambda: chain.server.services.hub.jobs == 2)
        answer = await chain.ask("hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "busy")
        assert int(answer.headers["retry-after"]) >= 1
        assert not waiting.done()
        running.cancel()
        assert (await waiting).status_code == 200


async def test_fault_20_a_key_that_fills_the_line_gives_way_to_one_that_does_not(tmp_path: Path) -> None:
    keys = [{"name": name, "key": f"sk-{name}"} for name in ("greedy", "modest")]
    settings = {"jobs_per_tab": 1, "queue_limit": 3, "api_key": keys}

    async with start(tmp_path, settings=settings) as chain, asyncio.TaskGroup() as group:

        def asked(key: str, text: str) -> "asyncio.Task[int]":
            return group.create_task(status(chain, key, text))

        running = asked("greedy", "#arena:hang")
        await until(lambda: bool(chain.tab.streams))
        greedy = [asked("greedy", f"What is {n} * 3?") for n in range(3)]
        await until(lambda: chain.server.services.hub.jobs == 4)
        modest = asked("modest", "hi")
        await until(lambda: any(task.done() for task in greedy))
        assert [task.result() for task in greedy if task.done()] == [429]
        running.cancel()
        assert await modest == 200
        assert sorted([await task for task in greedy]) == [200, 200, 429]


async def status(chain: Chain, key: str, text: str) -> int:
    headers = {"authorization": f"Bearer sk-{key}"}
    answer = await chain.client.post("/v1/chat/completions", json=question(text), headers=headers)
    return answer.status_code
