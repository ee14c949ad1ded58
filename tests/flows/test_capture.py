"""A click on Retry, from the tab into the person's files."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lmarena_bridge.core.config.files import read_sessions, read_settings
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.demo.models import DEMO_MODELS, DEMO_POOL, VOTED_MESSAGE_ID
from lmarena_bridge.demo.python_tab import PythonTab
from support.chain import Chain, until
from support.chain import chain as start

CHAT, ONE, TWO = DEMO_MODELS[0], DEMO_POOL[0], DEMO_POOL[1]
PREFIX = "/nextjs-api/stream/retry-evaluation-session-message"


def path_of(session_id: str, message_id: str) -> str:
    return f"{PREFIX}/{session_id}/messages/{message_id}"


def headers(chain: Chain) -> dict[str, str]:
    return {"authorization": f"Bearer {chain.server.services.internal_token}"}


async def capture(chain: Chain, **said: Any) -> httpx2.Response:
    return await chain.client.post("/internal/start_id_capture", json=said, headers=headers(chain))


def pattern_of(tab: PythonTab) -> str | None:
    """What the tab was last told to look out for."""
    told: list[str | None] = [
        message.pattern if isinstance(message, m.Capture) else message.capture
        for message in tab.received
        if isinstance(message, m.Capture | m.Welcome)
    ]
    return told[-1] if told else None


async def until_capturing(*tabs: PythonTab) -> None:
    await until(lambda: all(pattern_of(tab) for tab in tabs))


async def until_not_capturing(*tabs: PythonTab) -> None:
    await until(lambda: not any(pattern_of(tab) for tab in tabs))


@asynccontextmanager
async def capturing(chain: Chain, **said: Any) -> AsyncIterator["asyncio.Task[httpx2.Response]"]:
    """A capture that waits for its click, in the tabs that are there."""
    async with asyncio.TaskGroup() as group:
        task = group.create_task(capture(chain, **said))
        await until_capturing(*chain.tasks)
        yield task


def entries(chain: Chain, model: str) -> list[dict[str, Any]]:
    pool = json.loads(chain.server.services.home.sessions.read_bytes())[model]
    return pool if isinstance(pool, list) else [pool]


async def test_a_click_becomes_the_default_session(chain: Chain) -> None:
    settings = chain.server.services.home.settings
    settings.write_text('{\n  // mine\n  "port": 5102,\n}\n', encoding="utf-8")
    async with capturing(chain, mode="battle", target="B") as captured:
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    assert captured.result().json() == {
        "session_id": ONE.session_id,
        "message_id": ONE.message_id,
        "mode": "battle",
        "battle_target": "B",
        "profile": "python",
        "model": None,
        "file": "config.jsonc",
        "browser": "Python",
    }
    read = read_settings(settings.read_bytes()).value
    assert read is not None
    assert (read.session_id, read.message_id) == (ONE.session_id, ONE.message_id)
    assert read.session_profile == "python"
    assert (read.id_updater_last_mode, read.id_updater_battle_target) == ("battle", "B")
    assert "// mine" in settings.read_text(encoding="utf-8")
    await until_not_capturing(chain.tab)


async def test_a_click_becomes_the_session_of_a_model_and_answers_at_once(chain: Chain) -> None:
    async with capturing(chain, mode="direct_chat", model="demo-chat") as captured:
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id) + "?x=1"))
    assert captured.result().json()["file"] == "model_endpoint_map.json"
    assert entries(chain, "demo-chat") == [
        {
            "session_id": ONE.session_id,
            "message_id": ONE.message_id,
            "mode": "direct_chat",
            "profile": "python",
        }
    ]
    assert (await chain.ask("hi")).status_code == 200
    paths = [message.path for message in chain.tab.received if isinstance(message, m.Fetch)]
    assert paths == [path_of(ONE.session_id, ONE.message_id)]


async def test_a_session_can_be_put_beside_those_that_are_there(chain: Chain) -> None:
    async with capturing(chain, model="demo-chat", append=True):
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    assert [each["session_id"] for each in entries(chain, "demo-chat")] == [CHAT.session_id, ONE.session_id]
    sessions = read_sessions(chain.server.services.home.sessions.read_bytes())
    assert not sessions.problems


async def test_of_several_tabs_the_one_that_is_clicked_wins(chain: Chain) -> None:
    first, other = chain.tab, chain.open_tab(profile="other")
    await chain.until_tabs(2)
    async with capturing(chain, model="demo-chat") as captured:
        await other.say(m.Captured(path_of(TWO.session_id, TWO.message_id)))
        await first.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    assert captured.result().json()["session_id"] == TWO.session_id
    assert captured.result().json()["profile"] == "other"
    await until_not_capturing(*chain.tasks)


async def test_a_tab_that_comes_later_captures_too(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain:
        async with capturing(chain, model="demo-chat", timeout=20) as captured:
            tab = chain.open_tab()
            await until_capturing(tab)
            tab.break_link()
            await until(lambda: not tab.welcomed.is_set())
            await until(tab.welcomed.is_set)
            await tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
        assert captured.result().status_code == 200


async def test_what_is_no_retry_is_no_click(chain: Chain) -> None:
    async with capturing(chain, model="demo-chat") as captured:
        await chain.tab.say(m.Captured("/nextjs-api/stream/create-evaluation"))
        await chain.tab.say(m.Captured(f"{PREFIX}/x/messages/../../etc"))
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
        await chain.tab.say(m.Captured(path_of(TWO.session_id, TWO.message_id)))
    assert captured.result().json()["session_id"] == ONE.session_id


async def test_a_click_without_capture_means_nothing(chain: Chain) -> None:
    before = chain.server.services.home.sessions.read_bytes()
    await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    assert (await chain.ask("hi")).status_code == 200
    assert chain.server.services.home.sessions.read_bytes() == before


async def test_a_client_that_goes_away_leaves_no_capture_behind(chain: Chain) -> None:
    async with asyncio.TaskGroup() as group:
        task = group.create_task(capture(chain, timeout=600))
        await until_capturing(chain.tab)
        task.cancel()
    await until_not_capturing(chain.tab)
    async with capturing(chain, model="demo-chat"):
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))


async def test_only_one_capture_waits_at_a_time(chain: Chain) -> None:
    async with capturing(chain) as first:
        second = await capture(chain)
        assert (second.status_code, second.json()["error"]["code"]) == (429, "busy")
        assert pattern_of(chain.tab)
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    assert first.result().status_code == 200


async def test_waiting_ends_in_time_and_says_what_was_missing(chain: Chain, tmp_path: Path) -> None:
    late = await capture(chain, timeout=0.05)
    assert (late.status_code, late.json()["error"]["code"]) == (504, "tab_silent")
    assert "Nobody clicked Retry within 0.05 s" in late.json()["error"]["message"]
    await until_not_capturing(chain.tab)
    async with start(tmp_path / "alone", tab=False) as alone:
        nobody = await capture(alone, timeout=0.05)
        assert (nobody.status_code, nobody.json()["error"]["code"]) == (503, "no_tab")


async def test_a_server_that_stops_ends_the_capture(tmp_path: Path) -> None:
    async with asyncio.TaskGroup() as group, start(tmp_path) as chain:
        task = group.create_task(capture(chain, timeout=600))
        await until_capturing(chain.tab)
        chain.server.services.capture.stop()
        answer = await task
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "stopping")
        assert (await capture(chain)).json()["error"]["code"] == "stopping"


async def test_a_capture_does_not_hold_up_the_end_of_the_server(tmp_path: Path) -> None:
    loop = asyncio.get_running_loop()
    async with asyncio.TaskGroup() as group, httpx2.AsyncClient(timeout=30) as client:
        async with start(tmp_path) as chain:
            url = f"{chain.server.url}/internal/start_id_capture"
            task = group.create_task(client.post(url, json={"timeout": 600}, headers=headers(chain)))
            await until_capturing(chain.tab)
            begun = loop.time()
        assert loop.time() - begun < 10
        assert (await task).json()["error"]["code"] == "stopping"


async def test_what_was_set_aside_is_used_again_once_it_was_captured_again(chain: Chain) -> None:
    async def click(message_id: str) -> None:
        async with capturing(chain, model="demo-chat"):
            await chain.tab.say(m.Captured(path_of(CHAT.session_id, message_id)))

    await click(VOTED_MESSAGE_ID)
    assert (await chain.ask("hi")).json()["error"]["code"] == "session_expired"
    asked = len(chain.tab.received)
    assert (await chain.ask("hi")).json()["error"]["code"] == "session_expired"
    assert len(chain.tab.received) == asked
    await click(VOTED_MESSAGE_ID)
    assert (await chain.ask("hi")).json()["error"]["code"] == "session_expired"
    assert any(isinstance(message, m.Fetch) for message in chain.tab.received[asked:])
    await click(CHAT.message_id)
    assert (await chain.ask("hi")).status_code == 200


async def test_ids_that_cannot_be_written_are_told(chain: Chain) -> None:
    chain.server.services.home.sessions.write_text("{", encoding="utf-8")
    async with capturing(chain, model="demo-chat") as captured:
        await chain.tab.say(m.Captured(path_of(ONE.session_id, ONE.message_id)))
    answer = captured.result()
    assert (answer.status_code, answer.json()["error"]["code"]) == (500, "config_error")
    assert ONE.session_id in answer.json()["error"]["message"]
    assert ONE.message_id in answer.json()["error"]["message"]
    assert chain.server.services.home.sessions.read_text(encoding="utf-8") == "{"


async def test_orders_that_make_no_sense_are_refused_before_anybody_waits(chain: Chain) -> None:
    for said, code in (({"mode": "x"}, "invalid_request"), ({"model": "demo-chta"}, "model_not_found")):
        answer = await capture(chain, **said)
        assert answer.json()["error"]["code"] == code
    assert "Did you mean 'demo-chat'" in answer.json()["error"]["message"]
    assert pattern_of(chain.tab) is None


@pytest.mark.parametrize("origin", [None, "https://lmarena.ai", "http://evil.example"])
async def test_only_our_own_commands_may_capture(chain: Chain, origin: str | None) -> None:
    headers = {"origin": origin} if origin else {}
    answer = await chain.client.post("/internal/start_id_capture", json={}, headers=headers)
    assert answer.status_code in (401, 403)
    assert pattern_of(chain.tab) is None
