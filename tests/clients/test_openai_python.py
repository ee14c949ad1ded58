"""openai-python, through a real Chromium tab that runs the real userscript, to the arena and back."""

import asyncio
import base64
from collections.abc import AsyncIterator

import httpx2
import openai
import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from openai.types.chat import ChatCompletionChunk

from lmarena_bridge.cli.demo import DemoChain
from support.chain import until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(loop_scope="session")
async def client(demo: DemoChain) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=f"{demo.server.url}/v1", api_key="any", max_retries=0, timeout=30
    ) as client:
        yield client


def said(chunks: list[ChatCompletionChunk]) -> str:
    return "".join(chunk.choices[0].delta.content or "" for chunk in chunks)


async def stream(client: AsyncOpenAI, text: str, model: str = "demo-chat") -> list[ChatCompletionChunk]:
    answer = await client.chat.completions.create(
        model=model, messages=[{"role": "user", "content": text}], stream=True
    )
    return [chunk async for chunk in answer]


async def test_a_streamed_answer(client: AsyncOpenAI) -> None:
    chunks = await stream(client, "Hi, I am Zażółć 🦔.")
    assert "Zażółć" in said(chunks)
    assert len(chunks) > 5
    assert chunks[-1].choices[0].finish_reason == "stop"


async def test_a_whole_answer_that_remembers(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="demo-chat",
        messages=[
            {"role": "developer", "content": "You are a pirate."},
            {"role": "user", "content": "My name is Ada."},
            {"role": "assistant", "content": "Ahoy!"},
            {"role": "user", "content": "What is my name?"},
        ],
    )
    assert "Ada" in (answer.choices[0].message.content or "")


async def test_a_picture_goes_out_and_a_picture_comes_back(client: AsyncOpenAI) -> None:
    png = base64.b64encode(b"\x89PNG\r\n\x1a\n" + bytes(100)).decode()
    seen = await client.chat.completions.create(
        model="demo-chat",
        messages=[
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "What did I attach?"},
                    {"type": "image_url", "image_url": {"url": f"data:image/png;base64,{png}"}},
                ],
            }
        ],
    )
    assert "image/png" in (seen.choices[0].message.content or "")
    drawn = said(await stream(client, "a hedgehog", "demo-painter"))
    address = drawn.removeprefix("![image](").partition(")")[0]
    async with httpx2.AsyncClient() as browser:
        assert (await browser.get(address)).content.startswith(b"\x89PNG")


async def test_models(client: AsyncOpenAI) -> None:
    names = [model.id async for model in client.models.list()]
    assert names[0] == "demo-chat"
    assert (await client.models.retrieve("demo-painter")).id == "demo-painter"


async def test_twenty_at_once(client: AsyncOpenAI) -> None:
    answers = await asyncio.gather(*(stream(client, f"What is {n} * 11?") for n in range(20)))
    for number, chunks in enumerate(answers):
        assert str(number * 11) in said(chunks)


@pytest.mark.parametrize(
    ("model", "directive", "kind", "words"),
    [
        ("nobody", "", openai.NotFoundError, "no model"),
        ("demo-chat", "#arena:422", openai.UnprocessableEntityError, "refused the content"),
        # A limit makes its session pause: of a model that no other test needs.
        ("demo-right", "#arena:429", openai.RateLimitError, "limit"),
        ("demo-chat", "#arena:500", openai.InternalServerError, "HTTP 500"),
        ("demo-chat", "#arena:empty", openai.InternalServerError, "empty answer"),
    ],
)
async def test_errors_are_those_that_the_library_knows(
    client: AsyncOpenAI, model: str, directive: str, kind: type[openai.APIStatusError], words: str
) -> None:
    with pytest.raises(kind, match=words):
        await stream(client, f"hi {directive}", model)


async def test_an_error_in_the_middle_is_raised_there(client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="demo-chat", messages=[{"role": "user", "content": "hi #arena:error-line"}], stream=True
    )
    heard = []
    with pytest.raises(openai.APIError, match="reported an error"):
        async for chunk in answer:
            heard.append(chunk)  # noqa: PERF401 - what came before the error is wanted
    assert said(heard)


async def test_closing_the_stream_stops_the_fetch_in_the_tab(demo: DemoChain, client: AsyncOpenAI) -> None:
    answer = await client.chat.completions.create(
        model="demo-chat", messages=[{"role": "user", "content": "hi #arena:hang"}], stream=True
    )
    await anext(aiter(answer))
    await answer.close()
    await until(lambda: not demo.arena.journal.open_streams, within=5)
    assert demo.arena.journal.entries[-1].state == "aborted"


async def test_thirty_two_megabytes_come_whole(client: AsyncOpenAI) -> None:
    text = said(await stream(client, "#arena:size=32000000"))
    assert len(text) == 32_000_000
