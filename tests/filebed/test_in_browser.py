"""Uploads that would like to run, opened in real Chromium: as a page, in a frame, as a script."""

import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import pytest
import pytest_asyncio
from playwright.async_api import Error, Page, async_playwright

from filebed.beds import PNG, Served, served
from lmarena_bridge.outbound.browser import LOCAL_NETWORK, find_browser

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="module")]

CALL = "fetch('/ran').catch(()=>{});top.ran=1;document.title='ran';alert(1)"
SCRIPT = f"<script>{CALL}</script>".encode()
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{CALL}"><script>{CALL}</script></svg>'.encode()
XHTML = f'<html xmlns="http://www.w3.org/1999/xhtml"><body><script>{CALL}</script></body></html>'.encode()
PDF = (
    b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R/OpenAction<</S/JavaScript/JS(app.alert\\(1\\))>>>>endobj\n"
    b"2 0 obj<</Type/Pages/Count 1/Kids[3 0 R]>>endobj\n3 0 obj<</Type/Page/Parent 2 0 R>>endobj\n"
    b"trailer<</Root 1 0 R>>\n"
)
NASTY = {
    "html": b"<!doctype html><html><body>" + SCRIPT,
    "html behind blanks": b"\n\n\t  " + SCRIPT,
    "html with a comment first": b"<!-- x -->" + SCRIPT,
    "html in utf-16": b"\xff\xfe" + (b"<!doctype html>" + SCRIPT).decode().encode("utf-16-le"),
    "html in utf-7": b"+ADw-script+AD4-alert(1)+ADw-/script+AD4-",
    "html with a mark": b"\xef\xbb\xbf<html>" + SCRIPT,
    "html with a zero": b"<html>\0" + SCRIPT,
    "image tag": f'<img src=x onerror="{CALL}">'.encode(),
    "frame": b'<iframe srcdoc="<script>top.ran=1</script>"></iframe>',
    "link to script": b'<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    "svg": SVG,
    "svg with a header": b'<?xml version="1.0"?>' + SVG,
    "xhtml": b'<?xml version="1.0"?>' + XHTML,
    "xml with a style sheet": b'<?xml version="1.0"?><?xml-stylesheet type="text/xsl" href="#x"?><x/>',
    "javascript": CALL.encode(),
    "gif and javascript": b"GIF89a=1;" + CALL.encode(),
    "gif and html": b"GIF89a" + SCRIPT,
    "png and html": PNG + SCRIPT,
    "jpeg and html": b"\xff\xd8\xff\xe0" + SCRIPT,
    "bmp and javascript": b"BM=1//" + b"\0" * 12 + b"\n" + CALL.encode(),
    "webp and html": b"RIFF\0\0\0\0WEBP" + SCRIPT,
    "wav and html": b"RIFF\0\0\0\0WAVE" + SCRIPT,
    "mp3 and html": b"ID3" + SCRIPT,
    "mp4 and html": b"\0\0\0\x20ftypisom" + SCRIPT,
    "ogg and html": b"OggS" + SCRIPT,
    "pdf with javascript": PDF,
    "pdf and html": b"%PDF-1.4\n" + SCRIPT,
    "zip and html": b"PK\3\4" + SCRIPT,
    "gzip and html": b"\x1f\x8b" + SCRIPT,
    "binary and html": b"\0" + SCRIPT,
    "json": b'{"a": "</script><script>alert(1)</script>"}',
    "css": b"body{background:url(javascript:alert(1))}",
    "mhtml": b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
    "multipart": b"--x\r\nContent-Type: text/html\r\n\r\n" + SCRIPT,
}
# https, so that Chromium lets it reach this computer when it is allowed to.
OTHER = "https://other.test/"
DECLARED = ("text/html", "image/svg+xml", "application/javascript", "")


