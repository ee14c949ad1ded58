"""Files of openai-python, through a real Chromium tab to the arena, which looks at bytes and types."""

import base64
from collections.abc import AsyncIterator
from io import BytesIO
from typing import Any

import openai
import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from PIL import Image

from lmarena_bridge.cli.demo import DemoChain

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

PDF = b"%PDF-1.7\nZa\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87"
WAV = b"RIFF\x24\0\0\0WAVEfmt " + bytes(40)


@pytest_asyncio.fixture(loop_scope="session")
async def client(demo: DemoChain) -> AsyncIterator[AsyncOpenAI]:
    async with AsyncOpenAI(
        base_url=f"{demo.server.url}/v1", api_key="any", max_retries=0, timeout=60
    ) as client:
        yield client


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def png(side: int = 32) -> bytes:
    target = BytesIO()
    Image.effect_noise((side, side), 90).convert("RGB").save(target, "PNG")
    return target.getvalue()


async def seen(demo: DemoChain, client: AsyncOpenAI, *parts: Any) -> tuple[str, list[tuple[str, str, bytes]]]:
    """What the model says, and name, type and bytes of the attachments that the arena received."""
    question: Any = {"role": "user", "content": [{"type": "text", "text": "What did I attach?"}, *parts]}
    answer = await client.chat.completions.create(model="demo-chat", messages=[question])
    sent = demo.arena.journal.streams()[-1].body["messages"][-1]["experimental_attachments"]
    files = [
        (each["name"], each["contentType"], base64.b64decode(each["url"].partition(",")[2])) for each in sent
    ]
    return answer.choices[0].message.content or "", files


async def test_images_audio_and_documents_in_one_message(demo: DemoChain, client: AsyncOpenAI) -> None:
    picture = png()
    said, files = await seen(
        demo,
        client,
        {
            "type": "image_url",
            "image_url": {"url": f"data:image/png;base64,{encoded(picture)}", "detail": "low"},
        },
        {"type": "input_audio", "input_audio": {"data": encoded(WAV), "format": "wav"}},
        {"type": "file", "file": {"file_data": encoded(PDF), "filename": "Umowa.pdf"}},
        {
            "type": "file",
            "file": {"file_data": f"data:text/x-python;base64,{encoded(b'print(1)')}", "filename": "a.py"},
        },
    )
    assert files == [
        ("image_1.png", "image/png", picture),
        ("audio_2.wav", "audio/wav", WAV),
        ("Umowa.pdf", "application/pdf", PDF),
        ("a.py", "text/x-python", b"print(1)"),
    ]
    assert "You attached 4 files" in said
    assert f"image_1.png (image/png, {len(picture)} bytes)" in said


async def test_a_file_that_was_uploaded_before(demo: DemoChain, client: AsyncOpenAI) -> None:
    kept = await client.files.create(file=("Umowa.pdf", PDF), purpose="user_data")
    assert (kept.filename, kept.bytes, kept.status) == ("Umowa.pdf", len(PDF), "processed")
    assert (await client.files.retrieve(kept.id)) == kept
    assert kept.id in [each.id async for each in client.files.list()]
    assert (await client.files.content(kept.id)).content == PDF
    said, files = await seen(demo, client, {"type": "file", "file": {"file_id": kept.id}})
    assert files == [("Umowa.pdf", "application/pdf", PDF)]
    assert "Umowa.pdf (application/pdf" in said
    assert (await client.files.delete(kept.id)).deleted
    with pytest.raises(openai.NotFoundError, match="no file"):
        await client.files.retrieve(kept.id)


async def test_three_megabytes_of_image_arrive_whole(demo: DemoChain, client: AsyncOpenAI) -> None:
    picture = png(1000)
    assert len(picture) > 1_500_000
    url = f"data:image/png;base64,{encoded(picture)}"
    _, files = await seen(demo, client, {"type": "image_url", "image_url": {"url": url}})
    assert files == [("image_1.png", "image/png", picture)]


async def test_what_is_too_large_is_named_and_not_repeated(demo: DemoChain, client: AsyncOpenAI) -> None:
    before = demo.arena.journal.count
    with pytest.raises(openai.APIStatusError, match=r"'big\.pdf' of 6\.0 MB") as caught:
        await seen(
            demo,
            client,
            {"type": "file", "file": {"file_data": encoded(PDF + bytes(6_000_000)), "filename": "big.pdf"}},
        )
    assert caught.value.status_code == 413
    assert demo.arena.journal.count == before


async def test_now_make_it_blue(demo: DemoChain, client: AsyncOpenAI) -> None:
    drawn = await client.chat.completions.create(
        model="demo-painter", messages=[{"role": "user", "content": "a hedgehog"}]
    )
    said = drawn.choices[0].message.content or ""
    again = await client.chat.completions.create(
        model="demo-painter",
        messages=[
            {"role": "user", "content": "a hedgehog"},
            {"role": "assistant", "content": said},
            {"role": "user", "content": "now make it blue"},
        ],
    )
    assert "![" in (again.choices[0].message.content or "")
    messages = demo.arena.journal.streams()[-1].body["messages"]
    assert [(each["role"], len(each["experimental_attachments"])) for each in messages] == [
        ("user", 0),
        ("assistant", 1),
        ("user", 0),
    ]
    assert messages[1]["experimental_attachments"][0]["url"].startswith("data:image/png;base64,iVBORw0KGgo")
