"""Client libraries, each doing what it is used for, against a server that wants its key (case 59)."""

from pathlib import Path
from typing import Final

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


# The AI SDK's ways to us: chat completions as anybody's and as OpenAI's, Responses, Anthropic's Messages.
PROVIDERS: Final = ("compatible", "chat", "responses", "messages")


async def test_case_59_the_ai_sdk_by_each_of_its_providers(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, painter=locked.painter, providers=PROVIDERS)
    said = await ask("node-libraries", "ai_sdk.mjs", asked, tmp_path)
    for provider in PROVIDERS:
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
    asked = question(locked, tools=model, protocols=["chat", "messages"])
    said = await ask("libraries", "pydantic_ai_tools.py", asked, tmp_path)
    for protocol in ("chat", "messages"):
        text, called = said[protocol]
        assert "It is sunny in Oslo." in text
        assert called == ["Oslo"]
        assert said[f"{protocol} object"] == {"name": "Ada", "age": 36}


async def test_case_59_the_ai_sdk_uses_a_tool_and_makes_an_object(locked: Place, tmp_path: Path) -> None:
    wanted = '{"name": "Ada", "city": "Oslo"}'
    asked = question(locked, tools="demo-tools", providers=PROVIDERS, object=f"Say: {wanted}")
    said = await ask("node-libraries", "ai_sdk.mjs", asked, tmp_path)
    for provider in PROVIDERS:
        assert said[provider]["called"] == ["Oslo"]
        assert "It is sunny in Oslo." in said[provider]["text"]
        assert said[provider]["object"] == {"name": "Ada", "city": "Oslo"}


async def test_case_59_anthropic_in_python(locked: Place, tmp_path: Path) -> None:
    said = await ask("libraries", "anthropic_python.py", question(locked, tools="demo-tools"), tmp_path)
    assert "demo-chat" in said["models"]
    text, reason, role, tokens = said["whole"]
    assert "42" in text
    assert (reason, role) == ("end_turn", "assistant")
    assert tokens > 0
    pieces, text, final, reason = said["streamed"]
    assert pieces > 3
    assert GREETING in text
    assert (final, reason) == (text, "end_turn")
    assert said["events"][0] == "message_start"
    assert said["events"][-2:] == ["message_delta", "message_stop"]
    assert "image/png" in said["picture"]
    assert said["tokens"] > 0
    assert said["calls"] == [["get_weather", {"city": "Oslo"}, True]]
    assert said["stopped"] == "tool_use"
    assert "It is sunny." in said["after"]
    assert said["error"][:2] == ["error", "not_found_error"]


async def test_case_59_anthropic_in_javascript(locked: Place, tmp_path: Path) -> None:
    asked = question(locked, tools="demo-tools")
    said = await ask("node-libraries", "anthropic_js.mjs", asked, tmp_path)
    assert "demo-chat" in said["models"]
    assert "42" in said["whole"][0]
    assert GREETING in said["streamed"][0]
    assert said["streamed"][1] == "end_turn"
    assert said["calls"] == [["get_weather", {"city": "Oslo"}]]
    assert said["stopped"] == "tool_use"
    assert said["error"] == [404, "not_found_error"]


async def test_case_59_openai_agents_over_responses_and_over_chat(locked: Place, tmp_path: Path) -> None:
    said = await ask("libraries", "openai_agents.py", question(locked, tools="demo-tools"), tmp_path)
    for whole, streamed, _, called, after in (said["responses"], said["chat"]):
        assert "42" in whole
        assert streamed == "Hello!"
        assert called == ["Oslo"]
        assert "It is sunny in Oslo." in after
    assert said["responses"][2] > 0
