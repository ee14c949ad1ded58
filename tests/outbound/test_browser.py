"""Finding a browser, and what is said when none can be started."""

import sys
from contextlib import AbstractAsyncContextManager
from pathlib import Path

import pytest

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.outbound import browser
from lmarena_bridge.outbound.browser import ManagedBrowser, find_browser, managed_browser

SUFFIX = ".exe" if sys.platform == "win32" else ""


def program(folder: Path, name: str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}{SUFFIX}"
    path.write_bytes(b"")
    path.chmod(0o755)
    return path


def window(
    folder: Path, *, headless: bool = True, executable: Path | None = None, url: str = "about:blank"
) -> AbstractAsyncContextManager[ManagedBrowser]:
    """A browser with a profile in `folder` that finds no host at all."""
    return managed_browser(
        folder / "profile",
        script="",
        origins=[],
        start_url=url,
        headless=headless,
        executable=executable,
        arguments=["--host-resolver-rules=MAP * ~NOTFOUND"],
    )


async def start(folder: Path, *, headless: bool = True, executable: Path | None = None) -> None:
    async with window(folder, headless=headless, executable=executable):
        pass


def test_a_browser_on_the_search_path_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chromium, edge = program(tmp_path, "chromium"), program(tmp_path, "microsoft-edge")
    assert find_browser(("chromium",)) == chromium
    assert find_browser(("edge",)) == edge


def test_the_families_are_looked_for_in_the_order_asked_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    chrome, chromium = program(tmp_path, "google-chrome"), program(tmp_path, "chromium")
    assert find_browser() == chrome
    assert find_browser(("chromium", "chrome")) == chromium


def test_the_usual_places_count_where_the_search_path_has_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    place = program(tmp_path, "somewhere")
    monkeypatch.setattr(browser, "usual_places", lambda family, **_: (tmp_path / "missing", place))
    assert find_browser(("brave",)) == place


def test_no_browser_is_no_error_yet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(browser, "usual_places", lambda family, **_: ())
    assert find_browser() is None


async def test_without_playwright_the_error_says_how_to_install_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "playwright.async_api", None)
    with pytest.raises(ConfigError, match="pip install playwright"):
        await start(tmp_path)


@pytest.mark.browser
async def test_without_any_browser_the_error_says_what_to_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PLAYWRIGHT_BROWSERS_PATH", str(tmp_path))
    monkeypatch.setattr(browser, "find_browser", lambda: None)
    with pytest.raises(ConfigError, match="playwright install chromium"):
        await start(tmp_path)


@pytest.mark.browser
async def test_what_is_no_browser_is_named(tmp_path: Path) -> None:
    fake = program(tmp_path, "chromium")
    with pytest.raises(ConfigError, match="could not be started") as caught:
        await start(tmp_path, executable=fake)
    assert str(fake) in caught.value.message


@pytest.mark.browser
@pytest.mark.skipif(sys.platform != "linux", reason="other systems always have a screen")
async def test_without_a_screen_the_error_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    with pytest.raises(ConfigError, match="no screen"):
        await start(tmp_path, headless=False)


@pytest.mark.browser
async def test_a_profile_in_use_is_told_apart(tmp_path: Path) -> None:
    async with window(tmp_path):
        with pytest.raises(ConfigError, match="already running"):
            await start(tmp_path)


@pytest.mark.browser
async def test_a_window_that_was_closed_ends_the_wait_and_nothing_else(tmp_path: Path) -> None:
    async with window(tmp_path) as managed:
        await managed.context.close()
        await managed.wait_closed()


@pytest.mark.browser
async def test_a_site_that_cannot_be_reached_is_left_to_the_person(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with window(tmp_path, url="https://lmarena.ai/") as managed:
        assert managed.context.pages
    assert "https://lmarena.ai/ could not be opened" in caplog.text
