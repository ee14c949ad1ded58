"""/v1/files: what clients ask for, and files as OpenAI's clients know them (openai 3.54)."""

from collections.abc import Mapping, Sequence
from typing import Final, Protocol

import msgspec

from lmarena_bridge.core.errors import InvalidRequest

PURPOSES: Final = ("assistants", "batch", "fine-tune", "vision", "user_data", "evals")
# An hour, thirty days: OpenAI's own limits.
_SHORTEST_LIFE: Final = 3600
_LONGEST_LIFE: Final = 2_592_000
_MOST_LISTED: Final = 10_000


class KeptFile(Protocol):
    """A file that was uploaded. Sizes in bytes, times in whole seconds since the epoch."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def purpose(self) -> str: ...
    @property
    def created_at(self) -> int: ...
    @property
    def expires_at(self) -> int | None: ...


def read_purpose(fields: Mapping[str, str]) -> str:
    """What the file is for; nothing here depends on it. Raises InvalidRequest."""
    purpose = fields.get("purpose", "user_data")
    if purpose not in PURPOSES:
        raise InvalidRequest(
            f"`purpose` is {purpose[:40]!r}: use user_data, or {', '.join(PURPOSES[:-1])}.", param="purpose"
        )
    return purpose


def read_life(fields: Mapping[str, str]) -> int | None:
    """For how many seconds the file shall be kept; None: until it is deleted. Raises InvalidRequest."""
    said = fields.get("expires_after[seconds]")
    if said is None:
        return None
    seconds = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
    if not _SHORTEST_LIFE <= seconds <= _LONGEST_LIFE:
        raise InvalidRequest(
            f"`expires_after[seconds]` is {said[:40]!r}: from {_SHORTEST_LIFE} (an hour) to {_LONGEST_LIFE} "
            "(30 days) are possible.",
            param="expires_after[seconds]",
        )
    return seconds


def file_body(file: KeptFile) -> bytes:
    """One file."""
    return msgspec.json.encode(_file(file))


def deleted_body(file_id: str) -> bytes:
    """What is said of a file that is gone."""
    return msgspec.json.encode({"id": file_id, "object": "file", "deleted": True})


def files_body(files: Sequence[KeptFile], query: Mapping[str, str]) -> bytes:
    """A page of the list; `query` holds purpose, order (asc, desc), after (an id), limit.

    Raises InvalidRequest.
    """
    chosen = [file for file in files if query.get("purpose") in (None, "", file.purpose)]
    newest_first = query.get("order") != "asc"
    chosen.sort(key=lambda file: (file.created_at, file.id), reverse=newest_first)
    ids = [file.id for file in chosen]
    start = ids.index(query["after"]) + 1 if query.get("after") in ids else 0
    page = chosen[start : start + _limit(query.get("limit"))]
    return msgspec.json.encode(
        {
            "object": "list",
            "data": [_file(file) for file in page],
            "first_id": page[0].id if page else None,
            "last_id": page[-1].id if page else None,
            "has_more": start + len(page) < len(chosen),
        }
    )


def _limit(said: str | None) -> int:
    if said is None:
        return _MOST_LISTED
    limit = int(said) if said.isascii() and said.isdecimal() and len(said) < 10 else 0
    if not 1 <= limit <= _MOST_LISTED:
        raise InvalidRequest(
            f"`limit` is {said[:40]!r}: from 1 to {_MOST_LISTED} are possible.", param="limit"
        )
    return limit


def _file(file: KeptFile) -> dict[str, object]:
    return {
        "id": file.id,
        "object": "file",
        "bytes": file.size,
        "created_at": file.created_at,
        "expires_at": file.expires_at,
        "filename": file.name,
        "purpose": file.purpose,
        "status": "processed",
        "status_details": None,
    }
