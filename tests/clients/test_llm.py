"""`llm`, set up as the page says: asked, asked on, with a picture, and the suite `llm-comply`."""

from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from support.installed import Ran, place, run_shell
from support.questions import GREETING
from support.set_ups import Place, set_up

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.fixture
def home(locked: Place, tmp_path: Path) -> Path:
    """The home of a person who has done what the page says about files."""
    folder = tmp_path / ".config" / "io.datasette.llm"
    folder.mkdir(parents=True)
    text = set_up("yaml", "llm").at(locked)
    (folder / "extra-openai-models.yaml").write_text(text, encoding="utf-8")
    return tmp_path


async def shell(commands: str, home: Path) -> Ran:
    ran = await run_shell(commands, place("libraries", "bin"), home=home)
    assert ran.code == 0, ran.err
    return ran


async def test_case_59_the_block_of_the_page(locked: Place, home: Path) -> None:
    assert GREETING in (await shell(set_up("sh", "llm").at(locked), home)).out


async def test_case_59_a_conversation_goes_on_and_a_picture_goes_along(locked: Place, home: Path) -> None:
    Image.new("RGB", (32, 32), "red").save(home / "red.png")
    told = await shell(
        f"""
        llm keys set bridge --value {locked.key}
        llm -m bridge --no-stream -s 'Be brief.' 'My name is Ada.'
        llm -c 'What is my name?'
        llm -m bridge -a red.png 'What is attached?'
        """,
        home,
    )
    assert "Ada" in told.out.splitlines()[-2]
    assert "image/png" in told.out.splitlines()[-1]


async def test_case_59_a_tool_is_used(locked: Place, tmp_path: Path) -> None:
    folder = tmp_path / ".config" / "io.datasette.llm"
    folder.mkdir(parents=True)
    text = set_up("yaml", "llm").at(replace(locked, model="demo-tools"))
    (folder / "extra-openai-models.yaml").write_text(text, encoding="utf-8")
    told = await shell(
        f"""
        llm keys set bridge --value {locked.key}
        llm -m bridge --functions 'def get_weather(city: str) -> str: return "It is sunny in " + city' \\
            'What is the weather in Oslo?'
        """,
        tmp_path,
    )
    assert "It is sunny in Oslo" in told.out
