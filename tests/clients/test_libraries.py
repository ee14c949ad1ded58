"""Client libraries, each doing what it is used for, against a server that wants its key (case 59)."""

from pathlib import Path

import pytest

from support.installed import ask
from support.questions import GREETING, question
from support.set_ups import Place

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_case_59_langchain(locked: Place, tmp_path: Path) -> None:
    said = await ask("libraries", "langchain_chat.py", question(locked), tmp_path)
    assert "42" in said["whole"][0]
    assert said["whole"][1] == "stop"
    pieces, text, reason = said["streamed"]
    assert pieces > 3
    assert GREETING in text
    assert reason == "stop"
    assert said["usage"] > 0
    assert [str(2 * n) in text for n, text in enumerate(said["batch"])] == [True] * 4
    assert "image_1.png (image/png" in said["picture"]
    assert said["error"][0] == "OpenAIModelNotFoundError"
    assert "There is no model 'no-such-model'" in said["error"][1]


async def test_case_59_pydantic_ai(locked: Place, tmp_path: Path) -> None:
    said = await ask("libraries", "pydantic_ai_chat.py", question(locked), tmp_path)
    assert "42" in said["whole"]
    assert len(said["streamed"]) > 3
    assert GREETING in "".join(said["streamed"])
    assert "image_1.png (image/png" in said["picture"]
    assert said["error"][0] == "ModelNotFoundError"
    assert "There is no model 'no-such-model'" in said["error"][1]


async def test_case_59_the_ai_sdk_by_its_providers_for_chat(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, painter=locked.painter, providers=["compatible", "chat"])
    said = await ask("node-libraries", "ai_sdk.mjs", asked, tmp_path)
    for provider in ("compatible", "chat"):
        text, reason = said[provider]["whole"]
        assert "42" in text
        assert reason == "stop"
        text, reason = said[provider]["streamed"]
        assert GREETING in text
        assert reason == "stop"
        assert "image/png" in said[provider]["picture"]
    assert said["drawn"].startswith("iVBOR")


async def test_case_59_langchain_uses_a_tool_and_makes_an_object(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, tools="demo-tools", object='Say: {"name": "Ada", "age": 36}')
    said = await ask("libraries", "langchain_tools.py", asked, tmp_path)
    assert said["calls"] == [["get_weather", {"city": "Oslo"}, True]]
    assert said["streamed"] == [["get_weather", {"city": "Oslo"}]]
    assert "It is sunny in Oslo." in said["after"]
    assert said["object"] == {"name": "Ada", "age": 36}


@pytest.mark.parametrize("model", ["demo-tools-sloppy", "demo-tools-foreign"])
async def test_case_59_pydantic_ai_uses_a_tool_and_makes_an_object(
    locked: Place, tmp_path: Path, model: str
) -> None:
    asked = question(locked, tools=model, protocols=["chat"])
    said = await ask("libraries", "pydantic_ai_tools.py", asked, tmp_path)
    text, called = said["chat"]
    assert "It is sunny in Oslo." in text
    assert called == ["Oslo"]
    assert said["chat object"] == {"name": "Ada", "age": 36}


async def test_case_59_the_ai_sdk_uses_a_tool_and_makes_an_object(locked: Place, tmp_path: Path) -> None:
    wanted = '{"name": "Ada", "city": "Oslo"}'
    asked = question(locked, tools="demo-tools", providers=["compatible", "chat"], object=f"Say: {wanted}")
    said = await ask("node-libraries", "ai_sdk.mjs", asked, tmp_path)
    for provider in ("compatible", "chat"):
        assert said[provider]["called"] == ["Oslo"]
        assert "It is sunny in Oslo." in said[provider]["text"]
        assert said[provider]["object"] == {"name": "Ada", "city": "Oslo"}
