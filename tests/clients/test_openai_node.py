"""openai-node, through a real Chromium tab that runs the real userscript, to the arena and back."""

import asyncio
import base64
from typing import Any

import httpx2
import pytest

from lmarena_bridge.cli.demo import DemoChain
from support.node import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PNG = b"\x89PNG\r\n\x1a\n"

# `said` is what the lines of a test add to; the library's own errors are told with their status.
AROUND = """
const OpenAI = require("openai");
const client = new OpenAI({ baseURL: `${question}/v1`, apiKey: "any", maxRetries: 0, timeout: 30_000 });
const said = [];
async function refusal(asking) {
  try { await asking(); said.push(null); } catch (error) { said.push([error.status ?? 0, error.message]); }
}
(async () => { %s })().then(() => console.log(JSON.stringify(said)));
"""


async def run(demo: DemoChain, lines: str) -> list[Any]:
    return await asyncio.to_thread(ask, AROUND % lines, demo.server.url)


async def test_pictures_by_link_and_by_their_bytes(demo: DemoChain) -> None:
    asked = """
    const wanted = { model: "demo-painter", prompt: "a hedgehog", n: 2, size: "1024x1024", quality: "hd" };
    said.push((await client.images.generate(wanted)).data);
    said.push((await client.images.generate({ ...wanted, n: 1, response_format: "b64_json" })).data);
    """
    links, [whole] = await run(demo, asked)
    assert len(links) == 2
    async with httpx2.AsyncClient() as browser:
        for image in links:
            assert (await browser.get(image["url"])).content.startswith(PNG)
    assert base64.b64decode(whole["b64_json"]).startswith(PNG)


async def test_a_stream_of_pictures(demo: DemoChain) -> None:
    asked = """
    const wanted = { model: "demo-painter", prompt: "a hedgehog", n: 2, stream: true, partial_images: 1 };
    for await (const event of await client.images.generate(wanted)) said.push(event);
    """
    events = await run(demo, asked)
    assert [event["type"] for event in events] == ["image_generation.completed"] * 2
    assert all(base64.b64decode(event["b64_json"]).startswith(PNG) for event in events)


async def test_pictures_are_changed_and_masks_refused(demo: DemoChain) -> None:
    photo = base64.b64encode(PNG + bytes(60)).decode()
    asked = f"""
    const photo = (name) => OpenAI.toFile(Buffer.from("{photo}", "base64"), name, {{ type: "image/png" }});
    const wanted = {{ model: "demo-painter", prompt: "make it blue" }};
    said.push((await client.images.edit({{ ...wanted, image: await photo("a.png") }})).data);
    const several = [await photo("a.png"), await photo("b.png")];
    said.push((await client.images.edit({{ ...wanted, image: several, n: 2 }})).data);
    const masked = {{ ...wanted, image: await photo("a.png"), mask: await photo("mask.png") }};
    await refusal(() => client.images.edit(masked));
    """
    one, two, (status, message) = await run(demo, asked)
    assert (len(one), len(two)) == (1, 2)
    assert all(image["url"].startswith(f"{demo.server.url}/images/") for image in (*one, *two))
    assert status == 400
    assert "say in the prompt" in message


async def test_several_answers_of_a_chat(demo: DemoChain) -> None:
    asked = """
    const wanted = { messages: [{ role: "user", content: "What is 6 * 7?" }], n: 3 };
    const texts = ["", "", ""], ends = [0, 0, 0];
    const streamed = { ...wanted, model: "demo-chat", stream: true };
    for await (const { choices } of await client.chat.completions.create(streamed))
      for (const { index, delta, finish_reason } of choices) {
        texts[index] += delta.content ?? "";
        if (finish_reason) ends[index] += 1;
      }
    said.push(texts, ends);
    const drawn = await client.chat.completions.create({ ...wanted, model: "demo-painter" });
    said.push(drawn.choices.map(({ index, message }) => [index, message.content]));
    """
    texts, ends, drawn = await run(demo, asked)
    assert all("42" in text for text in texts)
    assert ends == [1, 1, 1]
    assert [index for index, _ in drawn] == [0, 1, 2]
    assert all(content.startswith(f"![image]({demo.server.url}/images/") for _, content in drawn)


async def test_refusals_are_those_that_the_library_knows(demo: DemoChain) -> None:
    asked = """
    await refusal(() => client.images.generate({ model: "demo-painter", prompt: "x #arena:422" }));
    await refusal(() => client.images.generate({ model: "demo-chat", prompt: "x" }));
    await refusal(async () => {
      const wanted = { model: "demo-painter", prompt: "x #arena:expired", stream: true };
      for await (const event of await client.images.generate(wanted)) said.push(event);
    });
    """
    refused, no_painter, not_fetched = await run(demo, asked)
    assert refused[0] == 422
    assert no_painter[0] == 400
    assert "could not be downloaded" in not_fetched[1]
