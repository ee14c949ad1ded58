import os
import re
import stat
import sys
import time
from pathlib import Path

import pytest

from lmarena_bridge.storage.kept_pictures import KeptPictures

SECRET = "s" * 32


def test_a_picture_is_stored_once_however_often_it_comes(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path / "images", secret=SECRET)
    names = {kept.keep(b"picture", "png", days=0) for _ in range(3)}
    (name,) = names
    assert re.fullmatch(r"[0-9a-f]{32}\.png", name)
    assert [path.name for path in (tmp_path / "images").iterdir()] == [name]
    assert kept.find(name) == (tmp_path / "images" / name, "image/png")
    assert (tmp_path / "images" / name).read_bytes() == b"picture"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such permissions")
def test_only_the_person_can_read_it(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path / "images", secret=SECRET)
    kept.keep(b"picture", "png", days=0)
    for path in (tmp_path / "images", *(tmp_path / "images").iterdir()):
        assert not stat.S_IMODE(path.stat().st_mode) & 0o077


def test_names_cannot_be_made_by_who_has_the_picture_alone(tmp_path: Path) -> None:
    names = {
        KeptPictures(tmp_path / secret, secret=secret).keep(b"picture", "png", days=0)
        for secret in ("one", "another")
    }
    assert len(names) == 2


@pytest.mark.parametrize(
    "name",
    [
        "",
        ".",
        "..",
        "../pairing_secret",
        "pairing_secret",
        "0" * 32 + ".png",
        "0" * 32,
        "0" * 31 + ".png",
        "0" * 32 + ".svg",
        "0" * 32 + ".png\n",
        "0" * 32 + ".png\x00",
        "/etc/passwd",
        "C:\\pairing_secret",
        "x" * 5000,
    ],
)
def test_no_other_name_is_found(tmp_path: Path, name: str) -> None:
    (tmp_path / "pairing_secret").write_bytes(b"secret")
    kept = KeptPictures(tmp_path, secret=SECRET)
    assert kept.find(name) is None


def test_old_pictures_go_when_new_ones_come(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, secret=SECRET)
    old, young = kept.keep(b"old", "png", days=0), kept.keep(b"young", "jpg", days=0)
    long_ago = time.time() - 3 * 86_400
    os.utime(tmp_path / old, (long_ago, long_ago))
    kept.keep(b"new", "webp", days=0)
    assert kept.find(old) is not None
    new = kept.keep(b"new", "webp", days=2)
    assert kept.find(old) is None
    assert kept.find(young) is not None
    assert kept.find(new) is not None


def test_a_picture_that_comes_again_is_young_again(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, secret=SECRET)
    name = kept.keep(b"old", "png", days=0)
    os.utime(tmp_path / name, (1, 1))
    assert kept.keep(b"old", "png", days=2) == name
    assert kept.find(name) is not None


def test_the_folder_is_not_looked_through_each_time(tmp_path: Path) -> None:
    kept = KeptPictures(tmp_path, secret=SECRET)
    kept.keep(b"first", "png", days=1)
    old = kept.keep(b"old", "png", days=1)
    os.utime(tmp_path / old, (1, 1))
    kept.keep(b"new", "png", days=1)
    assert kept.find(old) is not None
