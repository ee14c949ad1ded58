"""A publisher who is honest, and all that others could do in their place."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from lmarena_bridge.core.releases.errors import NotReached, NotTrusted
from lmarena_bridge.demo.serving import serve_securely
from lmarena_bridge.outbound.releases import Patience, ReleaseIndex
from support.free_port import free_port
from support.releases import Publisher, publisher, release_of

DATA = b"a wheel" * 1000


@pytest.fixture
async def here() -> AsyncIterator[Publisher]:
    async with publisher() as here:
        yield here


def index(here: Publisher, **patience: float) -> ReleaseIndex:
    return ReleaseIndex(here.url, here.key, time.time, Patience(**patience))


async def test_what_is_published_is_found_and_downloaded(here: Publisher, tmp_path: Path) -> None:
    published = here.publishes("9.0.0", DATA)
    found = await index(here).newest()
    assert found == published
    assert (await index(here).download(found, tmp_path)).read_bytes() == DATA


async def test_a_manifest_of_another_key_or_none_is_not_believed(here: Publisher) -> None:
    here.publishes()
    here.private = Ed25519PrivateKey.generate()
    with pytest.raises(NotTrusted):
        await index(here).newest()
    here.gives("/manifest.json", b"<!doctype html>")
    with pytest.raises(NotTrusted):
        await index(here).newest()


async def test_a_manifest_without_end_is_left_early(here: Publisher) -> None:
    sent = 0

    async def endless(send: Any) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while sent < 10_000_000:
            await send({"type": "http.response.body", "body": b" " * 65_536, "more_body": True})
            sent += 65_536
        await send({"type": "http.response.body", "body": b""})

    here.answers["/manifest.json"] = endless
    with pytest.raises(NotTrusted, match="larger than 64 KiB"):
        await index(here).newest()


@pytest.mark.parametrize(
    ("data", "what"),
    [(DATA[:-1], "cut off"), (DATA * 2, "endless"), (b"x" * len(DATA), "exchanged")],
    ids=lambda value: value if isinstance(value, str) else "",
)
async def test_a_file_that_is_not_the_signed_one_is_not_taken(
    here: Publisher, tmp_path: Path, data: bytes, what: str
) -> None:
    release = here.publishes("9.0.0", DATA)
    here.gives(f"/{release.file}", data)
    with pytest.raises(NotTrusted, match="not the file of the manifest"):
        await index(here).download(release, tmp_path)


async def test_an_answer_that_never_ends_has_its_time(here: Publisher, tmp_path: Path) -> None:
    gone = asyncio.Event()

    async def slow(send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"{", "more_body": True})
        await gone.wait()

    release = release_of("9.0.0", DATA)
    here.answers["/manifest.json"] = here.answers[f"/{release.file}"] = slow
    try:
        with pytest.raises(NotReached, match=r"longer than 0\.2 s"):
            await index(here, look=0.2).newest()
        with pytest.raises(NotReached, match=r"longer than 0\.2 s"):
            await index(here, download=0.2).download(release, tmp_path)
    finally:
        gone.set()


@pytest.mark.parametrize(
    ("prepare", "said"),
    [
        (lambda here: here.gives("/manifest.json", b"", 404), "HTTP 404"),
        (lambda here: here.gives("/manifest.json", b"", 302, location="https://evil.example/"), "leads on"),
        (lambda here: here.gives("/manifest.json", b"x", content_encoding="gzip"), "compressed"),
    ],
    ids=["missing", "redirected", "compressed"],
)
async def test_what_is_no_plain_answer_is_none(
    here: Publisher, prepare: Callable[[Publisher], None], said: str
) -> None:
    prepare(here)
    with pytest.raises(NotReached, match=said):
        await index(here).newest()
    assert here.asked == ["/manifest.json"]


async def test_nobody_there_is_not_reached() -> None:
    with pytest.raises(NotReached, match=r"127\.0\.0\.1 cannot be reached"):
        await ReleaseIndex(f"http://127.0.0.1:{free_port()}/", bytes(32), time.time).newest()
    with pytest.raises(NotReached, match="no address"):
        await ReleaseIndex("https://[::1", bytes(32), time.time).newest()


async def test_a_host_that_cannot_prove_its_name_is_not_asked(here: Publisher, tmp_path: Path) -> None:
    async with serve_securely(here, tmp_path) as secure:
        address = f"https://127.0.0.1:{secure.port}/manifest.json"
        with pytest.raises(NotReached, match="certificate"):
            await ReleaseIndex(address, here.key, time.time).newest()
    assert here.asked == []


async def test_a_proxy_of_the_environment_is_not_used(
    here: Publisher, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{free_port()}")
    published = here.publishes()
    assert await index(here).newest() == published


async def test_a_file_that_is_there_already_is_not_written_over(here: Publisher, tmp_path: Path) -> None:
    release = here.publishes("9.0.0", DATA)
    (tmp_path / release.file).write_bytes(b"mine")
    with pytest.raises(FileExistsError):
        await index(here).download(release, tmp_path)
    assert (tmp_path / release.file).read_bytes() == b"mine"
