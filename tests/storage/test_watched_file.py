import os
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path

import pytest

from lmarena_bridge.core.config.files import Reading
from lmarena_bridge.core.config.problem import Problem
from lmarena_bridge.core.sentences import plain
from lmarena_bridge.storage.watched_file import WatchedFile, are_proven

MOMENT_NS = 20_000_000
AN_HOUR_AGO = time.time_ns() - 3_600_000_000_000


class Reader:
    """Takes every text but those with a ! in them, warns of ?, and counts what it was given."""

    def __init__(self) -> None:
        self.texts: list[str] = []

    def __call__(self, data: bytes) -> Reading[str]:
        text = data.decode()
        self.texts.append(text)
        if "!" in text:
            return Reading(None, (Problem("error", "file", plain(f"{text} is broken", "test")),))
        return Reading(
            text, (Problem("warning", "file", plain(f"{text} is odd", "test")),) if "?" in text else ()
        )


@pytest.fixture
def reader() -> Reader:
    return Reader()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


@pytest.fixture
def watch(path: Path, reader: Reader) -> Callable[[], WatchedFile[str]]:
    """Between its looks more passes than a moment."""
    return lambda: WatchedFile(path, reader, "default", steady_ns=count(0, MOMENT_NS).__next__)


Watch = Callable[[], WatchedFile[str]]


def put(path: Path, text: str, mtime_ns: int | None = None) -> None:
    """Write in place, as editors do that keep the inode; then pretend to have done it at another time."""
    path.write_text(text, encoding="utf-8")
    if mtime_ns is not None:
        os.utime(path, ns=(mtime_ns, mtime_ns))


def messages(file: WatchedFile[str]) -> list[str]:
    return [str(problem.message) for problem in file.problems]


def test_without_a_file_the_default_is_in_force(watch: Watch, path: Path) -> None:
    file = watch()
    assert file.look() is False
    assert (file.value, messages(file)) == ("default", [])
    put(path, "one")
    assert file.look() is True
    assert file.value == "one"


def test_a_file_that_stays_as_it_is_is_read_once(watch: Watch, path: Path, reader: Reader) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    assert [file.look() for _ in range(3)] == [True, False, False]
    assert reader.texts == ["one"]


def test_a_file_that_was_touched_but_says_the_same_is_nothing_new(
    watch: Watch, path: Path, reader: Reader
) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "one", AN_HOUR_AGO + 1)
    assert file.look() is False
    assert reader.texts == ["one"]


def test_a_change_is_seen_at_the_next_look(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "two", AN_HOUR_AGO + 1)
    assert file.look() is True
    assert file.value == "two"


def test_a_change_within_the_coarseness_of_the_clock_is_seen(watch: Watch, path: Path) -> None:
    now = time.time_ns()
    put(path, "one", now)
    file = watch()
    file.look()
    put(path, "two", now)
    assert file.look() is True
    assert file.value == "two"


def test_within_a_moment_it_is_read_again_only_if_its_stamp_is_new(path: Path, reader: Reader) -> None:
    clock, now = iter((0, MOMENT_NS - 1, MOMENT_NS, MOMENT_NS, MOMENT_NS)), time.time_ns()
    put(path, "one", now)
    file = WatchedFile(path, reader, "default", steady_ns=clock.__next__)
    file.look()
    put(path, "two", now)
    assert [file.look(), file.look()] == [False, True]
    put(path, "three", now)
    assert file.look() is True
    assert reader.texts == ["one", "two", "three"]


def test_a_file_that_was_replaced_is_seen_even_with_the_same_time_and_size(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    other = path.with_suffix(".tmp")
    put(other, "two", AN_HOUR_AGO)
    os.replace(other, path)
    assert file.look() is True
    assert file.value == "two"


def test_a_broken_file_keeps_what_it_last_said_and_is_reported_once(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "two!", AN_HOUR_AGO + 1)
    assert [file.look() for _ in range(3)] == [True, False, False]
    assert (file.value, messages(file)) == ("one", ["two! is broken"])


def test_a_broken_file_is_read_again_even_if_it_looks_the_same(watch: Watch, path: Path) -> None:
    put(path, "one!", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "two.", AN_HOUR_AGO)
    assert file.look() is True
    assert (file.value, messages(file)) == ("two.", [])


def test_a_warning_does_not_keep_a_file_from_being_used(watch: Watch, path: Path, reader: Reader) -> None:
    put(path, "one?", AN_HOUR_AGO)
    file = watch()
    assert [file.look(), file.look()] == [True, False]
    assert (file.value, messages(file)) == ("one?", ["one? is odd"])
    assert reader.texts == ["one?"]


def test_a_file_that_vanishes_stays_in_force_until_it_is_back(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    path.unlink()
    assert [file.look(), file.look()] == [True, False]
    assert file.value == "one"
    assert messages(file) == ["the file is gone; what it said last stays in force until it is back"]
    put(path, "one", AN_HOUR_AGO)
    assert file.look() is True
    assert (file.value, messages(file)) == ("one", [])


def test_a_file_that_cannot_be_read_stays_in_force(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    path.unlink()
    path.mkdir()
    assert [file.look(), file.look()] == [True, False]
    assert file.value == "one"
    assert messages(file)[0].startswith("the file cannot be read (")
    path.rmdir()
    put(path, "two")
    assert file.look() is True
    assert (file.value, messages(file)) == ("two", [])


def test_an_editor_that_empties_a_file_before_it_writes_causes_nothing(
    watch: Watch, path: Path, reader: Reader
) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "")
    assert [file.look(), file.look()] == [False, False]
    assert (file.value, messages(file)) == ("one", [])
    put(path, "two")
    assert file.look() is True
    assert reader.texts == ["one", "two"]


def test_a_file_that_stays_empty_is_taken_at_its_word(watch: Watch, path: Path) -> None:
    put(path, "one", AN_HOUR_AGO)
    file = watch()
    file.look()
    put(path, "")
    file.look()
    put(path, "", AN_HOUR_AGO + 1)
    assert file.look() is True
    assert file.value == ""


def test_a_file_that_is_empty_at_the_start_is_taken_at_its_word(watch: Watch, path: Path) -> None:
    put(path, "")
    file = watch()
    assert file.look() is True
    assert file.value == ""


def test_several_are_proven_as_long_as_each_has_the_stamp_that_it_was_read_with(
    path: Path, watch: Watch, tmp_path: Path, reader: Reader
) -> None:
    put(path, "one", AN_HOUR_AGO)
    other_path = tmp_path / "other"
    put(other_path, "two", AN_HOUR_AGO)
    files = file, other = watch(), WatchedFile(other_path, reader, "default")
    assert not are_proven(files)
    assert [each.look() for each in files] == [True, True]
    assert are_proven(files)
    put(other_path, "2", AN_HOUR_AGO)
    assert not are_proven(files)
    assert other.look()
    assert are_proven(files)
    # What is broken, or so young that a second change may have the same stamp, is looked at each time.
    put(path, "!", AN_HOUR_AGO)
    file.look()
    assert not are_proven(files)
    put(path, "one")
    file.look()
    assert not are_proven(files)
    path.unlink()
    assert not are_proven(files)
