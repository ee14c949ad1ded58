"""Tabs come, break and go while answers are on their way."""

import asyncio
import random
from pathlib import Path

import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, records, text_of, until
from support.chain import chain as start


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_a_link_that_breaks_again_and_again_loses_and_doubles_nothing(
    tmp_path: Path, streamed: bool
) -> None:
    async with start(tmp_path) as chain:
        asked = "#arena:size=3000000 #arena:line=500"
        calm = (await chain.ask(asked)).json()["choices"][0]["message"]["content"]
        async with asyncio.TaskGroup() as group:
            answer = group.create_task(whole_text(chain, asked, streamed=streamed))
            breaks = await break_until_done(chain, answer)
    assert len(calm) == 3_000_000
    assert answer.result() == calm
    assert breaks >= 5


async def whole_text(chain: Chain, asked: str, *, streamed: bool) -> str:
    if not streamed:
        content: str = (await chain.ask(asked)).json()["choices"][0]["message"]["content"]
        return content
    async with chain.asking(asked) as response:
        *chunks, done = [record async for record in records(response)]
    assert done == "[DONE]", chunks[-1]
    return text_of(chunks)


async def break_until_done(chain: Chain, answer: "asyncio.Task[str]") -> int:
    """Break the link at random moments of the answer."""
    chance, breaks = random.Random(1), 0
    while not answer.done():
        await until(lambda: answer.done() or moving(chain))
        for _ in range(chance.randrange(20)):
            await asyncio.sleep(0)
        chain.tab.break_link()
        breaks += 1
        await until(lambda: answer.done() or not chain.tab.welcomed.is_set())
    return breaks


def moving(chain: Chain) -> bool:
    """The tab is connected and has bytes of the answer under way."""
    return chain.tab.welcomed.is_set() and any(stream.sent_to for stream in chain.tab.streams.values())


async def test_a_fetch_that_never_arrived_is_sent_again(chain: Chain) -> None:
    chain.tab.break_link()
    answer = await chain.ask("hi")
    assert answer.status_code == 200


async def test_a_tab_that_leaves_takes_its_own_jobs_only(tmp_path: Path) -> None:
    async with start(tmp_path) as chain, asyncio.TaskGroup() as group:
        first = chain.tab
        lost = group.create_task(chain.ask("hello #arena:hang"))
        await until(lambda: moving(chain))
        second = chain.open_tab()
        await chain.until_tabs(2)
        kept = group.create_task(chain.ask("hello #arena:pace=20"))
        await until(lambda: bool(second.streams))
        await first.say(m.Bye())
        assert (await lost).json()["error"]["code"] == "tab_lost"
        assert (await kept).status_code == 200
        await chain.until_tabs(1)


async def test_a_tab_that_does_not_come_back_fails_its_answers(tmp_path: Path) -> None:
    settings = {"resume_grace_seconds": 0}
    async with start(tmp_path, settings=settings) as chain, chain.asking("hello #arena:hang") as answer:
        heard = records(answer)
        assert text_of([await anext(heard), await anext(heard)])
        chain.tasks[chain.tab].cancel()
        *_, error, done = [record async for record in heard]
        assert (error["error"]["code"], done) == ("tab_lost", "[DONE]")


async def test_a_request_waits_for_a_tab_that_is_just_being_opened(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain, asyncio.TaskGroup() as group:
        asked = group.create_task(chain.ask("hi"))
        await until(lambda: chain.server.services.hub.jobs == 1)
        chain.open_tab()
        assert (await asked).status_code == 200


async def test_a_tab_with_a_wrong_secret_gets_no_work(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain:
        stranger = chain.open_tab(secret="guessed")
        await asyncio.wait_for(chain.tasks[stranger], 10)
        assert stranger.received == []
        assert chain.server.services.hub.tabs == ()


async def test_more_than_a_tab_may_do_waits_in_line(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"jobs_per_tab": 2}) as chain:
        answers = await asyncio.gather(*(chain.ask(f"What is {n} * 3?") for n in range(8)))
        for number, answer in enumerate(answers):
            assert str(number * 3) in answer.json()["choices"][0]["message"]["content"]


async def test_a_full_line_is_said_at_once(tmp_path: Path) -> None:
    settings = {"jobs_per_tab": 1, "queue_limit": 0}
    async with start(tmp_path, settings=settings) as chain, asyncio.TaskGroup() as group:
        running = group.create_task(chain.ask("#arena:hang"))
        await until(lambda: bool(chain.tab.streams))
        answer = await chain.ask("hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (429, "busy")
        assert int(answer.headers["retry-after"]) >= 1
        running.cancel()


async def test_only_pages_of_the_site_may_connect(chain: Chain) -> None:
    for origin in (
        "https://evil.example",
        "null",
        "http://lmarena.ai",
        "https://lmarena.ai.evil.example",
        None,
    ):
        status = await upgrade(chain, origin)
        assert status == 403, origin
    assert await upgrade(chain, "https://arena.ai") == 101
    assert await upgrade(chain, "https://lmarena.ai", host="evil.example") == 403
    assert await upgrade(chain, "https://lmarena.ai", path="/other") == 403


async def upgrade(chain: Chain, origin: str | None, *, host: str = "127.0.0.1", path: str = "/ws") -> int:
    """The status of an upgrade request."""
    url = chain.client.base_url
    reader, writer = await asyncio.open_connection(url.host, url.port)
    lines = [f"GET {path} HTTP/1.1", f"Host: {host}", "Upgrade: websocket", "Connection: Upgrade"]
    lines += ["Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", "Sec-WebSocket-Version: 13"]
    lines += ["Sec-WebSocket-Protocol: lmarena-bridge.v1"]
    lines += [] if origin is None else [f"Origin: {origin}"]
    writer.write("\r\n".join([*lines, "", ""]).encode())
    status = await asyncio.wait_for(reader.readline(), 10)
    writer.close()
    return int(status.split()[1])


async def test_case_44_a_server_that_stops_lets_running_answers_end(tmp_path: Path) -> None:
    async with start(tmp_path) as chain, asyncio.TaskGroup() as group:
        answer = group.create_task(chain.ask("Tell me a story. #arena:pace=20"))
        await until(lambda: bool(chain.tab.streams))
        chain.server.services.hub.drain()
        assert (await chain.ask("hi")).json()["error"]["code"] == "stopping"
        assert (await answer).status_code == 200
        await until(lambda: not chain.tab.welcomed.is_set())
