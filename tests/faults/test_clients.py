"""Faults of clients, by the numbers of docs/reliability.md. tests/flows/test_leaving.py has every moment."""

import asyncio
import resource
from pathlib import Path

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, question, records, text_of, until
from support.chain import chain as start


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


async def test_fault_19_ten_thousand_jobs_at_once_come_to_their_turn(tmp_path: Path) -> None:
    """Through the hub itself; 300 of them over HTTP, which needs a file for each connection."""
    settings = {"queue_limit": 10_000, "jobs_per_tab": 64}
    async with start(tmp_path, settings=settings, pace_ms=0) as chain:
        answers = await asyncio.gather(*(chain.ask(f"What is {n} * 3?") for n in range(300)))
        assert [answer.status_code for answer in answers] == [200] * 300
        assert all(str(n * 3) in answer.text for n, answer in enumerate(answers))
        await chain.until_idle()


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
