import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.storage.history import History, Limits, Text
from lmarena_bridge.storage.history_schema import MIGRATIONS

PLENTY = Limits(days=30, max_bytes=100 * 1024 * 1024)


def row(number: int, **said: Any) -> dict[str, Any]:
    values: dict[str, Any] = {
        "id": number,
        "started": time.time(),
        "model": "m",
        "kind": "text",
        "client": "curl",
        "session": "s",
        "tab": "t",
        "attempts": 1,
        "status": 200,
        "code": "",
        "message": "",
        "prepared": 0.0,
        "first": 0.5,
        "total": 1.0,
        "tokens": 7,
        "estimated": False,
        "asked": 10,
        "answered": 20,
        "pictures": 0,
    }
    return {**values, **said}


class Desk:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.told: list[str] = []
        self.history = History(path, PLENTY, self.told.append)


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    desk = Desk(tmp_path / "history.db")
    desk.history.start()
    yield desk
    desk.history.stop()


def test_what_is_recorded_is_read_again_the_newest_first(desk: Desk) -> None:
    assert desk.history.rows() == []
    for number in range(1, 6):
        desk.history.record(row(number, status=500 if number == 2 else 200, model=f"m{number % 2}"))
    desk.history.settled()
    assert [each["id"] for each in desk.history.rows()] == [5, 4, 3, 2, 1]
    assert [each["id"] for each in desk.history.rows(before=4, limit=2)] == [3, 2]
    assert [each["id"] for each in desk.history.rows(model="m1")] == [5, 3, 1]
    assert [each["id"] for each in desk.history.rows(failed=True)] == [2]
    assert len(desk.history.since(time.time() - 60)) == 5


def test_conversations_are_there_for_those_that_brought_one(desk: Desk) -> None:
    desk.history.record(row(1), Text("what?", "that"))
    desk.history.record(row(2))
    desk.history.settled()
    assert desk.history.text(1) == Text("what?", "that")
    assert desk.history.text(2) is None


def test_readers_see_the_file_while_it_is_written_and_it_is_private(desk: Desk) -> None:
    desk.history.record(row(1))
    desk.history.settled()
    with sqlite3.connect(desk.path) as database:
        assert database.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    database.close()


def test_what_is_too_old_goes_and_its_words_with_it(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.limits = Limits(days=2, max_bytes=PLENTY.max_bytes)
    desk.history.start()
    desk.history.record(row(1, started=time.time() - 3 * 86_400), Text("old", "old"))
    desk.history.record(row(2, started=time.time() - 86_400))
    desk.history.stop()
    assert [each["id"] for each in desk.history.rows()] == [2]
    assert desk.history.text(1) is None


def test_a_file_that_has_grown_too_large_loses_its_oldest(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.limits = Limits(days=30, max_bytes=400_000)
    desk.history.start()
    for number in range(1, 101):
        desk.history.record(row(number), Text("x" * 20_000, "y"))
    desk.history.stop()
    left = [each["id"] for each in desk.history.rows(limit=200)]
    assert left[0] == 100
    assert 1 not in left
    assert desk.path.stat().st_size <= 600_000


def test_a_history_of_the_first_version_is_taken_over(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    database = sqlite3.connect(desk.path)
    database.executescript(f"{MIGRATIONS[0]} PRAGMA user_version = 1;")
    database.close()
    desk.history.start()
    desk.history.record(row(1), Text("q", "a"))
    desk.history.stop()
    assert desk.history.text(1) == Text("q", "a")


def test_a_history_of_a_later_version_is_left_as_it_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    database = sqlite3.connect(desk.path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    desk.history.start()
    desk.history.record(row(1))
    desk.history.stop()
    assert "later version" in desk.told[0]
    database = sqlite3.connect(desk.path)
    assert database.execute("PRAGMA user_version").fetchone() == (99,)
    assert database.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,)
    database.close()


def test_a_file_that_is_no_database_is_set_aside_and_a_new_one_begun(desk: Desk) -> None:
    desk.path.write_bytes(b"this is no database, but some text that is long enough" * 10)
    desk.history.record(row(1))
    desk.history.settled()
    assert desk.path.with_name("history.db.broken").is_file()
    desk.history.record(row(2))
    desk.history.settled()
    assert [each["id"] for each in desk.history.rows()] == [2]
    assert len(desk.told) == 1


def test_a_disk_that_takes_nothing_is_told_of_once_and_stops_nobody(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "nowhere" / "history.db")
    desk.history.start()
    for number in range(3):
        desk.history.record(row(number))
        desk.history.settled()
    desk.history.stop()
    assert len(desk.told) == 1
    assert desk.history.rows() == []


def test_it_can_be_emptied(desk: Desk) -> None:
    desk.history.record(row(1), Text("secret thing", "a"))
    desk.history.settled()
    desk.history.clear()
    assert desk.history.rows() == []
    desk.history.stop()
    assert b"secret thing" not in desk.path.read_bytes()


def test_nobody_waits_for_a_line_that_is_full(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    for number in range(6000):  # its thread does not run yet
        desk.history.record(row(number))
    desk.history.start()
    desk.history.stop()
    assert 0 < desk.history.rows(limit=1)[0]["id"] < 5999
