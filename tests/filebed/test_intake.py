"""Uploads over real sockets."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx2
import pytest

from filebed.beds import PNG, Served, as_json, data_uri, inside, served
from support.chain import until

JSON = {"content-type": "application/json"}
NAME = re.compile(r"[0-9a-f]{32}\.png")


@pytest.fixture
async def bed(tmp_path: Path) -> AsyncIterator[Served]:
    async with served(tmp_path) as bed:
        yield bed


def refused(answer: httpx2.Response, status: int, code: str) -> None:
    said = answer.json()
    assert (answer.status_code, said["success"], said["code"]) == (status, False, code)
    assert len(said["error"]) > 20


async def test_the_json_of_earlier_bridges_is_understood(bed: Served) -> None:
    body = as_json(PNG, "image/png", file_name="../../my picture.html", api_key="whatever")
    answer = await bed.client.post("/upload", content=body, headers=JSON)
    said = answer.json()
    assert answer.status_code == 200
    assert said["success"] is True
    assert NAME.fullmatch(said["filename"])
    assert said["url"] == f"{bed.url}/uploads/{said['filename']}"
    assert (said["size"], said["content_type"]) == (len(PNG), "image/png")
    assert re.match(r"20\d\d-\d\d-\d\dT.*\+00:00", said["expires"])
    got = await bed.client.get(said["url"])
    assert (got.content, got.headers["content-type"]) == (PNG, "image/png")


async def test_a_form_is_understood_as_well(bed: Served) -> None:
    said = await bed.upload(PNG, "image/png", "x.png")
    assert NAME.fullmatch(said["filename"])
    assert (await bed.client.get(said["url"])).content == PNG


async def test_a_public_address_is_what_links_begin_with(bed: Served) -> None:
    bed.bench.change(base_url="https://files.example.org/bed/")
    said = await bed.upload(PNG)
    assert said["url"] == f"https://files.example.org/bed/uploads/{said['filename']}"


async def test_a_file_that_is_kept_for_ever_says_so(bed: Served) -> None:
    bed.bench.change(keep_seconds=0)
    assert (await bed.upload(PNG))["expires"] is None


# -- keys -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("key", ["right", "clé-à-moi", "ключ"])
async def test_the_key_may_stand_in_the_body_or_in_a_header(bed: Served, key: str) -> None:
    bed.bench.change(keys=("another", key))
    raw = key.encode()
    answers = [
        await bed.client.post("/upload", content=as_json(PNG, api_key=key), headers=JSON),
        await bed.client.post("/upload", files={"file": ("x", PNG)}, data={"api_key": key}),
        await bed.client.post("/upload", files={"file": ("x", PNG)}, headers={b"x-api-key": raw}),
        await bed.client.post(
            "/upload", files={"file": ("x", PNG)}, headers={b"authorization": b"Bearer " + raw}
        ),
    ]
    assert [answer.status_code for answer in answers] == [200] * 4


@pytest.mark.parametrize("key", ["wrong", "", "right ", "right\0", "RIGHT", "rightt"])
async def test_a_wrong_key_is_refused_and_nothing_is_kept(bed: Served, key: str) -> None:
    bed.bench.change(keys=("right",))
    for data in (PNG, b"x" * 3_000_000):
        body = as_json(data, api_key=key)
        refused(await bed.client.post("/upload", content=body, headers=JSON), 401, "invalid_api_key")
    assert inside(bed.directory) == []


async def test_a_missing_key_is_refused(bed: Served) -> None:
    bed.bench.change(keys=("right",))
    refused(await bed.client.post("/upload", content=as_json(PNG), headers=JSON), 401, "invalid_api_key")
    refused(await bed.client.post("/upload", files={"file": ("x", PNG)}), 401, "invalid_api_key")
    answer = await bed.client.post("/upload", files={"file": ("x", PNG)}, headers={"x-api-key": "wrong"})
    refused(answer, 401, "invalid_api_key")
    assert "right" not in answer.text
    assert inside(bed.directory) == []


# -- broken uploads ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"no json",
        b"{}",
        json.dumps({"file_data": "data:image/png;base64,!!!!"}).encode(),
        json.dumps({"file_data": "data:image/png;base64,abc"}).encode(),
        json.dumps({"file_data": "abcd"}).encode(),
        json.dumps({"file_data": "data:image/png;base64,"}).encode(),
        as_json(b"x" * 2_000_000)[:-2],
        as_json(b"x" * 2_000_000)[:-1_000_000],
    ],
)
async def test_a_broken_body_is_400_and_leaves_nothing(bed: Served, body: bytes) -> None:
    refused(await bed.client.post("/upload", content=body, headers=JSON), 400, "bad_upload")
    assert inside(bed.directory) == []


async def test_a_form_that_is_cut_off_is_400_and_leaves_nothing(bed: Served) -> None:
    body = (
        b'--a\r\nContent-Disposition: form-data; name="f"; filename="x"\r\n\r\n'
        + b"x" * 3_000_000
        + b"\r\n--a"
    )
    headers = {"content-type": "multipart/form-data; boundary=a"}
    refused(await bed.client.post("/upload", content=body, headers=headers), 400, "bad_upload")
    assert inside(bed.directory) == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"content-type": "text/plain"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json", "content-encoding": "gzip"},
        {"content-type": "multipart/form-data; boundary=a", "content-encoding": "br"},
    ],
)
async def test_another_form_or_encoding_is_not_even_read(bed: Served, headers: dict[str, str]) -> None:
    answer = await bed.client.post("/upload", content=as_json(PNG), headers=headers)
    refused(answer, 415, "unknown_upload_form")


async def test_a_boundary_is_needed(bed: Served) -> None:
    answer = await bed.client.post("/upload", content=b"x", headers={"content-type": "multipart/form-data"})
    refused(answer, 400, "bad_upload")


async def test_too_large_is_413_announced_or_not(bed: Served) -> None:
    bed.bench.change(max_bytes=2_000_000)
    for size in (2_000_001, 5_000_000):
        data = b"x" * size
        refused(await bed.client.post("/upload", files={"file": ("x", data)}), 413, "file_too_large")
        refused(await bed.client.post("/upload", content=as_json(data), headers=JSON), 413, "file_too_large")

        async def unannounced(body: bytes = as_json(data)) -> AsyncIterator[bytes]:
            for at in range(0, len(body), 100_000):
                yield body[at : at + 100_000]

        refused(await bed.client.post("/upload", content=unannounced(), headers=JSON), 413, "file_too_large")
    assert inside(bed.directory) == []
    assert (await bed.upload(b"x" * 2_000_000))["size"] == 2_000_000


async def test_a_body_of_nothing_but_blanks_has_an_end(bed: Served) -> None:
    bed.bench.change(max_bytes=1000)

    async def blanks() -> AsyncIterator[bytes]:
        yield as_json(PNG)
        for _ in range(40):
            yield b" " * 60_000

    answer = await bed.client.post("/upload", content=blanks(), headers=JSON)
    assert answer.status_code in (400, 413)
    assert inside(bed.directory) == []


def request_for(body: bytes, length: int) -> bytes:
    return (
        b"POST /upload HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        b"Content-Length: %d\r\n\r\n" % length
    ) + body


async def test_a_client_that_leaves_in_the_middle_leaves_nothing(bed: Served) -> None:
    body = as_json(b"x" * 6_000_000)
    _, writer = await asyncio.open_connection("127.0.0.1", int(bed.url.rpartition(":")[2]))
    writer.write(request_for(body[:6_000_000], len(body)))
    await writer.drain()
    await until(lambda: bool(inside(bed.directory)))
    writer.close()
    await until(lambda: not inside(bed.directory))
    assert (await bed.upload(PNG))["success"] is True


async def test_a_client_that_stops_sending_is_told_and_dropped(tmp_path: Path) -> None:
    async with served(tmp_path, patience=0.3) as bed:
        body = as_json(b"x" * 6_000_000)
        reader, writer = await asyncio.open_connection("127.0.0.1", int(bed.url.rpartition(":")[2]))
        writer.write(request_for(body[:3_000_000], len(body)))
        async with asyncio.timeout(10):
            answer = await reader.read()
        writer.close()
        assert answer.startswith(b"HTTP/1.1 408")
        assert b"upload_too_slow" in answer
        assert inside(tmp_path) == []


async def test_there_is_nothing_else(bed: Served) -> None:
    for method, path, status in (
        ("GET", "/upload", 405),
        ("PUT", "/upload", 405),
        ("GET", "/", 404),
        ("GET", "/uploads", 404),
        ("GET", "/uploads/", 404),
        ("POST", "/uploads/x", 405),
        ("DELETE", "/uploads/x", 405),
    ):
        answer = await bed.client.request(method, path)
        assert (answer.status_code, answer.json()["success"]) == (status, False), (method, path)


# -- two hundred files ------------------------------------------------------------------------------------

ODD_NAMES = [
    *("", " ", ".", "..", "../../etc/passwd", "..\\..\\windows\\win.ini", "/etc/shadow", "C:\\boot.ini"),
    *("%2e%2e%2fx", "a\0b.png", "x.png\0.html", "con", "nul.txt", "aux", "lpt1.png", "x.php", "x.php.png"),
    *("shell.sh", ".htaccess", ".env", "x.html", "x.svg", "x.xhtml", "x.js", "index.html", "x.png::$DATA"),
    *(
        "a" * 300,
        "a" * 3000,
        "ż" * 200,
        "文件.png",
        "файл.html",
        "🎨.gif",
        "\u202egnp.exe",
        "x\r\nSet-Cookie: a=b",
    ),
    *('x"; filename="y', "x;y=z", "<script>alert(1)</script>", "${x}", "`id`", "$(id)", "x|y", "x*y?z", "~"),
]
ODD_TYPES = [
    *("", "text/html", "image/svg+xml", "application/javascript", "application/xhtml+xml"),
    *("image/png", "no type", "../x", "text/html;charset=utf-7", "multipart/form-data", "x" * 500),
]
ODD_DATA = [PNG, b"<script>alert(1)</script>", b"\0" * 10, b"GIF89a=1;/*", "żółw".encode()]


def odd_uploads() -> list[tuple[str, str, bytes]]:
    names = ODD_NAMES * 5
    return [
        (name, ODD_TYPES[at % len(ODD_TYPES)], ODD_DATA[at % len(ODD_DATA)])
        for at, name in enumerate(names[:200])
    ]


async def test_200_files_of_odd_names_and_types_get_names_and_types_of_ours(bed: Served) -> None:
    told: list[Any] = []
    for name, declared, data in odd_uploads():
        body = json.dumps({"file_name": name, "file_data": data_uri(data, declared.partition(";")[0])})
        answer = await bed.client.post("/upload", content=body, headers=JSON)
        assert answer.status_code == 200, (name, declared, answer.text)
        told.append(answer.json())
    assert len(told) == 200
    names = [said["filename"] for said in told]
    assert inside(bed.directory) == sorted(names)
    assert len(set(names)) == 200
    assert {name.partition(".")[2] for name in names} == {"png", "txt", "bin", "gif"}
    for said, (_, _, data) in zip(told, odd_uploads(), strict=True):
        got = await bed.client.get(said["url"])
        assert got.content == data
        assert got.headers["x-content-type-options"] == "nosniff"
        assert got.headers["content-type"] == said["content_type"]


async def test_odd_names_in_forms_do_no_harm_either(bed: Served) -> None:
    for name in ODD_NAMES:
        answer = await bed.client.post("/upload", files={"file": (name or "x", PNG, "text/html")})
        assert answer.status_code == 200, name
        assert NAME.fullmatch(answer.json()["filename"])
