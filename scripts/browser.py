"""See to it that a browser is there: `python -m scripts.browser chromium` or `firefox`.

Takes what the person has. Installs only where nobody minds: from the system's packages on Debian as root,
else Playwright's own Chromium, which stays in the person's cache folder.
"""

import shutil
import subprocess
import sys
from pathlib import Path
from typing import Final

from playwright.sync_api import sync_playwright
from scripts import debian

from lmarena_bridge.outbound.browser import find_browser

NAMES: Final = {"chromium": "Chrome, Chromium, Edge or Brave", "firefox": "Firefox"}
# Without any font installed a browser draws no text at all.
PACKAGES: Final = {
    "chromium": ("chromium", "fonts-dejavu-core"),
    "firefox": ("firefox-esr", "fonts-dejavu-core"),
}


def main(kind: str) -> None:
    for install in (debian_package, playwright_download):
        if not is_installed(kind):
            install(kind)
    if not is_installed(kind):
        sys.exit(f"No {NAMES[kind]} was found and none could be installed: install one, then try again.")


def debian_package(kind: str) -> None:
    if debian.can_install():
        debian.install(*PACKAGES[kind])


def playwright_download(kind: str) -> None:
    """Also the way where the system's packages hold no Chromium, as on Ubuntu."""
    if kind == "chromium":
        print("Playwright downloads its Chromium ...", flush=True)
        with_libraries = ["--with-deps"] if debian.can_install() else []
        subprocess.run([sys.executable, "-m", "playwright", "install", *with_libraries, "chromium"])


def is_installed(kind: str) -> bool:
    if kind == "firefox":
        return any(shutil.which(command) for command in ("firefox-esr", "firefox"))
    return find_browser() is not None or playwrights_own().is_file()


def playwrights_own() -> Path:
    """Where Playwright keeps the Chromium it has downloaded, if it has."""
    with sync_playwright() as playwright:
        return Path(playwright.chromium.executable_path)


if __name__ == "__main__":
    main(sys.argv[1])
