"""What docs/clients.md tells people to paste, pasted: each block with its client, through a real Chromium."""

from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.cli.demo import DemoChain
from support.installed import run_module, run_python
from support.questions import GREETING
from support.set_ups import Place, set_up, set_ups

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PYTHON = ("openai", "anthropic", "langchain", "pydantic-ai", "openai-agents")
JAVASCRIPT = ("openai", "@anthropic-ai/sdk", "ai")


@pytest.mark.parametrize("name", PYTHON)
async def test_case_59_a_block_of_python(demo: DemoChain, tmp_path: Path, name: str) -> None:
    code = set_up("python", name).at(Place(demo.server.url))
    ran = await run_python("libraries", code, tmp_path)
    assert ran.code == 0, ran.err
    assert GREETING in ran.out
    assert ran.err == ""


@pytest.mark.parametrize("name", JAVASCRIPT)
async def test_case_59_a_block_of_javascript(demo: DemoChain, tmp_path: Path, name: str) -> None:
    code = set_up("js", name).at(Place(demo.server.url))
    ran = await run_module("node-libraries", code, tmp_path)
    assert ran.code == 0, ran.err
    assert GREETING in ran.out
    assert ran.err == ""


async def test_the_picture_that_python_prints_is_there(demo: DemoChain, tmp_path: Path) -> None:
    ran = await run_python("libraries", set_up("python", "openai").at(Place(demo.server.url)), tmp_path)
    link = ran.out.splitlines()[-1]
    async with httpx2.AsyncClient() as browser:
        assert (await browser.get(link)).headers["content-type"] == "image/png"


async def test_each_block_of_the_page_is_run() -> None:
    tests = "".join(file.read_text(encoding="utf-8") for file in Path(__file__).parent.glob("test_*.py"))
    assert [each.name for each in set_ups() if f'"{each.name}"' not in tests] == []
