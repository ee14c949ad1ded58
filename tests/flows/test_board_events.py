"""The live picture that the start page follows: complete at once, then only what changes."""

import asyncio
import json
from collections.abc import AsyncGenerator
from contextlib import aclosing, asynccontextmanager
from pathlib import Path
from typing import Any

from support.chain import Chain, until
from support.chain import chain as start

OWN = {"sec-fetch-site": "same-origin"}


async def pictures(chain: Chain) -> AsyncGenerator[tuple[str, Any], None]:
    """The records of a viewer: section and what it says."""
    async with chain.client.stream("GET", "/internal/events", headers=OWN) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        name = ""
        async for line in response.aiter_lines():
            if line.startswith("event: "):
                name = line.removeprefix("event: ")
            elif line.startswith("data: "):
                yield name, json.loads(line.removeprefix("data: "))


@asynccontextmanager
async def viewer(chain: Chain) -> AsyncGenerator[AsyncGenerator[tuple[str, Any], None], None]:
    async with aclosing(pictures(chain)) as records, asyncio.timeout(20):
        yield records


async def section(records: AsyncGenerator[tuple[str, Any], None], wanted: str) -> Any:
    async for name, value in records:
        if name == wanted:
            return value
    raise AssertionError(f"the stream ended without {wanted}")


async def test_a_viewer_is_told_everything_at_once(chain: Chain) -> None:
    async with viewer(chain) as records:
        seen: dict[str, Any] = {}
        while not {"server", "tabs", "sessions", "models", "capture"} <= seen.keys():
            name, value = await anext(records)
            seen[name] = value
    assert seen["server"]["reason"] is None
    assert seen["tabs"][0]["connected"]
    assert "demo-chat" in [model["name"] for model in seen["models"]]


async def test_tools_that_were_left_out_are_told_with_the_setting_that_lets_them_in(tmp_path: Path) -> None:
    tools = [{"type": "function", "function": {"name": f"tool_number_{number}"}} for number in range(36)]
    async with start(tmp_path, settings={"tool_prompt_bytes": 100}) as chain:
        assert (await chain.ask("Hello", tools=tools)).status_code == 200
        async with viewer(chain) as records:
            told = (await section(records, "server"))["tools_left_out"]
    assert (told["model"], told["tools"]) == ("demo-chat", 36)
    assert "tool_prompt_bytes" in told["reason"]["text"]


async def test_a_tab_that_comes_and_goes_is_seen_by_every_viewer(chain: Chain) -> None:
    async with viewer(chain) as one, viewer(chain) as other:
        for records in (one, other):
            assert len(await section(records, "tabs")) == 1
        tab = chain.open_tab(profile="second")
        for records in (one, other):
            assert [each["profile"] for each in await section(records, "tabs")] == ["python", "second"]
        chain.tasks[tab].cancel()
        for records in (one, other):
            assert [each["profile"] for each in await section(records, "tabs")] == ["python"]


async def test_a_viewer_who_leaves_is_forgotten(chain: Chain) -> None:
    feed = chain.server.services.board.feed
    async with viewer(chain) as records:
        await anext(records)
        assert feed.viewers == 1
    await until(lambda: feed.viewers == 0)


async def test_strangers_see_nothing(chain: Chain) -> None:
    assert (await chain.client.get("/internal/events")).status_code == 401
    from_elsewhere = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "cors"}
    assert (await chain.client.get("/internal/events", headers=from_elsewhere)).status_code == 403
