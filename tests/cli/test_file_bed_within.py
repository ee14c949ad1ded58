"""The file bed of a server: not there before it is needed, there at once if there is something in it."""

from pathlib import Path

import pytest

from lmarena_bridge.cli.file_bed_within import FileBedWithin
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.home import Home, prepare_home

NAME = f"{'0' * 32}.png"


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def within(home: Home, settings: Settings | None = None) -> FileBedWithin:
    return FileBedWithin(home, lambda: settings or Settings(), "http://127.0.0.1:5102")


async def test_an_empty_one_is_opened_by_whoever_asks_for_it(home: Home) -> None:
    bed = within(home)
    assert list(await bed.entries()) == []
    assert not home.uploads.exists()
    bed.app()
    assert home.uploads.is_dir()
    (home.uploads / NAME).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert [entry.name for entry in await bed.entries()] == [NAME]


async def test_files_of_an_earlier_run_are_there_at_once(home: Home) -> None:
    home.uploads.mkdir()
    (home.uploads / NAME).write_bytes(b"\x89PNG\r\n\x1a\n")
    assert [entry.name for entry in await within(home).entries()] == [NAME]


def test_what_cannot_be_used_is_said_at_once(home: Home) -> None:
    home.uploads.write_bytes(b"no directory")
    with pytest.raises(ConfigError, match="uploads"):
        within(home)


def test_so_is_a_bucket_that_cannot_be_right(home: Home) -> None:
    settings = Settings(file_bed_s3_bucket="files", file_bed_s3_endpoint="http://")
    with pytest.raises(ConfigError, match="file_bed_s3"):
        within(home, settings)
