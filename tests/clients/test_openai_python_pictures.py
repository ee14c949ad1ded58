"""openai-python asks for pictures, through a real Chromium tab that runs the real userscript."""

import base64
from collections.abc import AsyncIterator, Iterator
from io import BytesIO

import httpx2
import openai
import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from openai.types import ImageEditCompletedEvent, ImageGenCompletedEvent
from PIL import Image

from lmarena_bridge.cli.demo import DemoChain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

MODEL = "demo-painter"


@pytest_asyncio.fixture(loop_scope="session")
async def client(demo: DemoChain) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=f"{demo.server.url}/v1", api_key="any", max_retries=0, timeout=30
    ) as client:
        yield client


@pytest.fixture
def pictures_on_the_site(demo: DemoChain) -> Iterator[None]:
    """Links that only a tab of the site can open."""
    before, demo.arena.image_base = demo.arena.image_base, "https://lmarena.ai"
    yield
    demo.arena.image_base = before


def photo(color: str = "red") -> bytes:
    file = BytesIO()
    Image.new("RGB", (8, 8), color).save(file, "PNG")
    return file.getvalue()


def opened(data: bytes | str | None) -> Image.Image:
    """The picture, or a failure if it is none."""
    raw = base64.b64decode(data) if isinstance(data, str) else data or b""
    image = Image.open(BytesIO(raw))
    image.load()
    return image


async def seen(address: str) -> bytes:
    async with httpx2.AsyncClient() as browser:
        answer = await browser.get(address)
        assert answer.status_code == 200
        return answer.content


async def test_pictures_by_link(demo: DemoChain, client: AsyncOpenAI) -> None:
    answer = await client.images.generate(model=MODEL, prompt="a hedgehog", n=2, size="1024x1024")
    assert answer.data is not None
    assert len(answer.data) == 2
    for image in answer.data:
        assert (image.url or "").startswith(f"{demo.server.url}/images/")
        assert opened(await seen(image.url or "")).format == "PNG"


async def test_pictures_by_their_bytes(client: AsyncOpenAI) -> None:
    answer = await client.images.generate(
        model=MODEL, prompt="a hedgehog", response_format="b64_json", quality="hd", style="vivid"
    )
    assert answer.data is not None
    assert opened(answer.data[0].b64_json).format == "PNG"


async def test_a_stream_of_pictures(client: AsyncOpenAI) -> None:
    stream = await client.images.generate(
        model=MODEL, prompt="a hedgehog", n=2, stream=True, partial_images=1
    )
    events = [event async for event in stream]
    assert len(events) == 2
    for event in events:
        assert isinstance(event, ImageGenCompletedEvent)
        assert opened(event.b64_json).format == "PNG"


async def test_pictures_are_changed(demo: DemoChain, client: AsyncOpenAI) -> None:
    answer = await client.images.edit(
        model=MODEL,
        prompt="make it blue",
        image=[("one.png", photo("red")), ("two.png", photo("green"))],
    )
    assert answer.data is not None
    assert opened(await seen(answer.data[0].url or "")).format == "PNG"
    one = await client.images.edit(model=MODEL, prompt="make it blue", image=photo())
    assert len(one.data or []) == 1


async def test_a_stream_of_changed_pictures(client: AsyncOpenAI) -> None:
    stream = await client.images.edit(model=MODEL, prompt="make it blue", image=photo(), stream=True)
    (event,) = [event async for event in stream]
    assert isinstance(event, ImageEditCompletedEvent)
    assert opened(event.b64_json).format == "PNG"


async def test_a_mask_is_refused_with_another_way(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.BadRequestError, match="say in the prompt"):
        await client.images.edit(model=MODEL, prompt="x", image=photo(), mask=photo())


async def test_refusals_are_those_that_the_library_knows(client: AsyncOpenAI) -> None:
    with pytest.raises(openai.UnprocessableEntityError, match="refused the content"):
        await client.images.generate(model=MODEL, prompt="x #arena:422")
    with pytest.raises(openai.BadRequestError, match="draws no pictures"):
        await client.images.generate(model="demo-chat", prompt="x")
    with pytest.raises(openai.APIError, match="could not be downloaded"):
        stream = await client.images.generate(model=MODEL, prompt="x #arena:expired", stream=True)
        async for event in stream:
            raise AssertionError(event)


@pytest.mark.usefixtures("pictures_on_the_site")
async def test_links_that_need_the_login_are_opened_by_the_tab(demo: DemoChain, client: AsyncOpenAI) -> None:
    answer = await client.images.generate(model=MODEL, prompt="a badger", n=2)
    for image in answer.data or []:
        assert (image.url or "").startswith(f"{demo.server.url}/images/")
        assert opened(await seen(image.url or "")).format == "PNG"


async def test_several_answers_with_pictures_in_a_chat(demo: DemoChain, client: AsyncOpenAI) -> None:
    stream = await client.chat.completions.create(
        model=MODEL, messages=[{"role": "user", "content": "a hedgehog"}], n=3, stream=True
    )
    texts = {0: "", 1: "", 2: ""}
    ends = []
    async for chunk in stream:
        for choice in chunk.choices:
            texts[choice.index] += choice.delta.content or ""
            ends += [choice.index] if choice.finish_reason else []
    assert sorted(ends) == [0, 1, 2]
    for text in texts.values():
        assert text.startswith(f"![image]({demo.server.url}/images/")
    whole = await client.chat.completions.create(
        model="demo-chat", messages=[{"role": "user", "content": "What is 6 * 7?"}], n=3
    )
    assert ["42" in (choice.message.content or "") for choice in whole.choices] == [True] * 3
