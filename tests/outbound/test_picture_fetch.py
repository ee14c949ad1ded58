"""Downloads against servers of our own, and a resolver that says what the test wants."""

import asyncio
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest

from lmarena_bridge.core.chat.pictures import Picture
from lmarena_bridge.core.errors import PictureNotFetched
from lmarena_bridge.demo.serving import serve_plainly, serve_securely
from lmarena_bridge.outbound.picture_fetch import Limits, PictureFetcher

PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
PUBLIC = "93.184.215.14"
Answer = Callable[[Any], Awaitable[None]]


class Site:
    """An ASGI app whose every path is answered as the test has set it up; says what was asked."""

    def __init__(self) -> None:
        self.answers: dict[str, Answer] = {}
        self.asked: list[tuple[str, str]] = []

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        host = dict(scope["headers"]).get(b"host", b"").decode()
        self.asked.append((host, scope["path"]))
        await self.answers[scope["path"]](send)

    def gives(self, path: str, body: bytes = PNG, status: int = 200, **headers: str) -> None:
        pairs = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]

        async def answer(send: Any) -> None:
            await send({"type": "http.response.start", "status": status, "headers": pairs})
            await send({"type": "http.response.body", "body": body})

        self.answers[path] = answer

    def leads(self, path: str, to: str, status: int = 302) -> None:
        self.gives(path, b"", status, location=to)


@asynccontextmanager
async def trusted(site: Site, **more: Any) -> AsyncIterator[tuple[PictureFetcher, str]]:
    async with serve_plainly(site) as served:
        yield PictureFetcher(trusted_origins=[served.base_url], **more), served.base_url


def resolving(*addresses: str) -> Callable[[str, int], Awaitable[Sequence[str]]]:
    async def resolve(host: str, port: int) -> Sequence[str]:
        return addresses

    return resolve


class Unreachable(httpx2.AsyncBaseTransport):
    """Fails the test when anything is connected to."""

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        raise AssertionError(f"connected to {request.url}")


async def why_not(fetcher: PictureFetcher, url: str) -> str:
    with pytest.raises(PictureNotFetched) as caught:
        await fetcher.fetch(url)
    return caught.value.message


# -- where a link may lead ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "url",
    [
        "http://pictures.example/a.png",
        "https://pictures.example:8443/a.png",
        "https://me:secret@pictures.example/a.png",
        "ftp://pictures.example/a.png",
        "file:///etc/passwd",
        "gopher://127.0.0.1:70/",
        "//pictures.example/a.png",
        "/a.png",
        "https:///a.png",
        "",
        "https://[::1",
        "https://a\x00b/",
    ],
)
async def test_only_plain_https_links_are_followed(url: str) -> None:
    fetcher = PictureFetcher(resolve=resolving(PUBLIC), transport=Unreachable())
    assert await why_not(fetcher, url)


@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0.0.0.0",
        "10.0.0.1",
        "169.254.169.254",
        "100.100.100.200",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "[64:ff9b::7f00:1]",
        "[2002:7f00:1::]",
        "[fe80::1]",
        "[fd00:ec2::254]",
    ],
)
async def test_this_computer_and_its_network_are_not_reached_by_any_name(host: str) -> None:
    fetcher = PictureFetcher(transport=Unreachable())  # the system's own resolver
    assert await why_not(fetcher, f"https://{host}/a.png")


@pytest.mark.parametrize(
    "addresses",
    [
        (),
        ("127.0.0.1",),
        (PUBLIC, "127.0.0.1"),
        ("192.168.1.1", PUBLIC),
        ("::ffff:93.184.215.14",),
        ("64:ff9b::5db8:d70e",),
        ("fe80::1%lo",),
    ],
)
async def test_a_name_that_leads_inside_even_once_is_not_followed(addresses: tuple[str, ...]) -> None:
    fetcher = PictureFetcher(resolve=resolving(*addresses), transport=Unreachable())
    assert "not on the public internet" in await why_not(fetcher, "https://rebound.example/a.png")


async def test_the_connection_goes_to_the_address_that_was_checked() -> None:
    """A name that means another address a moment later (DNS rebinding) is not asked for again."""
    resolved: list[str] = []
    connected: list[tuple[str, str, str]] = []

    async def resolve(host: str, port: int) -> Sequence[str]:
        resolved.append(f"{host}:{port}")
        return [PUBLIC] if len(resolved) == 1 else ["127.0.0.1"]

    def answer(request: httpx2.Request) -> httpx2.Response:
        connected.append((request.url.host, request.headers["host"], request.extensions["sni_hostname"]))
        return httpx2.Response(200, stream=httpx2.ByteStream(PNG))

    fetcher = PictureFetcher(resolve=resolve, transport=httpx2.MockTransport(answer))
    assert await fetcher.fetch("https://pictures.example/a.png?X-Amz-Signature=a%2Fb") == Picture(
        PNG, "image/png"
    )
    assert resolved == ["pictures.example:443"]
    assert connected == [(PUBLIC, "pictures.example", "pictures.example")]


async def test_the_next_address_is_tried_when_one_cannot_be_reached() -> None:
    tried: list[str] = []

    def answer(request: httpx2.Request) -> httpx2.Response:
        tried.append(request.url.host)
        if request.url.host.startswith("2606"):
            raise httpx2.ConnectError("no route")
        return httpx2.Response(200, stream=httpx2.ByteStream(PNG))

    fetcher = PictureFetcher(
        resolve=resolving("2606:4700::1", PUBLIC), transport=httpx2.MockTransport(answer)
    )
    assert (await fetcher.fetch("https://pictures.example/")).data == PNG
    assert tried == ["2606:4700::1", PUBLIC]


