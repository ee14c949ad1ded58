"""Where browsers built on Chromium lie, on each system; says where to look, does not look."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePath, PurePosixPath, PureWindowsPath
from typing import Final, Literal

Family = Literal["chrome", "chromium", "edge", "brave"]

# Programs folders of Windows, by the variables that name them: all users', 32-bit ones', this person's.
_WINDOWS_FOLDERS: Final = ("PROGRAMFILES", "PROGRAMFILES(X86)", "LOCALAPPDATA")


@dataclass(frozen=True, slots=True)
class Places:
    """One family of browsers.

    commands: names on the search path. linux: absolute paths. mac: applications. windows: below a folder
    for programs.
    """

    commands: tuple[str, ...]
    linux: tuple[str, ...]
    mac: str
    windows: str


FAMILIES: Final[Mapping[Family, Places]] = {
    "chrome": Places(
        commands=("google-chrome-stable", "google-chrome", "chrome"),
        linux=("/opt/google/chrome/chrome",),
        mac="Google Chrome",
        windows="Google/Chrome/Application/chrome.exe",
    ),
    "chromium": Places(
        commands=("chromium", "chromium-browser"),
        linux=("/usr/lib/chromium/chromium", "/snap/bin/chromium"),
        mac="Chromium",
        windows="Chromium/Application/chrome.exe",
    ),
    "edge": Places(
        commands=("microsoft-edge-stable", "microsoft-edge", "msedge"),
        linux=("/opt/microsoft/msedge/msedge",),
        mac="Microsoft Edge",
        windows="Microsoft/Edge/Application/msedge.exe",
    ),
    "brave": Places(
        commands=("brave-browser", "brave"),
        linux=("/opt/brave.com/brave/brave",),
        mac="Brave Browser",
        windows="BraveSoftware/Brave-Browser/Application/brave.exe",
    ),
}


def usual_places(
    family: Family, *, platform: str, environ: Mapping[str, str], home: PurePath
) -> tuple[PurePath, ...]:
    """Files that are the browser if they exist; `platform` as `sys.platform` says it."""
    places = FAMILIES[family]
    if platform == "win32":
        folders = [environ[name] for name in _WINDOWS_FOLDERS if environ.get(name)]
        return tuple(PureWindowsPath(folder) / places.windows for folder in folders)
    if platform == "darwin":
        inside = PurePosixPath(f"{places.mac}.app", "Contents", "MacOS", places.mac)
        return (PurePosixPath("/Applications") / inside, home / "Applications" / inside)
    return tuple(PurePosixPath(path) for path in places.linux)
