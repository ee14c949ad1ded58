import os
import time
from io import BytesIO
from pathlib import Path

import pytest

from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.file_store import FileStore, StoredFile

NOW = int(time.time())


def file(number: int = 1, *, expires_at: int | None = None) -> StoredFile:
    return StoredFile(f"file-{number:032x}", "a.txt", 0, "user_data", NOW, expires_at)


def kept(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


def test_a_file_is_kept_with_what_is_known_of_it(folder: Path) -> None:
    stored = FileStore(folder).save(BytesIO(b"hello"), file())
    assert stored.size == 5
    again = FileStore(folder)
    assert again.files(NOW) == [stored]
    found = again.find(stored.id, NOW)
    assert found is not None
    assert (found[0], found[1].read_bytes()) == (stored, b"hello")
    assert kept(folder) == [stored.id, f"{stored.id}.json"]
    if os.name == "posix":
        assert folder.stat().st_mode & 0o777 == 0o700
        assert {path.stat().st_mode & 0o777 for path in folder.iterdir()} == {0o600}


def test_a_deleted_file_is_gone(folder: Path) -> None:
    store = FileStore(folder)
    stored = store.save(BytesIO(b"hello"), file())
    assert store.delete(stored.id)
    assert not store.delete(stored.id)
    assert store.find(stored.id, NOW) is None
    assert kept(folder) == []


def test_before_the_first_file_there_is_none(folder: Path) -> None:
    assert FileStore(folder).files(NOW) == []
    assert FileStore(folder).find(file().id, NOW) is None


@pytest.mark.parametrize("name", ["../secret", "file-1", "", "file-" + "0" * 32 + ".json", "a" * 5000, "\0"])
def test_only_ids_of_ours_are_looked_for(folder: Path, name: str) -> None:
    store = FileStore(folder)
    store.save(BytesIO(b"x"), file())
    (folder.parent / "secret").write_bytes(b"secret")
    assert store.find(name, NOW) is None
    assert not store.delete(name)


def test_a_file_past_its_time_is_not_there_and_leaves_with_the_next_upload(folder: Path) -> None:
    store = FileStore(folder)
    short = store.save(BytesIO(b"x"), file(1, expires_at=NOW + 10))
    assert store.find(short.id, NOW + 9) is not None
    assert store.find(short.id, NOW + 10) is None
    assert store.files(NOW + 10) == []
    later = StoredFile(f"file-{2:032x}", "b.txt", 0, "user_data", NOW + 11)
    store.save(BytesIO(b"y"), later)
    assert kept(folder) == [later.id, f"{later.id}.json"]


def test_a_damaged_description_is_no_file_and_stops_nobody(folder: Path) -> None:
    store = FileStore(folder)
    stored = store.save(BytesIO(b"x"), file())
    (folder / f"{stored.id}.json").write_bytes(b"{")
    assert store.find(stored.id, NOW) is None
    assert store.files(NOW) == []
    assert store.save(BytesIO(b"y"), file(2)).size == 1


class Broken(BytesIO):
    def read(self, size: int | None = -1, /) -> bytes:
        raise OSError(28, "No space left on device")


def test_an_upload_that_breaks_off_leaves_nothing(folder: Path) -> None:
    with pytest.raises(OSError, match="No space"):
        FileStore(folder).save(Broken(), file())
    assert kept(folder) == []


def test_a_description_that_cannot_be_written_leaves_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(path: Path, data: bytes) -> bool:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(atomic, "create", full)
    with pytest.raises(OSError, match="No space"):
        FileStore(folder).save(BytesIO(b"x"), file())
    assert kept(folder) == []


def test_what_a_killed_process_left_goes_after_an_hour(folder: Path) -> None:
    folder.mkdir()
    for name, age in ((".draft-old", 7200), (f"file-{9:032x}", 7200), (".draft-new", 10)):
        (folder / name).write_bytes(b"half")
        os.utime(folder / name, (NOW - age, NOW - age))
    stored = FileStore(folder).save(BytesIO(b"x"), file())
    assert kept(folder) == [".draft-new", stored.id, f"{stored.id}.json"]
