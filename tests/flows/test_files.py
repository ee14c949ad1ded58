"""/v1/files: uploaded once, named in messages; judged by OpenAI's own types."""

import asyncio
import base64
import json
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from openai.types import FileDeleted, FileObject

from lmarena_bridge.storage.file_store import FileStore
from support.chain import Chain
from support.chain import chain as start

PDF = b"%PDF-1.7\nZa\xc5\xbc\xc3\xb3\xc5\x82\xc4\x87"


async def upload(
    chain: Chain, data: bytes = PDF, name: str = "Umowa.pdf", fields: dict[str, str] | None = None
) -> Any:
    return await chain.client.post("/v1/files", files={"file": (name, data)}, data=fields)


async def kept(chain: Chain, **fields: str) -> FileObject:
    answer = await upload(chain, fields=fields)
    assert answer.status_code == 200, answer.text
    return FileObject.model_validate_json(answer.content, strict=True)


def asking(file_id: str) -> dict[str, Any]:
    content = [{"type": "text", "text": "Read it"}, {"type": "file", "file": {"file_id": file_id}}]
    return {"model": "demo-chat", "messages": [{"role": "user", "content": content}]}


async def test_an_uploaded_file_goes_with_every_message_that_names_it(chain: Chain) -> None:
    file = await kept(chain, purpose="user_data")
    assert (file.filename, file.bytes, file.purpose) == ("Umowa.pdf", len(PDF), "user_data")
    for _ in range(2):
        assert (await chain.client.post("/v1/chat/completions", json=asking(file.id))).status_code == 200
        (message,) = chain.arena.journal.streams()[-1].body["messages"]
        assert message["experimental_attachments"] == [
            {
                "name": "Umowa.pdf",
                "contentType": "application/pdf",
                "url": f"data:application/pdf;base64,{base64.b64encode(PDF).decode()}",
            }
        ]


async def test_files_can_be_listed_looked_at_read_and_removed(chain: Chain) -> None:
    file, other = await kept(chain), await kept(chain, purpose="vision")
    listed = (await chain.client.get("/v1/files")).json()
    assert {each["id"] for each in listed["data"]} == {file.id, other.id}
    chosen = (await chain.client.get("/v1/files", params={"purpose": "vision"})).json()
    assert [each["id"] for each in chosen["data"]] == [other.id]
    one = await chain.client.get(f"/v1/files/{file.id}")
    assert FileObject.model_validate_json(one.content, strict=True) == file
    content = await chain.client.get(f"/v1/files/{file.id}/content")
    assert content.content == PDF
    gone = await chain.client.delete(f"/v1/files/{file.id}")
    assert FileDeleted.model_validate_json(gone.content, strict=True).deleted
    for answer in (
        await chain.client.get(f"/v1/files/{file.id}"),
        await chain.client.get(f"/v1/files/{file.id}/content"),
        await chain.client.delete(f"/v1/files/{file.id}"),
    ):
        assert (answer.status_code, answer.json()["error"]["code"]) == (404, "file_not_found")
    refused = await chain.client.post("/v1/chat/completions", json=asking(file.id))
    assert (refused.status_code, refused.json()["error"]["param"]) == (
        400,
        "messages[0].content[1].file.file_id",
    )


async def test_a_file_is_handed_out_so_that_nothing_in_it_can_run(chain: Chain) -> None:
    answer = await upload(chain, b"<script>alert(1)</script>", "evil.html")
    content = await chain.client.get(f"/v1/files/{answer.json()['id']}/content")
    assert content.headers["content-type"] == "application/octet-stream"
    assert content.headers["content-disposition"].startswith("attachment")
    assert content.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in content.headers["content-security-policy"]


@pytest.mark.parametrize(
    ("name", "clean"),
    [("../../etc/passwd", "passwd"), ("C:\\a\\b.txt", "b.txt"), ("Zażółć 🦔.txt", "Zażółć 🦔.txt")],
)
async def test_a_name_is_never_a_place(chain: Chain, name: str, clean: str) -> None:
    answer = await upload(chain, name=name)
    assert answer.json()["filename"] == clean
    folder = chain.server.services.home.state / "files"
    assert {path.name.removesuffix(".json") for path in folder.iterdir()} == {answer.json()["id"]}


async def test_a_file_that_expires_says_when(chain: Chain) -> None:
    file = await kept(chain, **{"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"})
    assert file.expires_at == file.created_at + 3600


