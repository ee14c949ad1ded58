"""openai-python's Responses, through a real Chromium tab to the arena and back."""

from collections.abc import AsyncIterator

import openai
import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from openai.types.responses import FunctionToolParam, ResponseInputParam
from pydantic import BaseModel

from lmarena_bridge.cli.demo import DemoChain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

WEATHER: FunctionToolParam = {
    "type": "function",
    "name": "get_weather",
    "description": "The weather of a city.",
    "strict": False,
    "parameters": {"type": "object", "properties": {"city": {"type": "string"}}, "required": ["city"]},
}


class Reading(BaseModel):
    city: str
    temperature: int


@pytest_asyncio.fixture(loop_scope="session")
async def client(demo: DemoChain) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=f"{demo.server.url}/v1", api_key="any", max_retries=0, timeout=30
    ) as client:
        yield client


async def test_a_stream_by_the_librarys_own_helper(client: AsyncOpenAI) -> None:
    async with client.responses.stream(model="demo-chat", input="Hi, I am Zażółć 🦔.") as stream:
        deltas = [event.delta async for event in stream if event.type == "response.output_text.delta"]
        whole = await stream.get_final_response()
    assert "Zażółć" in whole.output_text
    assert "".join(deltas) == whole.output_text
    assert whole.status == "completed"
    assert whole.usage is not None
    assert whole.usage.output_tokens > 0


async def test_a_conversation_goes_on_from_a_response(client: AsyncOpenAI) -> None:
    first = await client.responses.create(model="demo-chat", input="My name is Ada.")
    second = await client.responses.create(
        model="demo-chat", input="What is my name?", previous_response_id=first.id
    )
    assert "Ada" in second.output_text
    assert (await client.responses.retrieve(second.id)).output_text == second.output_text
    await client.responses.delete(second.id)
    with pytest.raises(openai.NotFoundError):
        await client.responses.retrieve(second.id)


async def test_an_answer_is_parsed_into_a_class(client: AsyncOpenAI) -> None:
    response = await client.responses.parse(
        model="demo-chat", input="The weather in Paris?", text_format=Reading
    )
    assert isinstance(response.output_parsed, Reading)


@pytest.mark.parametrize("model", ["demo-tools", "demo-tools-thinker", "demo-tools-sloppy"])
async def test_a_function_is_called_and_its_result_told(client: AsyncOpenAI, model: str) -> None:
    said: ResponseInputParam = [{"role": "user", "content": "What is the weather in Paris?"}]
    async with client.responses.stream(model=model, input=said, tools=[WEATHER]) as stream:
        called = await stream.get_final_response()
    (call,) = [item for item in called.output if item.type == "function_call"]
    assert call.name == "get_weather"
    assert "Paris" in call.arguments
    told = await client.responses.create(
        model=model,
        tools=[WEATHER],
        previous_response_id=called.id,
        input=[{"type": "function_call_output", "call_id": call.call_id, "output": "21 degrees and sunny"}],
    )
    assert "21" in told.output_text


async def test_errors_are_those_that_the_library_knows(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.NotFoundError, match="no model"):
        await client.responses.create(model="nobody", input="Hi")
    with pytest.raises(openai.BadRequestError, match="is kept"):
        await client.responses.create(model="demo-chat", input="Hi", previous_response_id="resp_gone")
