import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from lmarena_bridge.storage.history import History
from lmarena_bridge.storage.history_file import Limits
from lmarena_bridge.storage.history_schema import FIELDS, MIGRATIONS, Row, Text

PLENTY = Limits(days=30, max_bytes=100 * 1024 * 1024)


# Ids tell the time. Far enough back that none of these rows is of the future.
BEGIN = int(time.time() * 1000) - 3_600_000


def row(number: int, *, days_ago: int = 0, **said: Any) -> Row:
    row_id = BEGIN + number - days_ago * 86_400_000
    finished = Row(
        id=row_id,
        started=row_id / 1000,
        model="m",
        kind="text",
        client="curl",
        session="s",
        tab="t",
        attempts=1,
        status=200,
        prepared=0.0,
        first=0.5,
        total=1.0,
        tokens=7,
        asked=10,
        answered=20,
    )
    return structs.replace(finished, **said)


def numbers(rows: Iterable[Mapping[str, Any]]) -> list[int]:
    return [row["id"] - BEGIN for row in rows]


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
    assert numbers(desk.history.rows()) == [5, 4, 3, 2, 1]
    assert numbers(desk.history.rows(before=BEGIN + 4, limit=2)) == [3, 2]
    assert numbers(desk.history.rows(model="m1")) == [5, 3, 1]
    assert numbers(desk.history.rows(failed=True)) == [2]
    assert [each["tokens"] for each in desk.history.since((BEGIN + 2) / 1000)] == [7] * 4


def test_conversations_are_there_for_those_that_brought_one(desk: Desk) -> None:
    desk.history.record(row(1), Text("what?", "that"))
    desk.history.record(row(2))
    desk.history.settled()
    assert desk.history.text(BEGIN + 1) == Text("what?", "that")
    assert desk.history.text(BEGIN + 2) is None


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
    old, young = row(1, days_ago=3), row(1, days_ago=1)
    desk.history.record(old, Text("old", "old"))
    desk.history.record(young)
    desk.history.stop()
    assert [each["id"] for each in desk.history.rows()] == [young.id]
    assert desk.history.text(old.id) is None


