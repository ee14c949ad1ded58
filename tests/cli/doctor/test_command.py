"""`doctor` as it is run: in a pipe and on a terminal, with and without what it looks for."""

import asyncio
import json
import os
import socket
import sys
from pathlib import Path

from lmarena_bridge.demo.models import DEMO_MODELS, VOTED_MESSAGE_ID
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.running import Running, announced
from support.chain import chain as start
from support.terminal import terminal


async def doctor(home: Path, *options: str) -> tuple[int, dict[str, str], str]:
    """Exit code, what is said of each link, and the next thing."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lmarena_bridge", "doctor", "--home", str(home), *options),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    out, err = await asyncio.wait_for(process.communicate(), 60)
    assert b"\x1b" not in out
    assert b"Traceback" not in err
    *lines, empty, last = out.decode().splitlines()
    assert empty == ""
    assert last.startswith("Next: ")
    links = {line[9:19].strip(): f"{line[:9].strip()}: {line[19:]}" for line in lines}
    return process.returncode or 0, links, last.removeprefix("Next: ")


async def test_everything_works_and_a_word_comes_back(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        code, links, last = await doctor(chain.server.services.home.path, "--yes")
        assert code == 0
        assert [
            links[link].partition(":")[0] for link in ("Files", "Bridge", "Tab", "Models", "Sessions")
        ] == ["ok"] * 5
        assert links["Answer"].startswith("ok: demo-chat in ")
        assert last.endswith(f"the base URL {chain.server.url}/v1, model demo-chat")


async def test_without_consent_nothing_is_asked(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        code, links, last = await doctor(chain.server.services.home.path)
        assert (code, links["Answer"]) == (0, "skipped: nobody was asked")
        assert last == "See whether an answer comes: lmarena-bridge doctor --yes"
        assert not chain.arena.journal.streams()


async def test_the_key_of_the_config_is_used(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "sesame"}) as chain:
        code, links, _ = await doctor(chain.server.services.home.path, "--yes")
        assert (code, links["Answer"][:3]) == (0, "ok:")


async def test_an_answer_that_does_not_come_is_told_with_what_to_do(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        voted = {"session_id": DEMO_MODELS[0].session_id, "message_id": VOTED_MESSAGE_ID}
        home = chain.server.services.home
        home.sessions.write_text(json.dumps({"demo-chat": voted}), encoding="utf-8")
        code, links, last = await doctor(home.path, "--yes")
        assert (code, links["Answer"]) == (1, "error: demo-chat did not answer")
        assert "was voted on" in last
        code, links, last = await doctor(home.path, "--yes")
        assert (code, links["Session"].partition(".")[0]) == (1, "warning: of demo-chat: set aside")
        assert last.endswith("lmarena-bridge session capture")


async def test_without_a_tab_one_is_to_be_opened(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain:
        code, links, last = await doctor(chain.server.services.home.path, "--yes")
        assert (code, links["Tab"]) == (1, "error: no LMArena tab is connected")
        assert links["Answer"].startswith("skipped")
        assert f"{chain.server.url}/LMArenaApiBridge.user.js" in last


async def test_nothing_is_there_yet(tmp_path: Path) -> None:
    code, links, last = await doctor(tmp_path / "none")
    assert code == 1
    assert links["Files"].startswith("ok")
    assert links["Models"] == "error: none is set up"
    assert "lmarena-bridge serve" in last
    assert not (tmp_path / "none").exists()


async def test_a_broken_file_comes_first(tmp_path: Path) -> None:
    (tmp_path / "config.jsonc").write_text('{\n  "port": "x"\n}', encoding="utf-8")
    (tmp_path / "models.json").write_text("{", encoding="utf-8")
    code, links, last = await doctor(tmp_path)
    assert code == 1
    assert links["Files"].startswith("error: config.jsonc, line 2, column 11")
    assert last.startswith("Mend config.jsonc, line 2, column 11.")


async def test_a_port_that_is_taken_is_noticed(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        (tmp_path / "config.jsonc").write_text(json.dumps({"port": other.getsockname()[1]}), encoding="utf-8")
        _, links, last = await doctor(tmp_path)
    assert links["Bridge"] == "error: not running, and another program listens at its port"
    assert last.endswith("--port 5103")


async def test_a_server_that_cannot_be_reached_is_told(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    with announced(prepare_home(tmp_path), Running(1, "127.0.0.1", port, 1.0)):
        code, links, last = await doctor(tmp_path)
    assert code == 1
    assert "cannot be reached" in links["Bridge"]
    assert "start it again" in last


async def test_at_a_terminal_the_person_is_asked_and_long_lines_keep_their_column(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        home = chain.server.services.home
        async with terminal("doctor", "--home", str(home.path), columns=60) as shown:
            await shown.until("Ask demo-chat for one word? [Y/n]: ")
            shown.type("\n")
            assert await shown.ends() == 0
        assert "\x1b[32mok" in shown.raw
        lines = shown.text.splitlines()
        assert all(len(line.rstrip()) <= 60 for line in lines if "Next" not in line and "Asking" not in line)
        answer = next(index for index, line in enumerate(lines) if "Answer" in line)
        assert lines[answer + 1].startswith(" " * 19)
        assert shown.text.rstrip().endswith("model demo-chat")
