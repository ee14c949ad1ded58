from dataclasses import dataclass
from typing import Any

import msgspec
import pytest
from openai.types import FileDeleted, FileObject

from lmarena_bridge.core.api.openai.files import (
    deleted_body,
    file_body,
    files_body,
    read_life,
    read_purpose,
)
from lmarena_bridge.core.errors import InvalidRequest


@dataclass(frozen=True)
class Kept:
    id: str
    created_at: int = 1_790_000_000
    name: str = "Zażółć.pdf"
    size: int = 7
    purpose: str = "user_data"
    expires_at: int | None = None


FILES = [Kept("file-a", 1), Kept("file-c", 3), Kept("file-b", 2, purpose="vision")]


def listed(**query: str) -> tuple[list[str], dict[str, Any]]:
    body = msgspec.json.decode(files_body(FILES, query))
    assert body["object"] == "list"
    return [file["id"] for file in body["data"]], body


def test_a_file_is_what_openais_own_type_says() -> None:
    file = FileObject.model_validate_json(file_body(Kept("file-1", expires_at=1_790_003_600)), strict=True)
    assert (file.id, file.filename, file.bytes, file.expires_at) == ("file-1", "Zażółć.pdf", 7, 1_790_003_600)


def test_so_is_the_end_of_a_file() -> None:
    assert FileDeleted.model_validate_json(deleted_body("file-1"), strict=True).deleted


def test_the_list_has_the_newest_first() -> None:
    ids, body = listed()
    assert ids == ["file-c", "file-b", "file-a"]
    assert (body["first_id"], body["last_id"], body["has_more"]) == ("file-c", "file-a", False)


def test_the_list_can_be_turned_and_chosen_from() -> None:
    assert listed(order="asc")[0] == ["file-a", "file-b", "file-c"]
    assert listed(purpose="vision")[0] == ["file-b"]


def test_the_list_comes_in_pages() -> None:
    ids, body = listed(limit="2")
    assert (ids, body["has_more"]) == (["file-c", "file-b"], True)
    assert listed(limit="2", after="file-b")[0] == ["file-a"]
    assert listed(after="file-x")[0] == ["file-c", "file-b", "file-a"]


def test_an_empty_list_has_no_ends() -> None:
    ids, body = listed(purpose="batch")
    assert ids == []
    assert (body["first_id"], body["last_id"], body["has_more"]) == (None, None, False)


@pytest.mark.parametrize("limit", ["0", "10001", "-1", "many", "9" * 5000, "²"])
def test_a_limit_that_makes_no_sense_is_refused(limit: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        listed(limit=limit)
    assert caught.value.param == "limit"


def test_the_purpose_is_one_of_openais_and_need_not_be_said() -> None:
    assert read_purpose({}) == "user_data"
    assert read_purpose({"purpose": "vision"}) == "vision"
    with pytest.raises(InvalidRequest, match="`purpose` is 'world domination'") as caught:
        read_purpose({"purpose": "world domination"})
    assert caught.value.param == "purpose"


def test_a_file_stays_until_it_is_deleted_or_as_long_as_is_said() -> None:
    assert read_life({}) is None
    assert read_life({"expires_after[anchor]": "created_at", "expires_after[seconds]": "3600"}) == 3600


@pytest.mark.parametrize("seconds", ["3599", "2592001", "", "1e5", "9" * 5000])
def test_a_life_that_is_too_short_or_too_long_is_refused(seconds: str) -> None:
    with pytest.raises(InvalidRequest) as caught:
        read_life({"expires_after[seconds]": seconds})
    assert caught.value.param == "expires_after[seconds]"
    assert len(caught.value.message) < 200
