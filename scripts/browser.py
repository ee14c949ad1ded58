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
    for install in (debian_package, playwright_download):
        if not is_installed(kind):
            install(kind)
    if not is_installed(kind):
        names = BROWSERS[kind].names
        sys.exit(f"No {names} was found and none could be installed: install one, then try again.")


def debian_package(kind: str) -> None:
    if debian.can_install():
        debian.install(*BROWSERS[kind].debian_packages)


def playwright_download(kind: str) -> None:
    """Also the way where the system's packages hold no Chromium, as on Ubuntu."""
    if kind == "chromium":
        print("Playwright downloads its Chromium ...", flush=True)
        with_libraries = ["--with-deps"] if debian.can_install() else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"])


def is_installed(kind: str) -> bool:
    return (
        any(shutil.which(command) for command in BROWSERS[kind].commands)
        or any(path.is_file() for path in usual_places(BROWSERS[kind]))
        or (kind == "chromium" and playwrights_own().is_file())
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


def playwrights_own() -> Path:
    """Where Playwright keeps the Chromium it has downloaded, if it has."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


if __name__ == "__main__":
    main(sys.argv[1])
