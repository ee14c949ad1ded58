"""`lmarena-bridge renew-secret`, with and without a server."""

import asyncio
import json
from pathlib import Path

from lmarena_bridge.server.board.log_tail import LogTail
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.secret import read_or_create
from support.chain import Chain, until
from support.chain import chain as start
from support.command import command, command_beside


def test_without_a_server_the_file_alone_changes(tmp_path: Path) -> None:
    home = prepare_home(tmp_path)
    old = read_or_create(home)
    done = command("renew-secret", "--home", str(tmp_path))
    assert done.code == 0
    assert "install the userscript again" in done.out
    new = read_or_create(home)
    assert new != old
    assert new not in done.out + done.err
    assert old not in done.out + done.err


async def test_a_server_sends_its_tabs_away_and_takes_only_those_with_the_new_one(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        services, old = chain.server.services, chain.server.services.secret
        tab = chain.tab
        done = await command_beside("renew-secret", "--home", str(services.home.path))
        assert done.code == 0
        assert f"{chain.server.url}/LMArenaApiBridge.user.js" in done.out.replace("\n", "")
        # It comes back with what it has, and is told that this is not enough.
        await asyncio.wait_for(chain.tasks.pop(tab), 10)
        assert services.secret != old
        assert await script_of(chain) == services.secret == read_or_create(services.home)
        assert services.secret not in done.out + done.err
        chain.open_tab()
        await until(lambda: any(each.connected for each in services.hub.tabs))
        assert (await chain.ask()).status_code == 200


async def test_the_page_that_shows_the_log_never_shows_the_new_one(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        services = chain.server.services
        await command_beside("renew-secret", "--home", str(services.home.path))
        assert shown(services.board.tail, f"somebody writes {services.secret}") == "somebody writes •••"


async def test_nor_a_key_that_has_just_been_set(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "sk-of-the-start"}) as chain:
        services = chain.server.services
        new = {"api_key": ["sk-new-one", "sk-new-two"], "file_bed_api_key": "a key of the file bed"}
        services.home.settings.write_text(json.dumps(new), encoding="utf-8")
        services.configs.current()
        said = "sk-of-the-start, sk-new-one, sk-new-two, a key of the file bed"
        assert shown(services.board.tail, said) == "•••, •••, •••, •••"


def shown(tail: LogTail, said: str) -> str:
    """What the page shows of an event."""
    tail(None, "info", {"event": said})
    return str(tail.after(0)[-1]["text"])


async def script_of(chain: Chain) -> str:
    """The secret in the userscript that is served now."""
    script = (await chain.client.get("/LMArenaApiBridge.user.js")).text
    secret = chain.server.services.secret
    return secret if secret in script else script