class Elsewhere(httpx2.AsyncBaseTransport):
    """Connects to a port of this computer instead; everything else of the request stays."""

    def __init__(self, port: int, certificate: Path) -> None:
        context = ssl.create_default_context(cafile=str(certificate))
        self._inner = httpx2.AsyncHTTPTransport(verify=context)
        self._port = port

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        await self._inner.aclose()


@pytest.mark.parametrize(("host", "trusted"), [("cdn.lmarena.ai", True), ("cdn.example.org", False)])
async def test_the_certificate_must_be_the_hosts(tmp_path: Path, host: str, trusted: bool) -> None:
    site = Site()
    site.gives("/a.png")
    async with serve_securely(site, tmp_path) as served:
        fetcher = PictureFetcher(
            resolve=resolving(PUBLIC), transport=Elsewhere(served.port, served.certificate_path)
        )
        if trusted:
            assert (await fetcher.fetch(f"https://{host}/a.png")).data == PNG
            assert site.asked == [(host, "/a.png")]
        else:
            assert "certificate" in (await why_not(fetcher, f"https://{host}/a.png")).lower()
            assert not site.asked


# -- redirects ---------------------------------------------------------------------------------------------


async def test_redirects_are_followed_a_few_times() -> None:
    site = Site()
    async with trusted(site) as (fetcher, base):
        site.leads("/1", "/2", 301)
        site.leads("/2", f"{base}/3", 307)
        site.leads("/3", "a.png", 308)
        site.gives("/a.png")
        assert (await fetcher.fetch(f"{base}/1")).data == PNG
        site.leads("/0", "/1")
        assert "redirected more than 3 times" in await why_not(fetcher, f"{base}/0")
        site.leads("/loop", "/loop")
        assert "redirected" in await why_not(fetcher, f"{base}/loop")


@pytest.mark.parametrize(
    "target",
    [
        "http://127.0.0.1:{other}/a.png",
        "http://localhost:{other}/a.png",
        "https://127.0.0.1/a.png",
        "https://localhost/a.png",
        "https://[::ffff:127.0.0.1]/a.png",
        "https://169.254.169.254/latest/meta-data/",
        "http://169.254.169.254/latest/meta-data/",
        "https://rebound.example/a.png",
        "file:///etc/passwd",
        "//127.0.0.1:{other}/a.png",
    ],
)
async def test_a_redirect_is_a_new_link_and_judged_like_one(target: str) -> None:
    site, inside = Site(), Site()
    inside.gives("/a.png")
    async with serve_plainly(inside) as other, trusted(site) as (fetcher, base):
        site.leads("/a.png", target.format(other=other.port))
        assert await why_not(fetcher, f"{base}/a.png")
    assert not inside.asked


# -- what comes --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [403, 404, 410, 500, 204, 206, 304, 300])
async def test_only_a_success_is_a_picture(status: int) -> None:
    site = Site()
    site.gives("/a.png", b"" if status in (204, 304) else PNG, status)
    async with trusted(site) as (fetcher, base):
        assert f"HTTP {status}" in await why_not(fetcher, f"{base}/a.png")


async def test_an_expired_link_is_guessed() -> None:
    site = Site()
    site.gives("/a.png", b"<Error><Code>AccessDenied</Code></Error>", 403)
    async with trusted(site) as (fetcher, base):
        assert "expired" in await why_not(fetcher, f"{base}/a.png")


@pytest.mark.parametrize(
    "body",
    [b"", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<!doctype html>", b"%PDF-1.7", b"PK\x03\x04"],
)
async def test_the_first_bytes_decide_and_not_what_is_said_about_them(body: bytes) -> None:
    site = Site()
    site.gives("/a.png", body, content_type="image/png")
    site.gives("/real", PNG, content_type="text/html")
    async with trusted(site) as (fetcher, base):
        assert "no picture" in await why_not(fetcher, f"{base}/a.png")
        assert (await fetcher.fetch(f"{base}/real")).content_type == "image/png"


async def test_what_is_compressed_is_not_unpacked() -> None:
    site = Site()
    site.gives("/a.png", PNG, content_encoding="gzip")
    async with trusted(site) as (fetcher, base):
        assert "compressed" in await why_not(fetcher, f"{base}/a.png")


async def test_what_never_ends_is_cut_off_at_the_limit() -> None:
    sent = 0

    async def endless(send: Any) -> None:
        nonlocal sent
        await send({"type": "http.response.start", "status": 200, "headers": []})
        while True:
            sent += 65536
            await send({"type": "http.response.body", "body": PNG.ljust(65536), "more_body": True})

    site = Site()
    site.answers["/a.png"] = endless
    async with trusted(site, limits=Limits(size=1024 * 1024)) as (fetcher, base):
        assert "larger than 1 MiB" in await why_not(fetcher, f"{base}/a.png")
    assert sent < 64 * 1024 * 1024


async def test_what_takes_too_long_is_given_up() -> None:
    async def silent(send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await asyncio.Event().wait()

    site = Site()
    site.answers["/a.png"] = silent
    async with trusted(site, limits=Limits(seconds=0.2)) as (fetcher, base):
        assert "longer than 0.2 s" in await why_not(fetcher, f"{base}/a.png")


async def test_a_server_that_is_not_there_is_told() -> None:
    async with trusted(Site()) as (fetcher, base):
        pass
    assert "ConnectError" in await why_not(fetcher, f"{base}/a.png")


async def test_a_name_that_does_not_exist_is_told() -> None:
    async def resolve(host: str, port: int) -> Sequence[str]:
        raise OSError("Name or service not known")

    fetcher = PictureFetcher(resolve=resolve, transport=Unreachable())
    assert "not known" in await why_not(fetcher, "https://nobody.example/")