@dataclass
class Visit:
    page: Page
    bed: Served
    signs: list[str] = field(default_factory=list)
    fetched: set[str] = field(default_factory=set)

    def watch(self, page: Page) -> None:
        page.on("dialog", self._dialog)
        page.on("response", lambda response: self.fetched.add(response.url))
        page.on("request", lambda request: self.signs.append(request.url) if "/ran" in request.url else None)

    async def other_site(self, body: str) -> None:
        """Open a page of another site."""
        await self.page.route(
            OTHER, lambda route: route.fulfill(body=body, content_type="text/html"), times=1
        )
        await self.page.goto(OTHER)

    async def _dialog(self, dialog: object) -> None:
        self.signs.append("a dialog")
        await dialog.dismiss()  # type: ignore[attr-defined]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visit(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visit]:
    async with (
        served(tmp_path_factory.mktemp("bed")) as bed,
        async_playwright() as playwright,
        await playwright.chromium.launch_persistent_context(
            tmp_path_factory.mktemp("profile"),
            executable_path=find_browser(("chromium", "chrome", "edge", "brave")),
            chromium_sandbox=sys.platform != "linux",
            accept_downloads=True,
        ) as context,
    ):
        await context.grant_permissions([LOCAL_NETWORK], origin=OTHER)
        visit = Visit(context.pages[0], bed)
        visit.watch(visit.page)
        yield visit


async def ran(page: Page) -> bool:
    """Whether a script of ours left its mark in the page or in one of its frames."""
    marks = [await frame.evaluate("[window.ran, document.title]") for frame in page.frames]
    return any(mark[0] == 1 or mark[1] == "ran" for mark in marks)


async def settled(page: Page) -> None:
    """Two turns of the page's own clock: what was going to run has run."""
    await page.evaluate("new Promise(done => requestAnimationFrame(() => setTimeout(done, 20)))")


@pytest.mark.parametrize("name", NASTY)
async def test_opened_as_a_page_nothing_runs(visit: Visit, name: str) -> None:
    for declared in DECLARED:
        visit.signs.clear()
        url = (await visit.bed.upload(NASTY[name], declared, f"{name}.html"))["url"]
        try:
            await visit.page.goto(url, wait_until="load")
        except Error as error:  # what is to be saved opens no page
            assert "Download is starting" in error.message or "ERR_ABORTED" in error.message
        assert not await ran(visit.page)
        assert visit.signs == []


async def test_framed_embedded_and_included_nothing_runs(visit: Visit) -> None:
    urls = [(await visit.bed.upload(data, "text/html", "x.html"))["url"] for data in NASTY.values()]
    parts = [
        f'<iframe src="{url}"></iframe><object data="{url}"></object><embed src="{url}">'
        f'<script src="{url}"></script><script type="module" src="{url}"></script>'
        f'<link rel="stylesheet" href="{url}"><img src="{url}">'
        for url in urls
    ]
    for at in range(0, len(parts), 6):
        visit.signs.clear()
        await visit.other_site("<!doctype html><body>" + "".join(parts[at : at + 6]))
        await settled(visit.page)
        assert visit.fetched >= set(urls[at : at + 6])
        assert await visit.page.evaluate("window.ran") is None
        assert await visit.page.title() == ""
        assert visit.signs == []


async def test_such_scripts_would_be_noticed_if_they_ran(visit: Visit) -> None:
    visit.signs.clear()
    await visit.other_site(NASTY["html"].decode())
    assert await ran(visit.page)
    assert "a dialog" in visit.signs


async def test_a_picture_shows_on_a_page_of_another_site(visit: Visit) -> None:
    url = (await visit.bed.upload(PNG))["url"]
    await visit.other_site(f'<img src="{url}">')
    size = await visit.page.evaluate(
        "document.images[0].decode().then(() => document.images[0].naturalWidth)"
    )
    assert size == 1


async def test_what_is_to_be_saved_is_saved_under_our_name(visit: Visit) -> None:
    said = await visit.bed.upload(SVG, "image/svg+xml", "x.svg")
    async with visit.page.expect_download() as caught:
        try:
            await visit.page.goto(said["url"])
        except Error as error:
            assert "Download is starting" in error.message or "ERR_ABORTED" in error.message
    download = await caught.value
    assert download.suggested_filename == said["filename"]
    assert said["filename"].endswith(".txt")
