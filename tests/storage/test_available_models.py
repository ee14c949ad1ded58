import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.available_models import (
    available_models_path,
    read_available_models,
    write_available_models,
)
from lmarena_bridge.storage.home import Home, prepare_home

OBJECTS: list[dict[str, Any]] = [
    {"id": "1", "publicName": "żółw 🐢", "capabilities": {"inputCapabilities": {"text": True}}, "rank": 1},
    {"id": "2", "publicName": "żółw 🐢"},
]


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def test_what_was_written_is_read(home: Home) -> None:
    assert read_available_models(home) is None
    write_available_models(home, OBJECTS)
    assert read_available_models(home) == OBJECTS
    write_available_models(home, [])
    assert read_available_models(home) == []


def test_the_file_is_as_earlier_bridges_wrote_it(home: Home) -> None:
    write_available_models(home, OBJECTS)
    text = available_models_path(home).read_text(encoding="utf-8")
    assert text == json.dumps(OBJECTS, ensure_ascii=False, indent=4) + "\n"
    assert available_models_path(home).name == "available_models.json"


def test_a_file_with_a_byte_order_mark_and_crlf_is_read(home: Home) -> None:
    text = json.dumps(OBJECTS, ensure_ascii=False, indent=4).replace("\n", "\r\n")
    available_models_path(home).write_bytes(b"\xef\xbb\xbf" + text.encode())
    assert read_available_models(home) == OBJECTS


def test_half_a_character_does_not_keep_the_rest_from_being_written(home: Home) -> None:
    write_available_models(home, [{"id": "1", "publicName": "otter \ud83e"}])
    assert read_available_models(home) == [{"id": "1", "publicName": "otter ?"}]


def test_permissions_stay(home: Home) -> None:
    write_available_models(home, OBJECTS)
    if sys.platform != "win32":
        available_models_path(home).chmod(0o644)
        write_available_models(home, [])
        assert stat.S_IMODE(available_models_path(home).stat().st_mode) == 0o644
    assert [path.name for path in home.path.glob("*available*")] == ["available_models.json"]


@pytest.mark.parametrize(
    ("data", "said"),
    [
        (b"", "is damaged"),
        (b'[{"id":', "is damaged"),
        (b"\xff\xfe", "is damaged"),
        (b"[" * 100_000, "is damaged"),
        (b"{}", "holds no list"),
    ],
    ids=["empty", "half written", "no UTF-8", "deep", "no list"],
)
def test_a_damaged_file_is_said_with_what_mends_it(home: Home, data: bytes, said: str) -> None:
    available_models_path(home).write_bytes(data)
    with pytest.raises(ConfigError, match=said) as caught:
        read_available_models(home)
    assert "lmarena-bridge models update" in caught.value.message


def test_a_file_that_cannot_be_read_or_written_is_said(home: Home) -> None:
    available_models_path(home).mkdir()
    with pytest.raises(ConfigError, match="cannot be read"):
        read_available_models(home)
    with pytest.raises(ConfigError, match="cannot be written"):
        write_available_models(home, OBJECTS)
