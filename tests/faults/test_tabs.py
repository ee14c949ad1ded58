"""Faults of tabs, by the numbers of docs/reliability.md."""

import asyncio
from pathlib import Path

import pytest

from lmarena_bridge.core.errors import TabLost
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.core.tabs.effects import Arrived, Completed
from lmarena_bridge.demo.python_tab import PythonTab
from support.chain import Chain, records, text_of, until
from support.chain import chain as start
from support.play import Play


def fetches(tab: PythonTab) -> int:
    return sum(isinstance(message, m.Fetch) for message in tab.received)


def has_cancel(tab: PythonTab) -> bool:
    return any(isinstance(message, m.Cancel) for message in tab.received)


async def close(chain: Chain, tab: PythonTab) -> None:
    """The person closes the tab: it says goodbye and is gone."""
    await tab.say(m.Bye())
    chain.tasks.pop(tab).cancel()


async def test_fault_01_without_a_tab_the_caller_waits_a_little_and_is_told_when_to_come_again(
    tmp_path: Path,
) -> None:
    async with start(tmp_path, settings={"tab_wait_seconds": 0.1}, tab=False) as chain:
        answer = await chain.ask("hi")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "no_tab")
        assert int(answer.headers["retry-after"]) >= 1


@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
@pytest.mark.parametrize("reloaded", [True, False], ids=["reloaded", "another"])
async def test_fault_02_a_tab_closed_before_the_first_word_costs_nothing(
    tmp_path: Path, reloaded: bool, streamed: bool
) -> None:
    async with start(tmp_path, tab=False) as chain, asyncio.TaskGroup() as group:
        first = chain.open_tab()
        await chain.until_tabs(1)
        if not reloaded:
            chain.open_tab()
            await chain.until_tabs(2)
        asked = chain.ask("What is 6 * 7? #arena:silent=60 #arena:times=1", stream=streamed)
        answer = group.create_task(asked)
        await until(lambda: any(stream.head for stream in first.streams.values()))
        await close(chain, first)
        if reloaded:
            chain.open_tab()
        assert (await answer).status_code == 200
        assert "42" in answer.result().text


async def test_fault_03_a_tab_closed_in_mid_stream_is_told_in_the_stream_and_not_tried_again(
    tmp_path: Path,
) -> None:
    """Then `[DONE]` and a clean end, by design.md 9: without them SillyTavern hangs."""
    async with start(tmp_path) as chain:
        first = chain.tab
        async with chain.asking("hello #arena:hang") as response:
            heard = records(response)
            begun = [await anext(heard), await anext(heard)]
            other = chain.open_tab()
            await chain.until_tabs(2)
            await close(chain, first)
            *_, error, done = [record async for record in heard]
        assert text_of(begun)
        assert (error["error"]["code"], done) == ("tab_lost", "[DONE]")
        assert fetches(other) == 0


async def test_fault_04_the_same_of_a_whole_answer_is_a_502(chain: Chain) -> None:
    async with asyncio.TaskGroup() as group:
        answer = group.create_task(chain.ask("hello #arena:hang"))
        await until(lambda: any(stream.sent_to for stream in chain.tab.streams.values()))
        await close(chain, chain.tab)
        assert (await answer).status_code == 502
        assert answer.result().json()["error"]["code"] == "tab_lost"


async def test_fault_06_silence_before_the_first_word_is_a_504_and_ends_the_fetch(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"stream_response_timeout_seconds": 1}) as chain:
        answer = await chain.ask("#arena:silent=60")
        assert (answer.status_code, answer.json()["error"]["code"]) == (504, "tab_silent")
        await until(lambda: has_cancel(chain.tab))


async def test_fault_07_silence_in_mid_stream_is_told_there_and_ends_the_fetch(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"stream_response_timeout_seconds": 1}) as chain:
        async with chain.asking("hello #arena:hang") as response:
            *_, error, done = [record async for record in records(response)]
        assert (error["error"]["code"], done) == ("tab_silent", "[DONE]")
        await until(lambda: has_cancel(chain.tab))


