"""The content blocks of messages: texts, files in all the ways in which they are sent, calls, results.

Block types as of anthropic 2.14 and Claude Code 2.1 (2026-11-25). What a model of the site could make nothing
of is passed over: what it thought before, and what tools of Anthropic's own servers did.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, NoReturn, TypeVar

import msgspec

from lmarena_bridge.core.api.uploads import Files, uploaded
from lmarena_bridge.core.chat.attachments import attachment, encoded_attachment
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

_T = TypeVar("_T")

_PASSED_OVER: Final = frozenset(
    {"thinking", "redacted_thinking", "server_tool_use", "mcp_tool_use", "container_upload", "compaction"}
)
# What tools of Anthropic's servers gave back: web_search_tool_result, mcp_tool_result, …
_PASSED_OVER_ENDING: Final = "_tool_result"

# What is at a web address that does not tell.
_ASSUMED: Final[Mapping[str, str]] = {"image": "image/png", "document": "application/pdf"}


class Source(msgspec.Struct, frozen=True):
    """Where a file is; which field counts depends on `type`."""

    type: str
    media_type: str | None = None
    data: str | None = None
    url: str | None = None
    file_id: str | None = None
    content: "str | list[Block] | None" = None


class Block(msgspec.Struct, frozen=True):
    """One element of a list content; which field counts depends on `type`."""

    type: str
    text: str | None = None
    # A search result has a string here.
    source: Source | str | None = None
    title: str | None = None
    id: str | None = None
    name: str | None = None
    input: dict[str, object] | None = None
    tool_use_id: str | None = None
    tool_name: str | None = None
    content: "str | list[Block] | dict[str, object] | None" = None
    is_error: bool | None = None


class Content:
    """Texts and files, in the order of the blocks that hold them."""

    def __init__(self, files: Files) -> None:
        self._uploads = files
        self._texts: list[str] = []
        self._attachments: list[Attachment] = []

    @property
    def text(self) -> str:
        return "\n\n".join(filter(None, self._texts))

    @property
    def attachments(self) -> tuple[Attachment, ...]:
        return tuple(self._attachments)

    def add(self, block: Block, place: str) -> None:
        """What the block holds; `place` is its path in the request. Raises InvalidRequest."""
        match block.type:
            case "text":
                self._texts.append(present(block.text, f"{place}.text"))
            case "image" | "document":
                self._add_file(block, place)
            case "search_result":
                self._add_all(block.content, f"{place}.content", block.title)
            case "tool_reference":
                self._texts.append(present(block.tool_name, f"{place}.tool_name"))
            case kind if kind in _PASSED_OVER or kind.endswith(_PASSED_OVER_ENDING):
                pass
            case kind:
                refuse(
                    f"{place}.type",
                    f"is {kind[:40]!r}: this bridge takes blocks of type text, image, document, "
                    "search_result, tool_use, tool_result and thinking.",
                )

    def add_all(self, content: object, place: str) -> None:
        """A string, or a list of blocks."""
        self._add_all(content, place, None)

    def _add_all(self, content: object, place: str, title: str | None) -> None:
        if title:
            self._texts.append(title)
        if isinstance(content, str):
            self._texts.append(content)
        elif isinstance(content, list):
            for index, block in enumerate(content):
                self.add(block, f"{place}[{index}]")

    def _add_file(self, block: Block, place: str) -> None:
        place = f"{place}.source"
        source = block.source
        if not isinstance(source, Source):
            refuse(place, "is missing, or no object: a block of this type needs one.")
        number, assumed = len(self._attachments) + 1, _ASSUMED[block.type]
        match source.type:
            case "base64":
                data = present(source.data, f"{place}.data")
                file = encoded_attachment(
                    data, source.media_type or assumed, number=number, param=f"{place}.data", name=block.title
                )
            case "url":
                url = present(source.url, f"{place}.url")
                file = attachment(url, number=number, param=f"{place}.url", name=block.title, assumed=assumed)
            case "file":
                file = uploaded(
                    present(source.file_id, f"{place}.file_id"), f"{place}.file_id", self._uploads
                )
            case "text":
                self._add_all(present(source.data, f"{place}.data"), place, block.title)
                return
            case "content":
                self._add_all(source.content, f"{place}.content", block.title)
                return
            case kind:
                refuse(f"{place}.type", f"is {kind[:40]!r}: use base64, url, file, text or content.")
        self._attachments.append(file)


def uploads_named(blocks: Sequence[Block]) -> Iterator[str]:
    """The ids of uploaded files that these blocks want, those inside of results included."""
    for block in blocks:
        if isinstance(block.source, Source) and block.source.file_id:
            yield block.source.file_id
        if isinstance(block.content, list):
            yield from uploads_named(block.content)


def present(value: _T | None, place: str) -> _T:
    """The value, which a block of this type needs. Raises InvalidRequest."""
    if value is None:
        refuse(place, "is missing: a block of this type needs it.")
    return value


def refuse(place: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{place}` {fault}", param=place)