@pytest.mark.parametrize(
    ("fields", "param"),
    [({"purpose": "nonsense"}, "purpose"), ({"expires_after[seconds]": "1"}, "expires_after[seconds]")],
)
async def test_a_form_that_is_wrong_is_refused_and_nothing_is_kept(
    chain: Chain, fields: dict[str, str], param: str
) -> None:
    answer = await upload(chain, fields=fields)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert (await chain.client.get("/v1/files")).json()["data"] == []


async def test_a_form_without_a_file_is_refused(chain: Chain) -> None:
    answer = await chain.client.post("/v1/files", files={"other": ("a", b"x")})
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, "file")
    answer = await chain.client.post("/v1/files", json={"file": "x"})
    assert answer.status_code == 400
    assert "multipart/form-data" in answer.json()["error"]["message"]


async def test_a_file_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"max_body_bytes": 100_000}) as chain:
        assert (await upload(chain, bytes(200_000))).status_code == 413
        assert (await chain.client.get("/v1/files")).json()["data"] == []


async def test_a_disk_that_is_full_says_so(chain: Chain, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(FileStore, "save", full)
    answer = await upload(chain)
    assert (answer.status_code, answer.json()["error"]["code"]) == (507, "not_stored")
    assert "No space left" in answer.json()["error"]["message"]


async def test_files_are_behind_the_key(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "secret"}) as chain:
        for method, path in (("GET", "/v1/files"), ("POST", "/v1/files"), ("DELETE", "/v1/files/file-1")):
            assert (await chain.client.request(method, path)).status_code == 401


async def test_files_are_there_for_the_key_they_came_with_alone(tmp_path: Path) -> None:
    keys = [{"name": name, "key": f"sk-{name}"} for name in ("ann", "ben")]
    async with start(tmp_path, settings={"api_key": ""}) as chain:
        everybody_s = await kept(chain)
        chain.server.services.home.settings.write_text(json.dumps({"api_key": keys}), encoding="utf-8")
        chain.client.headers["authorization"] = "Bearer sk-ann"
        file = await kept(chain)
        chain.client.headers["authorization"] = "Bearer sk-ben"
        assert await listed(chain) == {everybody_s.id}
        for method, path in (("GET", ""), ("GET", "/content"), ("DELETE", "")):
            refused = await chain.client.request(method, f"/v1/files/{file.id}{path}")
            assert (refused.status_code, refused.json()["error"]["code"]) == (404, "file_not_found")
        refused = await chain.client.post("/v1/chat/completions", json=asking(file.id))
        assert refused.status_code == 400
        assert "no such file" in refused.json()["error"]["message"]
        chain.client.headers["authorization"] = "Bearer sk-ann"
        assert await listed(chain) == {everybody_s.id, file.id}
        assert (await chain.client.post("/v1/chat/completions", json=asking(file.id))).status_code == 200
        assert (await chain.client.delete(f"/v1/files/{file.id}")).status_code == 200


async def listed(chain: Chain) -> set[str]:
    return {each["id"] for each in (await chain.client.get("/v1/files")).json()["data"]}


async def test_twenty_uploads_at_once_are_twenty_files(chain: Chain) -> None:
    answers = await asyncio.gather(*(upload(chain, PDF + b"%d" % n) for n in range(20)))
    ids = [answer.json()["id"] for answer in answers]
    assert len(set(ids)) == 20
    for number, file_id in enumerate(ids):
        assert (await chain.client.get(f"/v1/files/{file_id}/content")).content == PDF + b"%d" % number


async def test_so_does_one_that_is_full_before_the_form_is_read(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("lmarena_bridge.server.form.MultiPartParser.parse", full)
    assert (await upload(chain)).json()["error"]["code"] == "not_stored"


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(chain: Chain) -> None:
    async def half() -> AsyncIterator[bytes]:
        yield b'--x\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n' + bytes(100_000)
        raise OSError("gone")

    with pytest.raises(OSError, match="gone"):
        await chain.client.post(
            "/v1/files",
            content=half(),
            headers={"content-type": "multipart/form-data; boundary=x", "content-length": "200000"},
        )
    assert (await chain.client.get("/v1/files")).json()["data"] == []
    folder = chain.server.services.home.state / "files"
    assert not folder.exists() or list(folder.iterdir()) == []
