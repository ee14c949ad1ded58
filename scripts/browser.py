"""See to it that a browser is there: `python -m scripts.browser chromium` or `firefox`.

Takes what the person has. Installs only where nobody minds: from the system's packages on Debian as root,
else Playwright's own Chromium, which stays in the person's cache folder.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import sync_playwright
from scripts import debian


@dataclass(frozen=True, slots=True)
class Browser:
    names: str
    commands: tuple[str, ...]
    mac_applications: tuple[str, ...]
    windows_programs: tuple[str, ...]
    debian_packages: tuple[str, ...]


BROWSERS = {
    "chromium": Browser(
        names="Chrome, Chromium or Edge",
        commands=(
            "google-chrome-stable",
            "google-chrome",
            "chromium",
            "chromium-browser",
            "microsoft-edge-stable",
            "microsoft-edge",
        ),
        mac_applications=("Google Chrome", "Chromium", "Microsoft Edge"),
        windows_programs=(
            "Google/Chrome/Application/chrome.exe",
            "Chromium/Application/chrome.exe",
            "Microsoft/Edge/Application/msedge.exe",
        ),
        # Without any font installed Chromium draws no text at all.
        debian_packages=("chromium", "fonts-dejavu-core"),
    ),
    "firefox": Browser(
        names="Firefox",
        commands=("firefox-esr", "firefox"),
        mac_applications=("Firefox",),
        windows_programs=("Mozilla Firefox/firefox.exe",),
        debian_packages=("firefox-esr", "fonts-dejavu-core"),
    ),
}


def main(kind: str) -> None:
    browser = BROWSERS[kind]
    if is_installed(browser) or (kind == "chromium" and playwrights_own() is not None):
        return
    if debian.can_install():
        debian.install(*browser.debian_packages)
    elif kind == "chromium":
        print("No browser found; Playwright downloads its Chromium ...", flush=True)
        subprocess.run([sys.executable, "-m", "playwright", "install", "chromium"])
    if not is_installed(browser) and (kind != "chromium" or playwrights_own() is None):
        sys.exit(f"No {browser.names} was found and none could be installed: install one, then try again.")


def is_installed(browser: Browser) -> bool:
    return any(shutil.which(command) for command in browser.commands) or any(
        path.is_file() for path in usual_places(browser)
    )


def usual_places(browser: Browser) -> Iterator[Path]:
    """Where macOS and Windows keep programs that are on no search path."""
    for folder in (Path("/Applications"), Path.home() / "Applications"):
        for name in browser.mac_applications:
            yield folder / f"{name}.app" / "Contents" / "MacOS" / name
    for variable in ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA"):
        if variable in os.environ:
            for program in browser.windows_programs:
                yield Path(os.environ[variable]) / program


def playwrights_own() -> Path | None:
    """The Chromium that Playwright has downloaded before, if it has."""
    with sync_playwright() as playwright:
        path = Path(playwright.chromium.executable_path)
    return path if path.is_file() else None


if __name__ == "__main__":
    main(sys.argv[1])