def test_a_file_that_has_grown_too_large_loses_its_oldest(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.limits = Limits(days=30, max_bytes=400_000)
    desk.history.start()
    for number in range(1, 101):
        desk.history.record(row(number), Text("x" * 20_000, "y"))
    desk.history.stop()
    left = numbers(desk.history.rows(limit=200))
    assert left[0] == 100
    assert 1 not in left
    assert desk.path.stat().st_size <= 600_000


@pytest.mark.parametrize("version", [1, 2, 3])
def test_a_history_of_an_earlier_version_is_taken_over(tmp_path: Path, version: int) -> None:
    desk = Desk(tmp_path / "history.db")
    # Three hours, and more than one row in some of their minutes.
    told = [row(number * 20_000, model=f"m{number}", first=None, code="x") for number in range(540)]
    with closing(sqlite3.connect(desk.path)) as database:
        for number, script in enumerate(MIGRATIONS[:version], 1):
            database.executescript(f"{script} PRAGMA user_version = {number};")
        places = ", ".join("?" * len(FIELDS))
        rows = [structs.astuple(each) for each in told]
        database.executemany(f"INSERT INTO requests VALUES ({places})", rows)
        if version > 1:
            texts = [(each.id, f"q{each.id}", "a") for each in told[::7]]
            database.executemany("INSERT INTO texts VALUES (?, ?, ?)", texts)
        database.commit()
    # Before anything is written, for the page shows it at once.
    assert numbers(desk.history.rows(limit=1)) == [539 * 20_000]
    desk.history.start()
    desk.history.record(row(540 * 20_000), Text("q", "a"))
    desk.history.stop()
    found = desk.history.rows(limit=1000)
    assert found[1:] == [structs.asdict(each) for each in reversed(told)]
    assert desk.history.text(found[0]["id"]) == Text("q", "a")
    kept = [desk.history.text(each.id) for each in told]
    assert kept == [
        Text(f"q{each.id}", "a") if version > 1 and number % 7 == 0 else None
        for number, each in enumerate(told)
    ]
    assert desk.told == []


def test_a_history_of_a_later_version_is_left_as_it_is(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    database = sqlite3.connect(desk.path)
    database.execute("PRAGMA user_version = 99")
    database.close()
    desk.history.start()
    desk.history.record(row(1))
    desk.history.stop()
    assert "later version" in desk.told[0]
    assert desk.history.rows() == []
    assert "later version" in desk.told[1]
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
    assert numbers(desk.history.rows()) == [2]
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


def test_what_was_not_recorded_comes_no_more_but_what_follows_does(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "later" / "history.db")
    desk.history.start()
    desk.history.record(row(1))
    desk.history.settled()
    desk.path.parent.mkdir()
    desk.history.record(row(2))
    desk.history.stop()
    assert numbers(desk.history.rows()) == [2]
    assert len(desk.told) == 1


def test_it_can_be_emptied_and_no_file_holds_a_word_any_more(desk: Desk) -> None:
    desk.history.clear()  # nothing yet
    desk.history.record(row(1), Text("secret thing", "a"))
    desk.history.settled()
    assert b"secret thing" in everything(desk.path)
    desk.history.clear()
    assert desk.history.rows() == []
    assert b"secret thing" not in everything(desk.path)
    desk.history.record(row(2))
    desk.history.settled()
    assert numbers(desk.history.rows()) == [2]


def everything(path: Path) -> bytes:
    """With what SQLite keeps beside the file."""
    return b"".join(each.read_bytes() for each in path.parent.glob(f"{path.name}*"))


def test_what_is_more_than_the_bound_is_lost_and_told_of(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    for number in range(30_000):  # its thread does not run yet
        desk.history.record(row(number))
    desk.history.start()
    desk.history.stop()
    assert 5_000 < numbers(desk.history.rows(limit=1))[0] < 29_999
    assert desk.told == ["some requests are not recorded (the disk is too slow)"]


def test_rows_with_conversations_have_a_bound_of_their_own(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    for number in range(100):
        desk.history.record(row(number), Text("x" * 1_000_000, "y"))
    desk.history.start()
    desk.history.stop()
    assert 50 < numbers(desk.history.rows(limit=1))[0] < 99
    assert desk.told == ["some requests are not recorded (the disk is too slow)"]


@pytest.mark.parametrize("count", [1, 49, 50, 51, 100, 1234])
def test_a_stop_writes_all_that_is_in_line(tmp_path: Path, count: int) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.start()
    for number in range(count):
        desk.history.record(row(number, model=f"m{number}", tokens=number))
    desk.history.stop()
    found = list(reversed(desk.history.rows(limit=2000)))
    assert numbers(found) == list(range(count))
    assert [(each["model"], each["tokens"]) for each in found] == [
        (f"m{each}", each) for each in range(count)
    ]


def test_a_row_is_kept_as_it_was_when_it_was_recorded(desk: Desk) -> None:
    told = row(1)
    desk.history.record(told)
    told.attempts, told.model = 99, "another"
    desk.history.settled()
    (found,) = desk.history.rows()
    assert (found["attempts"], found["model"]) == (1, "m")


@pytest.mark.parametrize("said", [{"model": "\ud83d"}, {"status": None}])
def test_a_row_that_no_file_takes_is_told_of_and_keeps_no_other_out(desk: Desk, said: dict[str, Any]) -> None:
    for number in range(60):
        desk.history.record(row(number, **said) if number == 30 else row(number))
    desk.history.settled()
    assert sorted(numbers(desk.history.rows())) == [number for number in range(60) if number != 30]
    assert [told.split(" (")[0] for told in desk.told] == ["a request is not recorded"]


def test_half_a_character_is_left_out_of_a_conversation(desk: Desk) -> None:
    desk.history.record(row(1), Text("so\ud83d", "\ude00😀"))
    desk.history.settled()
    assert desk.history.text(BEGIN + 1) == Text("so?", "?😀")


def test_an_id_that_another_program_has_given_replaces_nothing(tmp_path: Path) -> None:
    for asked in ("the first", "the second"):
        desk = Desk(tmp_path / "history.db")
        desk.history.start()
        desk.history.record(row(1, model=asked), Text(asked, "a"))
        desk.history.stop()
        assert desk.told == []
    assert {each["model"] for each in desk.history.rows()} == {"the first", "the second"}
    assert desk.history.text(BEGIN + 1) == Text("the first", "a")


def test_a_busy_second_is_kept_in_pieces_that_are_read_quickly(desk: Desk) -> None:
    for number in range(1000):
        desk.history.record(row(number))
    desk.history.settled()
    with closing(sqlite3.connect(desk.path)) as database:
        sizes = database.execute("SELECT length(rows) FROM batches").fetchall()
    assert 5 <= len(sizes) <= 10
    assert max(sizes) < (17_000,)
    assert numbers(desk.history.rows(limit=1000)) == list(reversed(range(1000)))


def test_an_answer_that_took_long_stands_where_it_began(desk: Desk) -> None:
    order = [1, 2, 9, 3, 20, 4, 21, 5, 22, 10, 23]
    for number in order:  # each of them in a batch of its own
        desk.history.record(row(number))
        desk.history.settled()
    newest = sorted(order, reverse=True)
    assert numbers(desk.history.rows(limit=3)) == newest[:3]
    seen: list[int] = []
    while page := numbers(desk.history.rows(limit=2, before=BEGIN + seen[-1] if seen else None)):
        seen += page
    assert seen == newest
    assert numbers(desk.history.since((BEGIN + 9) / 1000)) == [9, 10, 20, 21, 22, 23]


def test_of_a_batch_only_the_old_rows_go(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.limits = Limits(days=2, max_bytes=PLENTY.max_bytes)
    desk.history.start()
    for number in range(4):
        desk.history.record(row(number, days_ago=number), Text(f"q{number}", "a"))
    desk.history.stop()
    left = desk.history.rows()
    assert numbers(left) == [0, 1 - 86_400_000]
    assert [desk.history.text(each["id"]) for each in left] == [Text("q0", "a"), Text("q1", "a")]
    with closing(sqlite3.connect(desk.path)) as database:
        assert database.execute("SELECT count(*) FROM texts").fetchone() == (2,)
        assert database.execute("SELECT first FROM batches").fetchone() == (left[-1]["id"],)


def test_the_words_of_rows_that_had_to_go_are_gone(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    desk.history.limits = Limits(days=30, max_bytes=0)
    desk.history.start()
    desk.history.record(row(1), Text("q", "a"))
    desk.history.stop()
    assert desk.history.rows() == []
    assert desk.history.text(BEGIN + 1) is None


def test_rows_that_this_program_cannot_have_written_are_told_of(desk: Desk) -> None:
    desk.history.record(row(1))
    desk.history.settled()
    with closing(sqlite3.connect(desk.path)) as database, database:
        database.execute("UPDATE batches SET rows = 'no JSON'")
    assert desk.history.rows() == []
    assert "cannot be read" in desk.told[0]


def test_what_is_asked_for_is_found_without_reading_everything(desk: Desk) -> None:
    desk.history.record(row(1), Text("q", "a"))
    desk.history.settled()
    with closing(sqlite3.connect(desk.path)) as database:
        for query, how in (
            ("SELECT last, rows FROM batches WHERE first < 5 ORDER BY last DESC", "SCAN batches USING INDEX"),
            ("SELECT rows FROM batches WHERE last >= 5", "SEARCH batches USING INDEX batches_last"),
            ("SELECT prompt FROM texts WHERE request = 5", "SEARCH texts USING INTEGER PRIMARY KEY"),
        ):
            ((*_, plan),) = database.execute(f"EXPLAIN QUERY PLAN {query}").fetchall()
            assert plan.startswith(how)


def test_a_file_in_which_nothing_is_yet_is_an_empty_history(desk: Desk) -> None:
    desk.path.touch()
    desk.history.clear()
    assert desk.history.rows() == desk.history.since(0) == []
    assert desk.told == []


def test_two_programs_write_into_one_file(tmp_path: Path) -> None:
    one, other = Desk(tmp_path / "history.db"), Desk(tmp_path / "history.db")
    one.history.start()
    other.history.start()
    for number in range(0, 600, 2):
        one.history.record(row(number))
        other.history.record(row(number + 1))
        if number % 100 == 0:
            one.history.settled()
            other.history.settled()
    one.history.stop()
    other.history.stop()
    assert numbers(one.history.rows(limit=1000)) == list(reversed(range(600)))
    assert one.told + other.told == []


@pytest.mark.skipif(sys.platform == "win32", reason="nobody can move a file there that is open")
def test_a_file_that_somebody_moved_away_is_begun_anew(desk: Desk) -> None:
    desk.history.record(row(1))
    desk.history.settled()
    for each in desk.path.parent.glob("history.db*"):
        each.rename(each.with_name(f"old-{each.name}"))
    desk.history.record(row(2))
    desk.history.settled()
    assert numbers(desk.history.rows()) == [2]


def test_a_file_that_is_not_written_to_for_a_while_is_closed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("lmarena_bridge.storage.history._QUIET_SECONDS", 0.01)
    desk = Desk(tmp_path / "history.db")
    desk.history.start()
    for number in range(3):
        desk.history.record(row(number))
        desk.history.settled()
        # The last one to close the file takes the rest away.
        until(lambda: [each.name for each in tmp_path.iterdir()] == ["history.db"])
    desk.history.stop()
    assert numbers(desk.history.rows()) == [2, 1, 0]


def until(condition: Callable[[], bool]) -> None:
    end = time.monotonic() + 20
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.01)


KILLED = """
import sys, time
from pathlib import Path
from lmarena_bridge.storage.history import History
from lmarena_bridge.storage.history_file import Limits
from lmarena_bridge.storage.history_schema import Row

history = History(Path(sys.argv[1]), Limits(days=30, max_bytes=10**9), print)
history.start()
number = int(sys.argv[2])
while True:
    number += 1
    history.record(Row(id=number, started=0, model="", kind="", client="", asked=1, status=200, total=1.0))
    time.sleep(0.001)
"""


def test_a_program_that_is_killed_loses_its_last_moments_and_nothing_else(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "history.db")
    command = [sys.executable, "-c", KILLED, str(desk.path), str(BEGIN)]
    with subprocess.Popen(command) as killed:
        until(lambda: len(desk.history.rows(limit=5000)) > 500)  # nobody asked for them to be written
        killed.kill()
    kept = numbers(desk.history.rows(limit=100_000))
    assert kept == list(range(len(kept), 0, -1))
    assert len(kept) > 500
    desk.history.start()
    desk.history.record(row(200_000))
    desk.history.stop()
    assert numbers(desk.history.rows(limit=1)) == [200_000]
    assert desk.told == []
