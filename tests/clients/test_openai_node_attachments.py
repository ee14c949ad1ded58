"""Files of openai-node, through a real Chromium tab to the arena, which looks at bytes and types."""

import asyncio
import base64
from typing import Any

import pytest

from lmarena_bridge.cli.demo import DemoChain
from support.node import ask

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PNG = b"\x89PNG\r\n\x1a\n" + bytes(60)
PDF = b"%PDF-1.7\nZa\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87"
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(40)

AROUND = """
const OpenAI = require("openai");
const client = new OpenAI({ baseURL: `${question.url}/v1`, apiKey: "any", maxRetries: 0, timeout: 30_000 });
const said = [];
async function seen(...parts) {
  const content = [{ type: "text", text: "What did I attach?" }, ...parts];
  const messages = [{ role: "user", content }];
  const answer = await client.chat.completions.create({ model: "demo-chat", messages });
  said.push(answer.choices[0].message.content);
}
(async () => { %s })().then(() => console.log(JSON.stringify(said)));
"""


async def run(demo: DemoChain, lines: str) -> list[Any]:
    files = {
        name: base64.b64encode(data).decode() for name, data in (("png", PNG), ("pdf", PDF), ("wav", WAV))
    }
    return await asyncio.to_thread(ask, AROUND % lines, {"url": demo.server.url, **files})


def received(demo: DemoChain) -> list[tuple[str, str, bytes]]:
    """Name, type and bytes of the attachments that the arena received last."""
    sent = demo.arena.journal.streams()[-1].body["messages"][-1]["experimental_attachments"]
    return [
        (each["name"], each["contentType"], base64.b64decode(each["url"].partition(",")[2])) for each in sent
    ]


async def test_images_audio_and_documents_in_one_message(demo: DemoChain) -> None:
    asked = """
    const pdf = `data:application/pdf;base64,${question.pdf}`;
    await seen(
      { type: "image_url", image_url: { url: `data:image/png;base64,${question.png}` } },
      { type: "input_audio", input_audio: { data: question.wav, format: "wav" } },
      { type: "file", file: { filename: "Umowa.pdf", file_data: pdf } },
    );
    """
    (said,) = await run(demo, asked)
    assert "You attached 3 files" in said
    assert received(demo) == [
        ("image_1.png", "image/png", PNG),
        ("audio_2.wav", "audio/wav", WAV),
        ("Umowa.pdf", "application/pdf", PDF),
    ]


async def test_a_file_that_was_uploaded_before(demo: DemoChain) -> None:
    asked = """
    const pdf = Buffer.from(question.pdf, "base64");
    const file = await OpenAI.toFile(pdf, "Umowa.pdf", { type: "application/pdf" });
    const kept = await client.files.create({ file, purpose: "user_data" });
    await seen({ type: "file", file: { file_id: kept.id } });
    said.push(kept.bytes, (await client.files.delete(kept.id)).deleted);
    """
    said, size, deleted = await run(demo, asked)
    assert "Umowa.pdf (application/pdf" in said
    assert (size, deleted) == (len(PDF), True)
    assert received(demo) == [("Umowa.pdf", "application/pdf", PDF)]
