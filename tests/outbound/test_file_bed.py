"""The client of a file bed against beds of all kinds, over real sockets."""

import asyncio
import base64
import json
from collections.abc import AsyncGenerator, Callable
from contextlib import asynccontextmanager
from typing import Any

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from lmarena_bridge.core.chat.attachments import data_uri
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import FileBedError
from lmarena_bridge.demo.serving import serve_plainly
from lmarena_bridge.outbound.file_bed import FileBedClient, http_client

FILE = Attachment('Zażółć "1".png', "image/png", data_uri("image/png", b"\x89PNG\r\n\x1a\n" + bytes(600_000)))

Answer = Callable[[dict[str, Any]], tuple[int, object]]


@asynccontextmanager
async def bed(answer: Answer, heard: list[Request] | None = None) -> AsyncGenerator[str, None]:
    async def upload(request: Request) -> Response:
        status, said = answer(json.loads(await request.body()))
        if heard is not None:
            heard.append(request)
        content = said if isinstance(said, bytes) else json.dumps(said).encode()
        return Response(content, status, media_type="application/json")

    app = Starlette(routes=[Route("/bed/upload", upload, methods=["POST"])])
    async with serve_plainly(app) as server:
        yield f"{server.base_url}/bed/upload"


async def uploaded(answer: Answer, file: Attachment = FILE, key: str = "secret") -> str:
    async with bed(answer) as address, http_client() as http:
        return await FileBedClient(http).upload(file, address, key)


async def test_the_json_of_earlier_bridges_is_sent_with_its_true_length() -> None:
    said: list[dict[str, Any]] = []
    heard: list[Request] = []

    def answer(body: dict[str, Any]) -> tuple[int, object]:
        said.append(body)
        return 200, {"success": True, "filename": "0a.png", "url": "https://bed.example/0a.png"}

    async with bed(answer, heard) as address, http_client() as http:
        assert await FileBedClient(http).upload(FILE, address, "secret") == "https://bed.example/0a.png"
    assert said == [{"file_name": FILE.name, "api_key": "secret", "file_data": FILE.url}]
    assert base64.b64decode(said[0]["file_data"].partition(",")[2]).startswith(b"\x89PNG")
    assert "content-length" in heard[0].headers
    assert "transfer-encoding" not in heard[0].headers


async def test_what_stands_in_front_of_the_base64_cannot_break_the_json() -> None:
    said: list[dict[str, Any]] = []

    def answer(body: dict[str, Any]) -> tuple[int, object]:
        said.append(body)
        return 200, {"success": True, "filename": "x"}

    url = 'data:image/png;name="a\\".png";base64,AAAA'
    await uploaded(answer, Attachment("a", "image/png", url))
    assert said[0]["file_data"] == url


async def test_a_bed_that_tells_only_a_name_serves_it_beside_its_upload() -> None:
    link = await uploaded(lambda _: (200, {"success": True, "filename": "a b/.png"}))
    assert link.endswith("/bed/uploads/a%20b%2F.png")


@pytest.mark.parametrize("field", ["error", "detail", "message"])
async def test_what_a_bed_refuses_with_is_told(field: str) -> None:
    with pytest.raises(FileBedError, match=r"\(HTTP 401\): Invalid API key"):
        await uploaded(lambda _: (401, {"success": False, field: "Invalid API key"}))


@pytest.mark.parametrize(
    "said",
    [
        b"<html>not found</html>",
        b"",
        b"[" * 100_000,
        b"\xff",
        {},
        [],
        {"success": True},
        {"success": True, "filename": ""},
        {"success": True, "url": "javascript:alert(1)"},
        {"success": False, "filename": "a.png"},
        {"success": "true", "url": "https://bed.example/a.png"},
    ],
)
async def test_an_answer_without_a_link_is_an_error_that_names_the_setting(said: object) -> None:
    with pytest.raises(FileBedError, match=r"gave no link.*file_bed_upload_url"):
        await uploaded(lambda _: (200, said))


async def test_an_answer_that_never_ends_is_not_read_to_its_end() -> None:
    with pytest.raises(FileBedError, match="gave no link"):
        await uploaded(lambda _: (200, b'{"success": true, "url": "https://x/' + b"x" * 200_000 + b'"}'))


@pytest.mark.parametrize("address", ["http://127.0.0.1:1/upload", "http://[broken/upload", "http:///upload"])
async def test_a_bed_that_cannot_be_reached_says_which_setting_it_is(address: str) -> None:
    async with http_client() as http:
        with pytest.raises(FileBedError, match=r"Is it running.*file_bed_upload_url") as caught:
            await FileBedClient(http).upload(FILE, address, "")
    assert caught.value.status == 502


async def test_a_bed_that_hangs_up_in_the_middle_is_an_error() -> None:
    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.transport.abort()

    server = await asyncio.start_server(hang_up, "127.0.0.1", 0)
    async with server, http_client() as http:
        port = server.sockets[0].getsockname()[1]
        with pytest.raises(FileBedError, match="did not take"):
            await FileBedClient(http).upload(FILE, f"http://127.0.0.1:{port}/upload", "")


async def test_proxies_of_the_environment_are_not_asked_for_what_is_here(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:1")
    monkeypatch.delenv("NO_PROXY", raising=False)
    link = await uploaded(lambda _: (200, {"success": True, "url": "https://bed.example/a.png"}))
    assert link == "https://bed.example/a.png"
