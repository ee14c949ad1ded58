import errno
import os
import stat
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from lmarena_bridge.storage import atomic

POSIX = sys.platform != "win32"

# Writes one of two long texts, again and again, until it is killed.
WRITER = """
import sys
from pathlib import Path
from lmarena_bridge.storage import atomic
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for letter in b"ab":
        atomic.write(path, bytes([letter]) * 300_000)
"""


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_file_is_replaced_and_nothing_stays_beside_it(tmp_path: Path) -> None:
    file = tmp_path / "config.jsonc"
    atomic.write(file, b"old")
    atomic.write(file, b"new")
    assert file.read_bytes() == b"new"
    assert os.listdir(tmp_path) == ["config.jsonc"]


@pytest.mark.skipif(not POSIX, reason="Windows does not replace an open file")
def test_whoever_has_the_old_file_open_reads_it_to_its_end(tmp_path: Path) -> None:
    file = tmp_path / "config.jsonc"
    atomic.write(file, b"old")
    with file.open("rb") as reader:
        atomic.write(file, b"new")
        assert reader.read() == b"old"


@pytest.mark.skipif(not POSIX, reason="Windows knows no such permissions")
def test_permissions_are_kept_and_new_files_are_private(tmp_path: Path) -> None:
    file = tmp_path / "config.jsonc"
    atomic.write(file, b"old")
    assert mode(file) == 0o600
    file.chmod(0o640)
    atomic.write(file, b"new")
    assert mode(file) == 0o640
    atomic.create(tmp_path / "models.json", b"{}", mode=0o644)
    assert mode(tmp_path / "models.json") == 0o644


@pytest.mark.skipif(not POSIX, reason="links need a privilege on Windows")
def test_a_link_stays_a_link(tmp_path: Path) -> None:
    (tmp_path / "dotfiles").mkdir()
    real, link = tmp_path / "dotfiles" / "config.jsonc", tmp_path / "config.jsonc"
    real.write_bytes(b"old")
    link.symlink_to(real)
    atomic.write(link, b"new")
    assert link.is_symlink()
    assert real.read_bytes() == b"new"
    assert os.listdir(real.parent) == ["config.jsonc"]


def test_a_write_that_fails_leaves_the_old_file_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "config.jsonc"
    target.mkdir()
    (target / "inside").write_bytes(b"old")
    with pytest.raises(OSError, match=r"config\.jsonc"):
        atomic.write(target, b"new")
    assert os.listdir(tmp_path) == ["config.jsonc"]
    assert (target / "inside").read_bytes() == b"old"


def test_a_directory_that_is_missing_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        atomic.write(tmp_path / "gone" / "config.jsonc", b"new")


def test_only_the_first_creates_a_file(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    assert atomic.create(file, b"first") is True
    assert atomic.create(file, b"second") is False
    assert file.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["secret"]


def test_of_many_who_create_at_once_one_succeeds_and_its_file_is_whole(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    texts = [bytes([65 + number]) * 10_000 for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        created = list(pool.map(lambda text: atomic.create(file, text), texts))
    assert created.count(True) == 1
    assert file.read_bytes() == texts[created.index(True)]
    assert os.listdir(tmp_path) == ["secret"]


def test_a_drive_without_hard_links_creates_files_as_well(tmp_path: Path) -> None:
    file = tmp_path / "secret"

    def no_links(source: Path, target: Path) -> None:
        raise OSError(errno.EPERM, "no hard links here")

    assert atomic.create(file, b"first", link=no_links) is True
    assert atomic.create(file, b"second", link=no_links) is False
    assert file.read_bytes() == b"first"
    assert os.listdir(tmp_path) == ["secret"]


def test_a_file_is_only_written_over_while_it_is_what_it_was(tmp_path: Path) -> None:
    file = tmp_path / "models.json"
    atomic.write_over(file, b"first", None)
    atomic.write_over(file, b"second", b"first")
    for old in (None, b"first"):
        with pytest.raises(atomic.Overtaken):
            atomic.write_over(file, b"third", old)
    assert file.read_bytes() == b"second"
    file.unlink()
    with pytest.raises(atomic.Overtaken):
        atomic.write_over(file, b"third", b"second")
    assert os.listdir(tmp_path) == []


def test_only_what_was_left_behind_long_ago_is_swept_away(tmp_path: Path) -> None:
    names = {".a.json.x.tmp": 3600, ".a.json.y.tmp": 5, ".b.json.x.tmp": 3600, "a.json": 3600}
    for name, age in names.items():
        file = tmp_path / name
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    atomic.sweep(tmp_path / "a.json")
    assert sorted(os.listdir(tmp_path)) == [".a.json.y.tmp", ".b.json.x.tmp", "a.json"]


@pytest.mark.skipif(not POSIX, reason="Windows knows no such owners")
def test_the_owner_of_a_file_stays(tmp_path: Path) -> None:
    file = tmp_path / "config.jsonc"
    file.touch()
    owner = 4321 if os.geteuid() == 0 else os.geteuid()
    os.chown(file, owner, -1)
    atomic.write(file, b"new")
    assert (file.stat().st_uid, file.read_bytes()) == (owner, b"new")


def test_a_file_that_a_virus_scanner_holds_is_tried_again(tmp_path: Path) -> None:
    source, target = tmp_path / "new", tmp_path / "config.jsonc"
    source.write_bytes(b"new")
    held = [PermissionError("held"), PermissionError("held")]

    def replace(source: Path, target: Path) -> None:
        if held:
            raise held.pop()
        source.replace(target)

    atomic.replace_patiently(source, target, replace=replace, pauses=(0, 0, 0))
    assert target.read_bytes() == b"new"


def test_a_file_that_is_held_for_ever_is_an_error(tmp_path: Path) -> None:
    tries: list[Path] = []

    def replace(source: Path, target: Path) -> None:
        tries.append(target)
        raise PermissionError("held")

    with pytest.raises(PermissionError, match="held"):
        atomic.replace_patiently(tmp_path / "new", tmp_path / "old", replace=replace, pauses=(0, 0))
    assert len(tries) == 3


@pytest.mark.parametrize("moment", [0.002, 0.011, 0.023, 0.047, 0.071])
def test_a_kill_at_any_moment_leaves_the_old_or_the_new_file(tmp_path: Path, moment: float) -> None:
    file = tmp_path / "config.jsonc"
    atomic.write(file, b"a" * 300_000)
    with subprocess.Popen([sys.executable, "-c", WRITER, str(file)], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        assert writer.stdout.readline().strip() == b"ready"
        deadline = time.monotonic() + moment
        while time.monotonic() < deadline:
            assert_whole(file.read_bytes())
        writer.kill()
        writer.wait(timeout=10)
    assert_whole(file.read_bytes())


def test_two_writers_at_once_never_mix(tmp_path: Path) -> None:
    file = tmp_path / "config.jsonc"

    def write_often(letter: bytes) -> None:
        for _ in range(50):
            atomic.write(file, letter * 50_000)

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(write_often, (b"a", b"b")))
    assert_whole(file.read_bytes(), 50_000)
    assert os.listdir(tmp_path) == ["config.jsonc"]


def assert_whole(data: bytes, size: int = 300_000) -> None:
    assert len(data) == size
    assert data in (b"a" * size, b"b" * size)
