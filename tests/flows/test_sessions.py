"""Pools, refused sessions, limits and logins: which session a request ends up in."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import httpx2
import pytest
from structlog.testing import capture_logs

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.demo.models import DEMO_MODELS, DEMO_POOL, VOTED_MESSAGE_ID
from lmarena_bridge.demo.python_tab import PythonTab
from support.chain import Chain, records, until
from support.chain import chain as start

CHAT = DEMO_MODELS[0]
GOOD = {"session_id": CHAT.session_id, "message_id": CHAT.message_id}
VOTED = {"session_id": CHAT.session_id, "message_id": VOTED_MESSAGE_ID}
STRANGERS = {"session_id": "019ade00-0002-7b00-8b00-0000000000ff", "message_id": CHAT.message_id}
POOL = [{"session_id": each.session_id, "message_id": each.message_id} for each in DEMO_POOL]


def write_pool(chain: Chain, *entries: dict[str, Any], model: str = "demo-chat") -> None:
    """What a person writes into the file while the server runs."""
    file = chain.server.services.home.sessions
    file.write_text(json.dumps({model: entries}), encoding="utf-8")


async def sessions(chain: Chain) -> list[dict[str, Any]]:
    token = chain.server.services.internal_token
    answer = await chain.client.get("/internal/sessions", headers={"authorization": f"Bearer {token}"})
    listed: list[dict[str, Any]] = answer.json()["sessions"]
    return listed


async def states(chain: Chain) -> list[str]:
    return [session["state"] for session in await sessions(chain)]


def fetched(tab: PythonTab) -> list[str]:
    """The sessions a tab was asked to fetch from, in order."""
    return [message.path.split("/")[4] for message in tab.received if isinstance(message, m.Fetch)]


def error_of(answer: httpx2.Response) -> dict[str, Any]:
    error: dict[str, Any] = answer.json()["error"]
    return error


async def test_a_pool_is_used_all_over(chain: Chain) -> None:
    write_pool(chain, *POOL)
    for _ in range(30):
        assert (await chain.ask("hi")).status_code == 200
    assert Counter(fetched(chain.tab)).keys() == {each["session_id"] for each in POOL}


async def test_at_one_time_each_session_of_a_pool_answers_once(chain: Chain) -> None:
    write_pool(chain, *POOL)
    async with chain.asking("#arena:hang"), chain.asking("#arena:hang"), chain.asking("#arena:hang"):
        assert len(set(fetched(chain.tab))) == 3
        assert await states(chain) == ["busy"] * 3
        ready = (await chain.client.get("/readyz")).json()
        assert ready["sessions"] == {"busy": 3}
        assert (await chain.ask("hi")).status_code == 200
    await chain.until_idle()
    assert await states(chain) == ["free"] * 3


@pytest.mark.parametrize("bad", [VOTED, STRANGERS], ids=["voted on", "another login's"])
@pytest.mark.parametrize("streamed", [True, False])
async def test_a_session_the_site_refuses_is_set_aside_and_the_next_one_answers(
    chain: Chain, bad: dict[str, str], streamed: bool
) -> None:
    write_pool(chain, bad, GOOD)
    for _ in range(12):
        if streamed:
            async with chain.asking("hi") as response:
                assert response.status_code == 200
                assert [record async for record in records(response)][-1] == "[DONE]"
        else:
            assert (await chain.ask("hi")).status_code == 200
    refused = [each for each in chain.arena.journal.entries if each.status and each.status >= 400]
    assert len(refused) == 1
    assert await states(chain) == ["set_aside", "free"]
    assert "lmarena-bridge session capture" in (await sessions(chain))[0]["reason"]


async def test_if_no_session_of_a_pool_can_be_used_the_last_refusal_is_told(chain: Chain) -> None:
    write_pool(chain, VOTED, STRANGERS)
    first = await chain.ask("hi")
    assert (first.status_code, error_of(first)["code"]) == (502, "session_expired")
    assert "lmarena-bridge session capture" in error_of(first)["message"]
    asked = len(fetched(chain.tab))
    again = await chain.ask("hi")
    assert error_of(again)["code"] == "session_expired"
    assert "'demo-chat'" in error_of(again)["message"]
    assert "lmarena-bridge session capture" in error_of(again)["message"]
    assert len(fetched(chain.tab)) == asked == 2


async def test_the_log_names_what_rests_and_what_is_used_no_more(chain: Chain) -> None:
    with capture_logs() as logs:
        write_pool(chain, VOTED)
        assert (await chain.ask("hi")).status_code == 502
        write_pool(chain, GOOD)
        assert (await chain.ask("#arena:429=40")).status_code == 429
    refused = [entry for entry in logs if entry["event"].startswith("session ")]
    assert [entry["event"] for entry in refused] == ["session set aside", "session cools down"]
    assert refused[0]["session"] == f"{CHAT.session_id}/{VOTED_MESSAGE_ID}"
    assert "voted on" in refused[0]["reason"]


async def test_a_changed_entry_is_another_session(chain: Chain) -> None:
    write_pool(chain, VOTED)
    assert (await chain.ask("hi")).status_code == 502
    write_pool(chain, GOOD)
    assert (await chain.ask("hi")).status_code == 200


async def test_a_refusal_for_another_reason_is_not_tried_again(chain: Chain) -> None:
    write_pool(chain, *POOL)
    answer = await chain.ask("#arena:422")
    assert answer.status_code == 422
    assert len(fetched(chain.tab)) == 1
    assert set(await states(chain)) == {"free"}


async def test_after_the_first_event_no_other_session_is_tried(chain: Chain) -> None:
    write_pool(chain, *POOL)
    async with chain.asking("#arena:error-line") as response:
        *_, error, done = [record async for record in records(response)]
    assert (error["error"]["code"], done) == ("arena_error", "[DONE]")
    assert len(fetched(chain.tab)) == 1


async def test_a_rate_limit_cools_its_session_down_and_another_one_answers(chain: Chain) -> None:
    write_pool(chain, *POOL)
    answer = await chain.ask("hello #arena:429=40 #arena:times=1")
    assert answer.status_code == 200
    assert sorted(await states(chain)) == ["cooling", "free", "free"]
    for _ in range(8):
        assert (await chain.ask("hi")).status_code == 200
    assert len(set(fetched(chain.tab)[1:])) == 2
    assert fetched(chain.tab)[0] not in fetched(chain.tab)[1:]


async def test_who_is_limited_again_waits(chain: Chain) -> None:
    write_pool(chain, *POOL)
    answer = await chain.ask("#arena:429=40")
    assert answer.status_code == 429
    assert len(fetched(chain.tab)) == 2
    assert (await chain.ask("#arena:429=40")).status_code == 429
    asked = len(fetched(chain.tab))
    answer = await chain.ask("hi")
    assert (answer.status_code, error_of(answer)["code"]) == (429, "rate_limited")
    assert "all 3 of its sessions" in error_of(answer)["message"]
    assert int(answer.headers["retry-after"]) == 20
    assert len(fetched(chain.tab)) == asked == 3


async def test_a_session_is_only_sent_to_tabs_of_its_profile(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False, settings={"tab_wait_seconds": 0.1}) as chain:
        firefox, chrome = chain.open_tab(profile="firefox"), chain.open_tab(profile="chrome")
        await chain.until_tabs(2)
        write_pool(chain, {**POOL[0], "profile": "firefox"})
        for _ in range(6):
            assert (await chain.ask("hi")).status_code == 200
        assert (len(fetched(firefox)), len(fetched(chrome))) == (6, 0)
        write_pool(chain, {**POOL[0], "profile": "safari"})
        answer = await chain.ask("hi")
        assert (answer.status_code, error_of(answer)["code"]) == (503, "no_tab")
        assert "another browser profile" in error_of(answer)["message"]


async def test_sessions_of_a_browser_that_is_not_here_are_left_alone(chain: Chain) -> None:
    write_pool(chain, {**POOL[0], "profile": "closed"}, {**POOL[1], "profile": "python"})
    for _ in range(8):
        assert (await chain.ask("hi")).status_code == 200
    assert set(fetched(chain.tab)) == {POOL[1]["session_id"]}


async def test_a_model_without_sessions_answers_in_the_default_one(tmp_path: Path) -> None:
    async with start(tmp_path, settings=GOOD) as chain:
        write_pool(chain)
        assert (await chain.ask("hi")).status_code == 200
        write_pool(chain, {"session_id": "YOUR_SESSION_ID", "message_id": "YOUR_MESSAGE_ID"})
        answer = await chain.ask("hi")
        assert (answer.status_code, error_of(answer)["code"]) == (400, "no_session_for_model")
        assert "lmarena-bridge session capture" in error_of(answer)["message"]
        assert await states(chain) == ["placeholder", "free"]


async def test_the_sessions_are_for_our_own_commands_only(chain: Chain) -> None:
    assert (await chain.client.get("/internal/sessions")).status_code == 401
    await until(lambda: chain.server.services.hub.jobs == 0)