@pytest.fixture
def play() -> Play:
    """A tab on link 1 that has answered with three bytes so far."""
    play = Play()
    play.tab()
    play.submit("j")
    play.say(m.Head(1, 200))
    play.data(1, 0, b"abc")
    return play


def test_fault_13_what_comes_twice_is_told_once(play: Play) -> None:
    assert play.data(1, 0, b"abc").effects == []
    assert play.data(1, 2, b"cd").delivered == [("j", Arrived(b"d"))]
    assert play.say(m.End(1, 4)).delivered == [("j", Completed())]


def test_fault_14_what_comes_after_the_end_has_no_effect(play: Play) -> None:
    play.say(m.End(1, 3))
    for said in (play.data(1, 3, b"late"), play.say(m.Head(1, 500)), play.say(m.Failed(1, "network"))):
        assert said.effects == []


def test_fault_15_a_gap_is_an_error_and_ends_the_fetch(play: Play) -> None:
    """reliability.md calls it `gap`; to a client it is a lost answer like any other: `tab_lost`."""
    said = play.data(1, 4, b"e")
    assert said.broken == [("j", TabLost)]
    assert said.sent == [(1, m.Cancel(1))]


def test_fault_29_of_two_links_of_one_tab_the_newest_wins(play: Play) -> None:
    said = play.back(2, m.HeldStream(1, "j", 0, 3))
    assert said.closed == [(1, m.CLOSE_REPLACED)]
    assert play.data(1, 3, b"d", link=2).delivered == [("j", Arrived(b"d"))]


def test_fault_30_an_old_link_that_ends_late_has_no_effect(play: Play) -> None:
    play.back(2, m.HeldStream(1, "j", 0, 3))
    assert play.lost(1, gone=True).effects == []
    assert play.data(1, 3, b"d", link=1).delivered == []
    assert play.data(1, 3, b"d", link=2).delivered == [("j", Arrived(b"d"))]


def test_fault_31_malformed_frames_cost_their_own_tab_its_link_and_nobody_else_anything(play: Play) -> None:
    """The first one already: a tab of ours never sends any (tab-protocol.md, rule 8)."""
    play.tab("t2", link=2)
    assert play.frame(b"\0", link=2).closed == [(2, m.CLOSE_MALFORMED)]
    for _ in range(100):
        assert play.text("{", link=2).broken == []
    assert play.data(1, 3, b"d").delivered == [("j", Arrived(b"d"))]


async def test_fault_32_a_request_over_which_two_tabs_were_lost_gets_no_third(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain, asyncio.TaskGroup() as group:
        tabs = [chain.open_tab() for _ in range(3)]
        await chain.until_tabs(3)
        poison = group.create_task(chain.ask("#arena:slow=60"))
        for lost in (1, 2):
            await until(lambda: any(tab.streams for tab in chain.tasks))
            (victim,) = [tab for tab in chain.tasks if tab.streams]
            await close(chain, victim)
            await chain.until_tabs(3 - lost)
        assert (await poison).json()["error"]["code"] == "tab_lost"
        assert sum(fetches(tab) for tab in tabs) == 2
        assert (await chain.ask("hi")).status_code == 200


@pytest.mark.parametrize(
    "body",
    [
        b'{"model": "demo-chat", "messages": [{"role": "user", "content": "\\ud800"}]}',
        b'{"model": "demo-chat", "messages": ' + b"[" * 5000 + b"]" * 5000 + b"}",
    ],
    ids=["half a character", "deep"],
)
async def test_fault_32_what_cannot_be_sent_on_never_reaches_a_tab(chain: Chain, body: bytes) -> None:
    answer = await chain.client.post(
        "/v1/chat/completions", content=body, headers={"content-type": "application/json"}
    )
    assert answer.status_code in (200, 400)
    assert (await chain.ask("hi")).status_code == 200
    assert fetches(chain.tab) == 1 + (answer.status_code == 200)
