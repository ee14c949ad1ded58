"""The sources of an answer, and where its text mentions them."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from lmarena_bridge.core.chat.events import CitationFound


@dataclass(frozen=True, slots=True)
class Mention:
    """A source, and the place in the text that mentions it first: 0 to 0 if none does."""

    url: str
    title: str
    start: int
    end: int


def mentions(citations: Iterable[CitationFound], text: str) -> Iterator[Mention]:
    """Each source once, in the order of their first mention; models write [1] for the first one."""
    titles: dict[str, str] = {}
    for citation in citations:
        titles.setdefault(citation.url, citation.title)
    for number, (url, title) in enumerate(titles.items(), 1):
        marker = f"[{number}]"
        start = text.find(marker)
        start, end = (start, start + len(marker)) if start >= 0 else (0, 0)
        yield Mention(url, title, start, end)
