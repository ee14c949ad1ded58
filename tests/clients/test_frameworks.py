"""Frameworks that want an older openai library: LlamaIndex, LiteLLM, Instructor."""

from pathlib import Path

import pytest

from lmarena_bridge.cli.demo import DemoChain
from support.installed import ask, run_python
from support.questions import GREETING, question
from support.set_ups import Place, set_up

pytestmark = [pytest.mark.clients, pytest.mark.asyncio(loop_scope="session")]

# Without it LiteLLM looks for a newer list of prices on the web first.
OFFLINE = {"LITELLM_LOCAL_MODEL_COST_MAP": "True"}


@pytest.mark.browser
@pytest.mark.parametrize("name", ["llama-index", "litellm"])
async def test_case_59_a_block_of_the_page(demo: DemoChain, tmp_path: Path, name: str) -> None:
    code = set_up("python", name).at(Place(demo.server.url))
    ran = await run_python("frameworks", code, tmp_path, **OFFLINE)
    assert ran.code == 0, ran.err
    assert GREETING in ran.out


@pytest.mark.browser
async def test_case_59_instructor_by_the_block_of_the_page(demo: DemoChain, tmp_path: Path) -> None:
    code = set_up("python", "instructor").at(Place(demo.server.url, model="demo-tools"))
    ran = await run_python("frameworks", code, tmp_path)
    assert ran.code == 0, ran.err
    assert ran.out == "Ada 36\n"


async def test_case_59_llama_index(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, tools="demo-tools")
    said = await ask("frameworks", "llama_index_chat.py", asked, tmp_path)
    assert "42" in said["whole"]
    assert "42" in said["completed"]
    pieces, text = said["streamed"]
    assert pieces > 3
    assert GREETING in text
    assert "image/png" in said["picture"]
    assert said["calls"] == [["get_weather", {"city": "Oslo"}]]
    assert said["error"][0] == "NotFoundError"
    assert "There is no model 'no-such-model'" in said["error"][1]


async def test_case_59_litellm(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, painter=locked.painter, tools="demo-tools", messages=True)
    said = await ask("frameworks", "litellm_chat.py", asked, tmp_path, **OFFLINE)
    assert "42" in said["whole"][0]
    assert said["whole"][1] == "stop"
    assert GREETING in said["streamed"][0]
    assert said["streamed"][1] == "stop"
    assert said["usage"] > 0
    assert "image/png" in said["picture"]
    assert said["calls"] == [["get_weather", {"city": "Oslo"}]]
    assert said["stopped"] == "tool_calls"
    assert "42" in said["messages"]
    assert said["drawn"].startswith(f"{locked.server}/images/")
    assert said["error"][0] == "NotFoundError"
    assert "There is no model 'no-such-model'" in said["error"][1]


async def test_case_59_instructor_by_its_modes(locked: Place, tmp_path: Path) -> None:
    person = '{"name": "Ada", "age": 36}'
    said_plainly, said_fenced = f"Say: {person}", f"Say: ```json\n{person}\n```"
    asked = question(locked, tools="demo-tools", object=said_plainly, fenced=said_fenced)
    said = await ask("frameworks", "instructor_modes.py", asked, tmp_path)
    assert set(said) == {"TOOLS", "JSON", "JSON_SCHEMA", "MD_JSON"}
    assert all(made == {"name": "Ada", "age": 36} for made in said.values())
