"""`session capture` as a person at a terminal uses it, and as a script does."""

import asyncio
import json
import os
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.core.site.address import retry_path
from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.demo.models import DEMO_MODELS, DEMO_POOL, VOTED_MESSAGE_ID
from support.chain import Chain, until
from support.chain import chain as start
from support.terminal import terminal

CHAT, ONE = DEMO_MODELS[0], DEMO_POOL[0]


@pytest.fixture
async def chain(tmp_path: Path) -> AsyncIterator[Chain]:
    async with start(tmp_path) as running:
        yield running


def home(chain: Chain) -> str:
    return str(chain.server.services.home.path)


def pool(chain: Chain, model: str) -> list[dict[str, Any]]:
    entries = json.loads(chain.server.services.home.sessions.read_bytes())[model]
    return entries if isinstance(entries, list) else [entries]


async def click(chain: Chain, session_id: str = ONE.session_id, message_id: str = ONE.message_id) -> None:
    """The person clicks Retry as soon as the tab shows 🎯."""
    await until(lambda: capturing(chain))
    await chain.tab.say(m.Captured(retry_path(session_id, message_id)))


def capturing(chain: Chain) -> bool:
    told = [message.pattern for message in chain.tab.received if isinstance(message, m.Capture)]
    return bool(told and told[-1])


