"""Every way of attaching a file, through bridge and tab to the site, which looks at bytes and types."""

import base64
import json
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

from support.chain import Chain
from support.chain import chain as start

Part = dict[str, Any]

HEADS = {
    "image/png": b"\x89PNG\r\n\x1a\n",
    "image/jpeg": b"\xff\xd8\xff\xe0",
    "image/gif": b"GIF89a",
    "image/webp": b"RIFF\0\0\0\0WEBP",
    "audio/wav": b"RIFF\0\0\0\0WAVE",
    "audio/mpeg": b"ID3\x03",
    "video/mp4": b"\0\0\0\x1cftypisom",
    "video/webm": b"\x1aE\xdf\xa3",
    "application/pdf": b"%PDF-1.7\n",
    "application/zip": b"PK\x03\x04",
    "text/plain": b"def main() -> None: ...",
}


def encoded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def uri(kind: str, data: bytes) -> str:
    return f"data:{kind};base64,{encoded(data)}"


def image(url: str) -> Part:
    return {"type": "image_url", "image_url": {"url": url, "detail": "high"}}


def text(words: str) -> Part:
    return {"type": "text", "text": words}


def user(*parts: Part) -> Part:
    return {"role": "user", "content": list(parts)}


def file(data: bytes, name: str | None = None, kind: str = "") -> Part:
    said = uri(kind, data) if kind else encoded(data)
    return {"type": "file", "file": {"file_data": said, "filename": name}}


async def ask(chain: Chain, *messages: Part, model: str = "demo-chat") -> Any:
    return await chain.client.post("/v1/chat/completions", json={"model": model, "messages": messages})


async def arrived(chain: Chain, *messages: Part, model: str = "demo-chat") -> list[list[Part]]:
    """The attachments of each message as the site got them."""
    answer = await ask(chain, *messages, model=model)
    assert answer.status_code == 200, answer.text
    sent = chain.arena.journal.streams()[-1].body["messages"]
    return [message["experimental_attachments"] for message in sent]


def held(attachment: Part) -> tuple[str, str, bytes]:
    """Name, type and bytes."""
    head, _, data = attachment["url"].partition(";base64,")
    assert head == f"data:{attachment['contentType']}"
    return attachment["name"], attachment["contentType"], base64.b64decode(data, validate=True)


async def test_every_kind_of_part_arrives_with_its_bytes_and_its_type(chain: Chain) -> None:
    png, wav, pdf = HEADS["image/png"], HEADS["audio/wav"], HEADS["application/pdf"]
    (files,) = await arrived(
        chain,
        user(
            text("What did I attach?"),
            image(uri("image/png", png)),
            image("https://example.org/cat.jpg"),
            {"type": "input_audio", "input_audio": {"data": encoded(wav), "format": "wav"}},
            file(pdf, "../Umowa nr 7.pdf", "application/pdf"),
            file(HEADS["video/mp4"], "clip.mp4", "video/mp4"),
            file(HEADS["text/plain"], "main.py"),
        ),
    )
    assert [held(each) for each in files if each["url"].startswith("data:")] == [
        ("image_1.png", "image/png", png),
        ("audio_3.wav", "audio/wav", wav),
        ("Umowa nr 7.pdf", "application/pdf", pdf),
        ("clip.mp4", "video/mp4", HEADS["video/mp4"]),
        ("main.py", "text/plain", HEADS["text/plain"]),
    ]
    assert files[1] == {
        "name": "image_2.jpg",
        "contentType": "image/jpeg",
        "url": "https://example.org/cat.jpg",
    }


async def test_files_of_earlier_turns_stay_where_they_are(chain: Chain) -> None:
    png, pdf = HEADS["image/png"], HEADS["application/pdf"]
    files = await arrived(
        chain,
        user(text("Look"), image(uri("image/png", png)), image(uri("image/png", png + b"2"))),
        {"role": "assistant", "content": "A cat."},
        user(text("And this?"), file(pdf, "a.pdf")),
    )
    assert [[held(each)[2] for each in of_message] for of_message in files] == [
        [png, png + b"2"],
        [],
        [pdf],
    ]


@pytest.mark.parametrize("kind", HEADS)
async def test_a_type_that_is_missing_or_wrong_is_put_right(chain: Chain, kind: str) -> None:
    data = HEADS[kind] + b" more"
    wrong = "image/png" if kind != "image/png" else "image/jpeg"
    ((bare, nothing, wrongly),) = await arrived(
        chain,
        user(
            file(data),
            image(f"data:;base64,{encoded(data)}"),
            image(uri(wrong, data)) if kind != "text/plain" else file(data),
        ),
    )
    assert {held(each)[1:] for each in (bare, nothing, wrongly)} == {(kind, data)}


