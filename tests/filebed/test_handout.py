"""Downloads over real sockets: ranges, tags, headers, and names that try to lead elsewhere."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from filebed.beds import PNG, Served, served

DATA = bytes(range(256)) * 4000


@pytest.fixture
async def bed(tmp_path: Path) -> AsyncIterator[Served]:
    (tmp_path / "uploads").mkdir()
    (tmp_path / "secret.png").write_bytes(b"secret")
    async with served(tmp_path / "uploads") as bed:
        yield bed


async def test_a_picture_may_be_shown_and_anything_else_is_to_be_saved(bed: Served) -> None:
    shown = {
        "png": PNG,
        "gif": b"GIF89a..",
        "mp3": b"ID3....",
        "mp4": b"\0\0\0\x20ftypisom",
        "wav": b"RIFF....WAVE",
    }
    saved = {"pdf": b"%PDF-1.7", "txt": b"<html>", "zip": b"PK\3\4", "bin": b"\0", "tiff": b"II*\0"}
    for disposition, files in (("inline", shown), ("attachment", saved)):
        for extension, data in files.items():
            name = (await bed.upload(data, "text/html"))["filename"]
            answer = await bed.fetch(name)
            assert name.endswith(f".{extension}")
            assert answer.headers["content-disposition"] == f'{disposition}; filename="{name}"'
            assert answer.content == data


async def test_every_answer_forbids_to_guess_and_to_run(bed: Served) -> None:
    name = (await bed.upload(DATA))["filename"]
    answers = [
        await bed.fetch(name),
        await bed.fetch(name, range="bytes=1-2"),
        await bed.fetch(name, range="bytes=9999999-"),
        await bed.fetch(name, if_none_match="*"),
        await bed.fetch("x" * 40),
        await bed.client.head(f"/uploads/{name}"),
    ]
    assert [answer.status_code for answer in answers] == [200, 206, 416, 304, 404, 200]
    for answer in answers:
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["content-security-policy"].startswith("sandbox; default-src 'none'")
        assert "access-control-allow-origin" not in answer.headers
        assert "set-cookie" not in answer.headers


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [
        ("bytes=0-99", 0, 100),
        ("bytes=500000-", 500_000, len(DATA)),
        ("bytes=-7", len(DATA) - 7, len(DATA)),
        ("bytes=1000000-9999999", 1_000_000, len(DATA)),
    ],
)
async def test_a_range_is_exactly_what_was_asked_for(bed: Served, asked: str, start: int, end: int) -> None:
    name = (await bed.upload(DATA))["filename"]
    answer = await bed.fetch(name, range=asked)
    assert answer.status_code == 206
    assert answer.content == DATA[start:end]
    assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{len(DATA)}"
    assert answer.headers["content-length"] == str(end - start)


async def test_a_range_behind_the_end_says_how_long_the_file_is(bed: Served) -> None:
    name = (await bed.upload(DATA))["filename"]
    answer = await bed.fetch(name, range=f"bytes={len(DATA)}-")
    assert (answer.status_code, answer.content) == (416, b"")
    assert answer.headers["content-range"] == f"bytes */{len(DATA)}"


async def test_several_ranges_get_the_whole_file(bed: Served) -> None:
    name = (await bed.upload(DATA))["filename"]
    answer = await bed.fetch(name, range="bytes=0-1,5-6")
    assert (answer.status_code, answer.content) == (200, DATA)
    assert answer.headers["accept-ranges"] == "bytes"


async def test_the_tag_saves_a_second_download_and_guards_a_resumed_one(bed: Served) -> None:
    names = [(await bed.upload(DATA))["filename"] for _ in range(2)]
    tags = [(await bed.fetch(name)).headers["etag"] for name in names]
    assert len(set(tags)) == 2
    known = await bed.fetch(names[0], if_none_match=tags[0])
    assert (known.status_code, known.content, known.headers["etag"]) == (304, b"", tags[0])
    assert (await bed.fetch(names[0], if_none_match=tags[1])).status_code == 200
    resumed = await bed.fetch(names[0], range="bytes=5-", if_range=tags[0])
    assert (resumed.status_code, resumed.content) == (206, DATA[5:])
    another = await bed.fetch(names[0], range="bytes=5-", if_range=tags[1])
    assert (another.status_code, another.content) == (200, DATA)


async def test_head_says_all_but_the_bytes(bed: Served) -> None:
    name = (await bed.upload(DATA))["filename"]
    got, head = await bed.fetch(name), await bed.client.head(f"/uploads/{name}")
    assert head.content == b""
    for header in ("content-length", "content-type", "etag", "last-modified", "content-disposition"):
        assert head.headers[header] == got.headers[header]


async def test_a_file_whose_time_is_over_is_404(bed: Served) -> None:
    name = (await bed.upload(DATA))["filename"]
    bed.bench.ahead = 25 * 3600
    answer = await bed.fetch(name)
    assert (answer.status_code, answer.json()["code"]) == (404, "no_such_file")


async def raw(bed: Served, target: str) -> bytes:
    """The answer to a request line that no client library would send."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(bed.url.rpartition(":")[2]))
    writer.write(f"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n".encode("latin-1"))
    async with asyncio.timeout(10):
        answer = await reader.read()
    writer.close()
    return answer


async def test_no_name_leads_out_of_the_bed(bed: Served) -> None:
    steps = ["..", "%2e%2e", ".%2e", "%252e%252e", "..%00", "..%5c", "..\\", "....", "%c0%ae%c0%ae", "..;"]
    ends = [
        "/secret.png",
        "%2fsecret.png",
        "\\secret.png",
        "%5csecret.png",
        "//secret.png",
        "%252fsecret.png",
    ]
    targets = [f"/uploads/{step}{end}" for step in steps for end in ends]
    targets += ["/uploads//etc/passwd", "/uploads/%2fetc%2fpasswd", "/uploads/./../secret.png", "/secret.png"]
    targets += [f"/uploads/{'a' * 4000}", "/uploads/%00", "/uploads/.", "/uploads/con", "/uploads/%0d%0aX:y"]
    for target in targets:
        answer = await raw(bed, target)
        assert answer.startswith((b"HTTP/1.1 404", b"HTTP/1.1 400")), target
        assert b"secret\r\n" not in answer
        assert not answer.endswith(b"secret")


async def test_a_client_that_leaves_does_not_keep_the_file_being_read(bed: Served) -> None:
    name = (await bed.upload(DATA * 20))["filename"]
    reader, writer = await asyncio.open_connection("127.0.0.1", int(bed.url.rpartition(":")[2]))
    writer.write(f"GET /uploads/{name} HTTP/1.1\r\nHost: x\r\n\r\n".encode())
    await reader.readexactly(1000)
    writer.close()
    assert (await bed.fetch(name, range="bytes=0-1")).content == DATA[:2]


async def test_what_is_compressed_stays_so(bed: Served) -> None:
    bomb = gzip.compress(b"\0" * 50_000_000)
    name = (await bed.upload(bomb, "text/html"))["filename"]
    answer = await bed.fetch(name)
    assert name.endswith(".gz")
    assert answer.content == bomb
    assert "content-encoding" not in answer.headers