async def script(*arguments: str) -> tuple[int, str, str]:
    """Exit code, standard output and standard error of a command that nobody watches."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lmarena_bridge", "session", "capture", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return process.returncode or 0, out.decode(), err.decode()


# -- a person at a terminal ---------------------------------------------------------------------------------


async def test_a_person_is_asked_told_what_to_do_and_sees_the_model_answer(chain: Chain) -> None:
    async with terminal("session", "capture", "--home", home(chain)) as shown:
        await shown.until("Where will you click Retry?")
        await shown.until("Number [1]: ")
        shown.type("2\n")
        await shown.until("On which side?")
        shown.type("nonsense\n")
        await shown.until("Type a number from 1 to 2.")
        shown.type("1\n")
        await shown.until("Which model answers there?")
        shown.type("left\n")
        await shown.until("demo-left has a session already.")
        shown.type("2\n")
        await shown.until("🎯 (Python)")
        await shown.until("Click Retry")
        await shown.until("s left")
        left = DEMO_MODELS[4]
        await click(chain, left.session_id, left.message_id)
        await shown.until("Captured in Python")
        await shown.until(left.message_id)
        await shown.until("battle, side A")
        await shown.until("model_endpoint_map.json")
        await shown.until("Try it with a short request to demo-left? [Y/n]: ")
        shown.type("\n")
        assert await shown.ends() == 0
    assert len(shown.text.rpartition("Trying demo-left: Say hello in one word.\n")[2].strip()) > 5
    assert [entry["message_id"] for entry in pool(chain, "demo-left")] == [left.message_id]


async def test_the_tab_key_completes_a_name(chain: Chain) -> None:
    async with terminal("session", "capture", "--home", home(chain), "--mode", "direct_chat") as shown:
        await shown.until("Model: ")
        shown.type("demo-th\t\n")
        await shown.until("demo-thinker has a session already.")
        shown.type("1\n")
        await click(chain)
        await shown.until("Try it")
        shown.type("n\n")
        assert await shown.ends() == 0
    assert "To try it: a chat with the model demo-thinker" in shown.text
    assert len(pool(chain, "demo-thinker")) == 2


async def test_a_name_that_is_new_is_asked_about(chain: Chain) -> None:
    async with terminal("session", "capture", "--home", home(chain), "--mode", "direct_chat") as shown:
        await shown.until("Model: ")
        shown.type("demo\n")
        await shown.until("demo-painter")
        await shown.until("Model: ")
        shown.type("demo-chta\n")
        await shown.until("Near: demo-chat")
        await shown.until("[y/N]: ")
        shown.type("\n")
        await shown.until("Model: ")
        shown.type("a-new-one\n")
        await shown.until("[y/N]: ")
        shown.type("y\n")
        await click(chain)
        await shown.until("Try it")
        shown.type("y\n")
        assert await shown.ends() == 0
    assert pool(chain, "a-new-one")[0]["session_id"] == ONE.session_id


async def test_a_long_list_of_models_is_shown_when_it_is_asked_for(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        names = {f"model-{number:02}": "null" for number in range(20)}
        services = chain.server.services
        services.home.models.write_text(json.dumps(names), encoding="utf-8")
        with_sessions = len(services.configs.current().sessions)
        async with terminal("session", "capture", "--home", home(chain), "--mode", "direct_chat") as shown:
            await shown.until(f"? shows all {len(names) + with_sessions}.")
            await shown.until("Model: ")
            assert "model-07" not in shown.text
            shown.type("?\n")
            await shown.until("model-07")
            await shown.until("Model: ")
            shown.type("\n")
            await shown.until("Click Retry")
            await click(chain)
            await shown.until("every model without a session of its own")
            await shown.until("Try it with a short request to model-00?")


async def test_a_new_name_on_the_command_line_is_asked_about_too(chain: Chain) -> None:
    options = ("--home", home(chain), "--mode", "direct_chat", "--model", "brand-new")
    async with terminal("session", "capture", *options) as shown:
        await shown.until("Set it up under this name? [y/N]: ")
        shown.type("y\n")
        await click(chain)
        await shown.until("Captured in Python")
    assert pool(chain, "brand-new")[0]["profile"] == "python"


async def test_without_a_tab_the_person_is_told_to_open_one_and_then_to_click(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain:
        options = ("--home", home(chain), "--mode", "direct_chat", "--model", "demo-chat", "--append")
        async with terminal("session", "capture", *options) as shown:
            await shown.until("open https://lmarena.ai")
            chain.open_tab()
            await shown.until("Click Retry")
            await chain.tab.say(m.Captured(retry_path(ONE.session_id, ONE.message_id)))
            await shown.until("Captured in Python")


async def test_ctrl_c_leaves_no_capture_behind(chain: Chain) -> None:
    options = ("--home", home(chain), "--mode", "direct_chat", "--model", "demo-chat", "--append")
    async with terminal("session", "capture", *options) as shown:
        await shown.until("Click Retry")
        assert capturing(chain)
        shown.interrupt()
        assert await shown.ends() == 130
        await until(lambda: not capturing(chain))
    assert "Traceback" not in shown.text
    assert len(pool(chain, "demo-chat")) == 1


async def test_ctrl_c_at_a_question_ends_it(chain: Chain) -> None:
    async with terminal("session", "capture", "--home", home(chain)) as shown:
        await shown.until("Number [1]: ")
        assert await shown.interrupted() in (1, 130)
    assert "Traceback" not in shown.text
    assert not capturing(chain)


# -- a script -----------------------------------------------------------------------------------------------


async def test_a_script_says_everything_and_gets_plain_lines(chain: Chain) -> None:
    options = ("--mode", "direct_chat", "--model", "demo-chat", "--append", "--yes", "--timeout", "20")
    async with asyncio.TaskGroup() as group:
        run = group.create_task(script("--home", home(chain), *options))
        await click(chain)
    code, out, _ = run.result()
    assert code == 0
    assert "\x1b" not in out
    assert out.splitlines()[:6] == [
        "Captured in Python",
        f"session_id  {ONE.session_id}",
        f"message_id  {ONE.message_id}",
        "kind        direct chat",
        "for         demo-chat",
        "written to  model_endpoint_map.json",
    ]
    assert out.splitlines()[6] == "Trying demo-chat: Say hello in one word."
    assert len(out.splitlines()) > 7
    assert [entry["session_id"] for entry in pool(chain, "demo-chat")] == [CHAT.session_id, ONE.session_id]


async def test_a_script_is_asked_nothing_and_nothing_is_tried_unasked(chain: Chain) -> None:
    async with asyncio.TaskGroup() as group:
        run = group.create_task(script("--home", home(chain)))
        await click(chain)
    code, out, _ = run.result()
    assert code == 0
    assert "for         every model without a session of its own" in out
    assert "written to  config.jsonc" in out
    assert "Each of your models has a session of its own" in out
    assert not any(isinstance(message, m.Fetch) for message in chain.tab.received)


async def test_the_key_of_the_config_is_used_to_try_it(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": ["one", "two"]}) as chain, asyncio.TaskGroup() as group:
        options = ("--home", home(chain), "--model", "demo-chat", "--yes", "--mode", "direct_chat")
        run = group.create_task(script(*options))
        await click(chain)
        assert (await run)[0] == 0


async def test_a_session_that_does_not_answer_is_told(chain: Chain) -> None:
    async with asyncio.TaskGroup() as group:
        run = group.create_task(script("--home", home(chain), "--model", "demo-chat", "--yes"))
        await click(chain, CHAT.session_id, VOTED_MESSAGE_ID)
    code, out, err = run.result()
    assert code == 1
    assert VOTED_MESSAGE_ID in out
    assert "was voted on" in err
    assert "Traceback" not in err


async def test_a_name_that_is_mistyped_in_a_script_is_refused(chain: Chain) -> None:
    code, out, err = await script("--home", home(chain), "--model", "demo-chta")
    assert (code, out) == (1, "")
    assert "Did you mean 'demo-chat'" in err


async def test_nobody_clicks(chain: Chain) -> None:
    code, out, err = await script("--home", home(chain), "--timeout", "1")
    assert (code, out) == (1, "")
    assert "Click Retry, the round arrow" in err
    assert "Nobody clicked Retry within 1 s" in err
    assert "\x1b" not in err
    assert not capturing(chain)


async def test_without_a_server_the_command_that_starts_one_is_said(tmp_path: Path) -> None:
    code, out, err = await script("--home", str(tmp_path))
    assert (code, out) == (1, "")
    assert "No bridge runs" in err
    assert "lmarena-bridge serve" in err
