"""Where a browser may lie, on systems the tests do not run on as well."""

from pathlib import PurePosixPath, PureWindowsPath

import pytest

from lmarena_bridge.outbound.browser_places import FAMILIES, Family, usual_places

ALL: tuple[Family, ...] = ("chrome", "chromium", "edge", "brave")


def test_there_are_four_families_and_chrome_is_asked_for_first() -> None:
    assert tuple(FAMILIES) == ALL


def test_windows_looks_in_the_folders_for_programs_that_exist() -> None:
    environ = {
        "PROGRAMFILES": r"C:\Program Files",
        "PROGRAMFILES(X86)": r"C:\Program Files (x86)",
        "LOCALAPPDATA": r"C:\Users\Ola\AppData\Local",
    }
    home = PureWindowsPath(r"C:\Users\Ola")
    assert usual_places("chrome", platform="win32", environ=environ, home=home) == (
        PureWindowsPath(r"C:\Program Files\Google\Chrome\Application\chrome.exe"),
        PureWindowsPath(r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe"),
        PureWindowsPath(r"C:\Users\Ola\AppData\Local\Google\Chrome\Application\chrome.exe"),
    )
    only_one = {"PROGRAMFILES": "D:\\Apps", "LOCALAPPDATA": ""}
    assert usual_places("edge", platform="win32", environ=only_one, home=home) == (
        PureWindowsPath(r"D:\Apps\Microsoft\Edge\Application\msedge.exe"),
    )
    assert usual_places("edge", platform="win32", environ={}, home=home) == ()


def test_macos_looks_in_the_applications_of_all_and_of_this_person() -> None:
    assert usual_places("brave", platform="darwin", environ={}, home=PurePosixPath("/Users/ola")) == (
        PurePosixPath("/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"),
        PurePosixPath("/Users/ola/Applications/Brave Browser.app/Contents/MacOS/Brave Browser"),
    )


@pytest.mark.parametrize("platform", ["linux", "freebsd14"])
def test_elsewhere_vendors_put_it_in_places_of_their_own(platform: str) -> None:
    home = PurePosixPath("/home/ola")
    assert usual_places("edge", platform=platform, environ={}, home=home) == (
        PurePosixPath("/opt/microsoft/msedge/msedge"),
    )


@pytest.mark.parametrize("family", ALL)
@pytest.mark.parametrize("platform", ["linux", "darwin", "win32"])
def test_each_family_can_be_found_on_each_system(family: Family, platform: str) -> None:
    environ = {"PROGRAMFILES": r"C:\Program Files"}
    places = usual_places(family, platform=platform, environ=environ, home=PurePosixPath("/home/ola"))
    assert places
    assert all(place.is_absolute() for place in places)
    assert FAMILIES[family].commands