ODD_NAMES = (
    "żółw.png",
    "../../../etc/passwd",
    "C:\\Windows\\win.ini",
    "a\0b.txt",
    "\u202egpj.exe",
    "👨\u200d👩\u200d👧.png",
    "a" * 500 + ".pdf",
    "con",
    ".",
    "",
    "<script>.html",
    '"quoted".txt',
    "new\nline.md",
    "no extension",
    "many...dots",
    " ",
    "a/b/",
    "%2e%2e%2f",
    "名前.txt",
    "x.tar.gz",
)


async def test_two_hundred_files_of_odd_names_and_types(chain: Chain) -> None:
    kinds = list(HEADS)
    parts, wanted = [], []
    for number in range(200):
        name, kind = ODD_NAMES[number % len(ODD_NAMES)], kinds[number % len(kinds)]
        data = HEADS[kind] + f" {number}".encode()
        said = ("", "application/octet-stream", "nonsense", kind)[number % 4]
        parts.append(file(data, name, said) if said else file(data, name))
        wanted.append(data)
    (files,) = await arrived(chain, user(*parts))
    assert [held(each)[2] for each in files] == wanted
    names = [each["name"] for each in files]
    assert all(0 < len(name) <= 120 and not set(name) & set("/\\\0\n") for name in names)
    # A type of its own (`html`, say) may be believed where a name tells it; none is left open.
    assert not [each for each in files if each["contentType"] in ("", "nonsense")]


async def test_an_attachment_that_is_too_large_is_named_before_anything_is_sent(chain: Chain) -> None:
    answer = await ask(
        chain, user(text("Look"), file(HEADS["application/pdf"] + bytes(6_000_000), "big.pdf"))
    )
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) == (413, "request_too_large")
    assert "'big.pdf' of 6.0 MB" in error["message"]
    assert "file_bed_enabled" in error["message"]
    assert chain.arena.journal.streams() == []


async def test_a_conversation_that_is_too_large_says_so(chain: Chain) -> None:
    answer = await ask(chain, user(text("x" * 6_000_000)))
    assert answer.status_code == 413
    assert "This conversation is too large" in answer.json()["error"]["message"]
    assert chain.arena.journal.streams() == []


async def test_what_a_model_does_not_take_is_refused_by_name(chain: Chain) -> None:
    home, model = chain.server.services.home, "demo-chat"
    ids = json.loads((home.path / "models.json").read_text(encoding="utf-8"))
    takes = [
        (ids[model], {"text": True}),
        ("019ade00-0001-7a00-8a00-0000000000ff", {"text": True, "image": True}),
    ]
    listed = [
        {"id": each, "publicName": each, "capabilities": {"inputCapabilities": inputs}}
        for each, inputs in takes
    ]
    (home.path / "available_models.json").write_text(json.dumps(listed), encoding="utf-8")
    answer = await ask(chain, user(text("Look"), image(uri("image/png", HEADS["image/png"]))))
    assert answer.status_code == 400
    assert "'demo-chat' does not take images" in answer.json()["error"]["message"]
    # The list names audio for no model, so it says nothing about it.
    await arrived(chain, user(file(HEADS["audio/mpeg"], "a.mp3")))
    (home.path / "available_models.json").write_text("damaged", encoding="utf-8")
    await arrived(chain, user(image(uri("image/png", HEADS["image/png"]))))


def photo(width: int, height: int, kind: str = "PNG") -> bytes:
    """Noise, so that it cannot be packed well."""
    target = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(target, kind)
    return target.getvalue()


async def test_images_are_scaled_down_if_wanted(tmp_path: Path) -> None:
    big, small = photo(1600, 1200), photo(40, 30)
    async with start(tmp_path, settings={"image_max_bytes": 100_000}) as chain:
        (files,) = await arrived(
            chain,
            user(
                image(uri("image/png", big)),
                image(uri("image/png", small)),
                file(HEADS["application/pdf"] + bytes(200_000), "a.pdf"),
            ),
        )
        name, kind, data = held(files[0])
        assert (name, kind) == ("image_1.jpg", "image/jpeg")
        assert len(data) <= 100_000
        with Image.open(BytesIO(data)) as scaled:
            assert scaled.width / scaled.height == pytest.approx(4 / 3, abs=0.05)
            assert scaled.width > 200
        assert held(files[1])[2] == small
        assert len(held(files[2])[2]) > 200_000
    assert len(encoded(big)) > 5 * 1024 * 1024  # it would not have fitted


