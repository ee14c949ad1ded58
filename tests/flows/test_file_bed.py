"""The file bed within the server: the same addresses, on the server's own port."""

import base64
from pathlib import Path
from typing import Any

import pytest

from support.chain import Chain, chain

PICTURE = b"\x89PNG\r\n\x1a\n..."
UPLOAD = {"file_name": "x.png", "file_data": f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"}
TUNNEL = {"host": "files.example.org"}
PAGE = {"origin": "https://lmarena.ai", "sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors"}


async def uploaded(running: Chain, **fields: Any) -> Any:
    answer = await running.client.post("/upload", json={**UPLOAD, **fields})
    assert answer.status_code == 200, answer.text
    return answer.json()


async def test_nobody_needs_a_second_terminal(chain: Chain) -> None:
    said = await uploaded(chain)
    assert said["url"] == f"{chain.server.url}/uploads/{said['filename']}"
    got = await chain.client.get(said["url"])
    assert (got.content, got.headers["content-type"]) == (PICTURE, "image/png")
    home = chain.server.services.home
    assert (home.state / "uploads" / said["filename"]).read_bytes() == PICTURE


async def test_links_work_under_any_name_and_from_any_page(chain: Chain) -> None:
    said = await uploaded(chain)
    for headers in (TUNNEL, PAGE):
        assert (await chain.client.get(said["url"], headers=headers)).content == PICTURE


@pytest.mark.parametrize("headers", [TUNNEL, PAGE])
@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/upload"),
        ("GET", "/v1/models"),
        ("GET", "/internal/sessions"),
        ("GET", "/uploads"),
        ("GET", "/LMArenaApiBridge.user.js"),
    ],
)
async def test_and_nothing_but_links_does(
    chain: Chain, method: str, path: str, headers: dict[str, str]
) -> None:
    answer = await chain.client.request(method, path, headers=headers)
    assert answer.status_code == 403


@pytest.mark.parametrize(
    "path", ["/uploads/../internal/sessions", "/uploads/%2e%2e/v1/models", "/uploads//ws"]
)
async def test_no_way_leads_from_links_to_the_rest(chain: Chain, path: str) -> None:
    answer = await chain.client.get(path, headers=TUNNEL)
    assert answer.status_code in (403, 404)
    assert (await chain.client.post("/uploads/x", headers=TUNNEL)).status_code == 405


async def test_who_locks_the_api_locks_uploads_as_well(tmp_path: Path) -> None:
    async with chain(tmp_path, settings={"api_key": ["one", "two"]}, tab=False) as running:
        assert (await running.client.post("/upload", json=UPLOAD)).status_code == 401
        said = await uploaded(running, api_key="two")
        assert (await running.client.get(said["url"])).content == PICTURE


async def test_the_file_bed_s_own_key_stands_for_itself(tmp_path: Path) -> None:
    async with chain(
        tmp_path, settings={"api_key": "of the api", "file_bed_api_key": "of the bed"}, tab=False
    ) as running:
        assert (
            await running.client.post("/upload", json={**UPLOAD, "api_key": "of the api"})
        ).status_code == 401
        await uploaded(running, api_key="of the bed")


async def test_it_can_be_left_out(tmp_path: Path) -> None:
    async with chain(tmp_path, settings={"file_bed_mounted": False}, tab=False) as running:
        assert (await running.client.post("/upload", json=UPLOAD)).status_code == 404
        assert (await running.client.get(f"/uploads/{'0' * 32}.png")).status_code == 404


async def test_a_large_upload_does_not_meet_the_limit_of_the_api(tmp_path: Path) -> None:
    async with chain(tmp_path, settings={"max_body_bytes": 2000}, tab=False) as running:
        answer = await running.client.post("/upload", files={"file": ("x", b"x" * 3_000_000)})
        assert answer.json()["size"] == 3_000_000
