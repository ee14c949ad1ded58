"""Faults of the site, by the numbers of docs/reliability.md."""

from pathlib import Path

import pytest

from lmarena_bridge.core.tabs import messages as m
from support.chain import Chain, records, text_of
from support.chain import chain as start


def fetches(chain: Chain) -> list[int]:
    """How often each tab was told to fetch."""
    return [sum(isinstance(message, m.Fetch) for message in tab.received) for tab in chain.tasks]


async def test_fault_08_a_rate_limit_is_kept_and_told(chain: Chain) -> None:
    """With one session there is none other to try: who limits a person is not asked again at once."""
    answer = await chain.ask("#arena:429=30")
    assert (answer.status_code, answer.json()["error"]["code"]) == (429, "rate_limited")
    assert 1 <= int(answer.headers["retry-after"]) <= 20
    again = await chain.ask("hi")
    assert (again.status_code, again.json()["error"]["code"]) == (429, "rate_limited")
    assert fetches(chain) == [1]


@pytest.mark.parametrize("directive", ["500", "502", "503", "504", "empty", "arena-error"])
@pytest.mark.parametrize("streamed", [True, False], ids=["streamed", "whole"])
async def test_fault_09_a_site_in_trouble_is_asked_once_more_through_another_tab(
    tmp_path: Path, directive: str, streamed: bool
) -> None:
    async with start(tmp_path) as chain:
        chain.open_tab()
        await chain.until_tabs(2)
        text = f"What is 6 * 7? #arena:{directive} #arena:times=1"
        answer = await chain.ask(text, stream=streamed)
        assert answer.status_code == 200
        assert "42" in answer.text
        assert fetches(chain) == [1, 1]


@pytest.mark.parametrize(("directive", "status"), [("500", 500), ("502", 502), ("503", 503)])
async def test_fault_09_and_no_third_time(chain: Chain, directive: str, status: int) -> None:
    answer = await chain.ask(f"#arena:{directive}")
    assert (answer.status_code, answer.json()["error"]["code"]) == (status, "site_unavailable")
    assert fetches(chain) == [2]


@pytest.mark.parametrize("directive", ["400", "401", "404", "413", "422"])
async def test_fault_09_what_the_site_refuses_is_asked_once(chain: Chain, directive: str) -> None:
    assert (await chain.ask(f"#arena:{directive}")).status_code >= 400
    assert fetches(chain) == [1]


async def test_fault_09_a_tab_through_which_it_failed_comes_last_for_a_while_and_is_not_left_out(
    tmp_path: Path,
) -> None:
    async with start(tmp_path) as chain:
        other = chain.open_tab()
        await chain.until_tabs(2)
        await chain.ask("hi #arena:500 #arena:times=1")
        for _ in range(3):
            assert (await chain.ask("hi")).status_code == 200
        assert fetches(chain) == [1, 4]
        chain.tasks.pop(other).cancel()
        await chain.until_tabs(1)
        assert (await chain.ask("hi")).status_code == 200


@pytest.mark.parametrize("directive", ["challenge", "403"])
async def test_fault_10_a_human_check_waits_for_the_person_and_nothing_is_tried_or_reloaded(
    tmp_path: Path, directive: str
) -> None:
    """503 `human_verification_required`; no reload of a tab, ever (design.md 9)."""
    async with start(tmp_path, settings={"tab_wait_seconds": 0}) as chain:
        chain.open_tab()
        await chain.until_tabs(2)
        answer = await chain.ask(f"#arena:{directive}")
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "human_verification_required")
        assert answer.headers["x-should-retry"] == "false"
        assert fetches(chain) == [1, 0]
        assert [bool(tab.attention) for tab in chain.server.services.hub.tabs] == [True, False]
        assert (await chain.ask("hi")).status_code == 200
        assert fetches(chain) == [1, 1]


async def test_fault_11_a_page_instead_of_a_stream_is_an_error_and_never_an_empty_answer(
    chain: Chain,
) -> None:
    answer = await chain.ask("#arena:html", stream=True)
    assert answer.status_code == 503
    assert "error" in answer.json()


@pytest.mark.parametrize("directive", ["torn", "torn-utf8", "no-finish", "reset"])
async def test_fault_12_an_answer_that_was_cut_off_never_says_stop(chain: Chain, directive: str) -> None:
    async with chain.asking(f"hello #arena:{directive}") as response:
        *chunks, error, done = [record async for record in records(response)]
    assert text_of(chunks)
    assert all(choice["finish_reason"] is None for chunk in chunks for choice in chunk["choices"])
    assert error["error"]["code"] in ("malformed_stream", "site_unreachable")
    assert done == "[DONE]"
    assert (await chain.ask(f"hello #arena:{directive}")).status_code == 502