async def test_without_the_setting_images_are_not_touched(chain: Chain) -> None:
    data = photo(600, 400)
    ((attached,),) = await arrived(chain, user(image(uri("image/png", data))))
    assert held(attached)[2] == data


async def test_a_picture_of_an_earlier_answer_goes_along_with_now_make_it_blue(chain: Chain) -> None:
    drawn = (await ask(chain, user(text("a hedgehog")), model="demo-painter")).json()
    said = drawn["choices"][0]["message"]["content"]
    assert chain.server.url in said
    files = await arrived(
        chain,
        user(text("a hedgehog")),
        {"role": "assistant", "content": said},
        user(text("now make it blue")),
        model="demo-painter",
    )
    assert [len(of_message) for of_message in files] == [0, 1, 0]
    _, kind, data = held(files[1][0])
    assert kind == "image/png"
    link = said.partition("](")[2].partition(")")[0]
    assert (await chain.client.get(link)).content == data


async def test_an_address_in_an_answer_that_is_none_stays_text(chain: Chain) -> None:
    files = await arrived(
        chain,
        {"role": "assistant", "content": "![a](http://[broken/images/a.png)"},
        user(text("now make it blue")),
        model="demo-painter",
    )
    assert files == [[], []]


@pytest.mark.parametrize(
    ("setting", "model", "count"),
    [
        ("off", "demo-painter", 0),
        ("image_models", "demo-chat", 0),
        ("all", "demo-chat", 1),
        ("all", "demo-painter", 1),
    ],
)
async def test_which_models_get_such_pictures_is_a_setting(
    tmp_path: Path, setting: str, model: str, count: int
) -> None:
    async with start(tmp_path, settings={"markdown_images": setting}) as chain:
        files = await arrived(
            chain,
            {"role": "assistant", "content": "![image](https://example.org/a.png)"},
            user(text("now make it blue")),
            model=model,
        )
        assert sum(map(len, files)) == count


# -- the file bed --------------------------------------------------------------------------------------------


async def test_with_the_file_bed_the_link_stands_in_the_text(tmp_path: Path) -> None:
    data = HEADS["application/pdf"] + bytes(7_000_000)
    async with start(tmp_path, settings={"file_bed_enabled": True}) as chain:
        answer = await ask(chain, user(text("Read this."), file(data, "big.pdf")))
        assert answer.status_code == 200, answer.text
        (sent,) = chain.arena.journal.streams()[-1].body["messages"]
        assert sent["experimental_attachments"] == []
        before, _, link = sent["content"].partition("\n\nbig.pdf: ")
        assert before == "Read this."
        assert (await chain.client.get(link)).content == data


async def test_or_it_takes_the_place_of_the_file(tmp_path: Path) -> None:
    data = HEADS["image/png"] + b"x"
    settings = {"file_bed_enabled": True, "file_bed_mode": "attachment", "api_key": "secret"}
    async with start(tmp_path, settings=settings) as chain:
        chain.client.headers["authorization"] = "Bearer secret"
        (files,) = await arrived(
            chain, user(image(uri("image/png", data)), image("https://example.org/cat.jpg"))
        )
        assert [each["name"] for each in files] == ["image_1.png", "image_2.jpg"]
        assert (await chain.client.get(files[0]["url"])).content == data
        assert files[1]["url"] == "https://example.org/cat.jpg"


async def test_a_file_is_uploaded_once_however_many_answers_and_turns_want_it(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"file_bed_enabled": True}) as chain:
        messages = [user(text("Read this."), file(HEADS["application/pdf"], "a.pdf"))]
        for n in (3, 1):
            body = {"model": "demo-chat", "messages": messages, "n": n}
            assert (await chain.client.post("/v1/chat/completions", json=body)).status_code == 200
        sent = {entry.body["messages"][0]["content"] for entry in chain.arena.journal.streams()}
        assert len(chain.arena.journal.streams()) == 4
        assert len(sent) == 1


async def test_a_file_bed_that_is_not_there_is_an_error_of_its_own(tmp_path: Path) -> None:
    settings = {"file_bed_enabled": True, "file_bed_upload_url": "http://127.0.0.1:1/upload"}
    async with start(tmp_path, settings=settings) as chain:
        answer = await ask(chain, user(file(b"words", "a.txt")))
        assert (answer.status_code, answer.json()["error"]["code"]) == (502, "file_bed")
        assert "file_bed_upload_url" in answer.json()["error"]["message"]
        assert chain.arena.journal.streams() == []
