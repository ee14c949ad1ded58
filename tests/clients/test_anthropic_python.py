"""Anthropic's own library, through a real Chromium tab to the arena and back."""

from collections.abc import AsyncIterator

import anthropic
import pytest
import pytest_asyncio
from anthropic import AsyncAnthropic
from anthropic.types import MessageParam, ToolParam, ToolUseBlock

from lmarena_bridge.cli.demo import DemoChain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WEATHER: ToolParam = {
    "name": "get_weather",
    "description": "The weather of a city.",
    "input_schema": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}
PNG = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="


@pytest_asyncio.fixture(loop_scope="session")
async def client(demo: DemoChain) -> AsyncIterator[AsyncAnthropic]:
    async with AsyncAnthropic(base_url=demo.server.url, api_key="any", max_retries=0, timeout=30) as client:
        yield client


def said(text: str) -> list[MessageParam]:
    return [{"role": "user", "content": text}]


async def test_a_stream_by_the_librarys_own_helper(client: AsyncAnthropic) -> None:
    async with client.messages.stream(
        model="demo-chat", max_tokens=500, messages=said("Hi, I am Zażółć 🦔."), system="Be brief."
    ) as stream:
        pieces = [piece async for piece in stream.text_stream]
        message = await stream.get_final_message()
    (block,) = message.content
    assert block.type == "text"
    assert block.text == "".join(pieces)
    assert "Zażółć" in block.text
    assert message.stop_reason == "end_turn"
    assert message.usage.output_tokens > 0


async def test_thinking_is_a_block_of_its_own(client: AsyncAnthropic) -> None:
    message = await client.messages.create(
        model="demo-thinker",
        max_tokens=5000,
        messages=said("Why is the sky blue?"),
        thinking={"type": "enabled", "budget_tokens": 1024},
    )
    assert [block.type for block in message.content] == ["thinking", "text"]


@pytest.mark.parametrize("model", ["demo-tools", "demo-tools-thinker", "demo-tools-sloppy"])
async def test_a_tool_is_used_and_its_result_told(client: AsyncAnthropic, model: str) -> None:
    question = said("What is the weather in Paris?")
    async with client.messages.stream(
        model=model, max_tokens=500, messages=question, tools=[WEATHER]
    ) as stream:
        message = await stream.get_final_message()
    assert message.stop_reason == "tool_use"
    (call,) = [block for block in message.content if isinstance(block, ToolUseBlock)]
    assert call.input == {"city": "Paris"}
    result: MessageParam = {
        "role": "user",
        "content": [{"type": "tool_result", "tool_use_id": call.id, "content": "21 degrees and sunny"}],
    }
    asked: MessageParam = {"role": "assistant", "content": message.content}
    told = await client.messages.create(
        model=model, max_tokens=500, messages=[*question, asked, result], tools=[WEATHER]
    )
    assert told.stop_reason == "end_turn"
    assert "21" in "".join(block.text for block in told.content if block.type == "text")


async def test_a_picture_reaches_the_site(client: AsyncAnthropic) -> None:
    message = await client.messages.create(
        model="demo-chat",
        max_tokens=500,
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
                    {"type": "text", "text": "What did I attach?"},
                ],
            }
        ],
    )
    (block,) = message.content
    assert block.type == "text"
    assert "image/png" in block.text


async def test_errors_are_those_that_the_library_knows(client: AsyncAnthropic) -> None:
    with pytest.raises(anthropic.NotFoundError, match="no model"):
        await client.messages.create(model="nobody", max_tokens=5, messages=said("Hi"))
    with pytest.raises(anthropic.APIStatusError, match="reported an error"):
        async with client.messages.stream(
            model="demo-chat", max_tokens=500, messages=said("hi #arena:error-line")
        ) as stream:
            await stream.get_final_message()


async def test_tokens_and_models(client: AsyncAnthropic) -> None:
    counted = await client.messages.count_tokens(model="demo-chat", messages=said("Hello there."))
    assert counted.input_tokens > 0
    names = [model.id async for model in client.models.list()]
    assert "demo-chat" in names
