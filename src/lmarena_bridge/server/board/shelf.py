"""The contents of the file bed, which stands apart: only whoever joins the parts knows both."""

from collections.abc import Awaitable, Callable, Sequence
from typing import Protocol


class Entry(Protocol):
    """A file. `size` in bytes, `since` in seconds since 1970."""

    @property
    def name(self) -> str: ...
    @property
    def size(self) -> int: ...
    @property
    def since(self) -> float: ...


Entries = Callable[[], Awaitable[Sequence[Entry]]]


class Shelf:
    """Empty until somebody says where to look."""

    def __init__(self) -> None:
        self._look: Entries | None = None

    def look_at(self, entries: Entries) -> None:
        self._look = entries

    async def entries(self) -> Sequence[Entry]:
        return () if self._look is None else await self._look()
