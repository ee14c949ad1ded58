"""`session list` on a terminal, in a pipe, as JSON."""

import asyncio
import json
import os
import sys
from pathlib import Path
from typing import Any

from lmarena_bridge.demo.models import DEMO_MODELS, VOTED_MESSAGE_ID
from support.chain import Chain
from support.chain import chain as start
from support.terminal import terminal

CHAT = DEMO_MODELS[0]
GOOD = {"session_id": CHAT.session_id, "message_id": CHAT.message_id}
VOTED = {"session_id": CHAT.session_id, "message_id": VOTED_MESSAGE_ID, "profile": "python", "mode": "battle"}
EMPTY = {"session_id": "YOUR_SESSION_ID", "message_id": "YOUR_MESSAGE_ID"}


async def listed(home: Path, *options: str) -> str:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lmarena_bridge", "session", "list", "--home", str(home), *options),
        stdout=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    out, _ = await asyncio.wait_for(process.communicate(), 30)
    assert process.returncode == 0
    return out.decode()


def write_pool(home: Path, *entries: dict[str, Any]) -> None:
    (home / "model_endpoint_map.json").write_text(json.dumps({"demo-chat": entries}), encoding="utf-8")


async def with_a_refusal(chain: Chain) -> Path:
    """The home of a bridge whose first session was refused."""
    home = chain.server.services.home.path
    write_pool(home, VOTED, EMPTY)
    assert (await chain.ask("hi")).status_code == 502
    return home


async def test_a_running_bridge_tells_how_its_sessions_are_doing(tmp_path: Path) -> None:
    async with start(tmp_path, settings=GOOD) as chain:
        home = await with_a_refusal(chain)
        lines = [line.split("\t") for line in (await listed(home)).splitlines()]
        assert [[line[0], line[1], line[3], line[4], line[5]] for line in lines] == [
            ["demo-chat", "battle A", VOTED_MESSAGE_ID, "python", "set_aside"],
            ["demo-chat", "direct", "YOUR_MESSAGE_ID", "", "placeholder"],
            ["*", "direct", CHAT.message_id, "", "free"],
        ]
        assert "voted on" in lines[0][6]
        told = json.loads(await listed(home, "--json"))
        assert told["running"] is True
        assert [session["state"] for session in told["sessions"]] == ["set_aside", "placeholder", "free"]


async def test_on_a_terminal_it_is_a_table_with_the_reasons_below(tmp_path: Path) -> None:
    async with start(tmp_path, settings=GOOD) as chain:
        home = await with_a_refusal(chain)
        async with terminal("session", "list", "--home", str(home)) as shown:
            assert await shown.ends() == 0
    heading, rule, *rows = [line.strip() for line in shown.text.splitlines() if line.strip()]
    assert heading.split() == ["model", "kind", "session", "message", "browser", "state"]
    assert set(rule) == {"─"}
    assert rows[0].split()[:3] == ["demo-chat", "battle", "A"]
    assert rows[0].endswith("set aside")
    assert rows[1].endswith("no real ids")
    assert rows[2].startswith("all others")
    assert rows[2].endswith("free")
    assert rows[3].startswith("demo-chat: The captured message was voted on")
    assert len({row.index("direct") for row in rows[1:3]}) == 1


async def test_without_a_bridge_the_files_are_shown(tmp_path: Path) -> None:
    write_pool(tmp_path, {**GOOD, "mode": "battle", "battle_target": "B"}, EMPTY)
    told = json.loads(await listed(tmp_path, "--json"))
    assert told["running"] is False
    assert [session["state"] for session in told["sessions"]] == [None, "placeholder"]
    assert (await listed(tmp_path)).splitlines()[0].split("\t")[1] == "battle B"
    async with terminal("session", "list", "--home", str(tmp_path)) as shown:
        assert await shown.ends() == 0
    heading, *_ = [line.split() for line in shown.text.splitlines() if line.strip()]
    assert heading == ["model", "kind", "session", "message"]
    assert "The bridge is not running" in shown.text


async def test_long_names_of_models_stay_in_one_line(tmp_path: Path) -> None:
    name = "gemini-2.5-flash-image-preview"
    pools = {name: [{**GOOD, "mode": "battle", "battle_target": "B"}]}
    (tmp_path / "model_endpoint_map.json").write_text(json.dumps(pools), encoding="utf-8")
    async with terminal("session", "list", "--home", str(tmp_path)) as shown:
        assert await shown.ends() == 0
    assert any(line.split()[:3] == [name, "battle", "B"] for line in shown.text.splitlines())


async def test_without_sessions_the_command_that_takes_one_is_said(tmp_path: Path) -> None:
    assert "lmarena-bridge session capture" in await listed(tmp_path)
