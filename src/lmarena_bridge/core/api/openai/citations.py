"""Sources as OpenAI's annotations."""

from collections.abc import Iterable

from lmarena_bridge.core.chat.events import CitationFound


def annotations(citations: Iterable[CitationFound], text: str = "") -> list[dict[str, object]]:
    """One annotation for each source, in the order of their first mention.

    Models write [1] where they use the first one: that is the place in `text` which the annotation gives,
    0 to 0 where there is none.
    """
    titles: dict[str, str] = {}
    for citation in citations:
        titles.setdefault(citation.url, citation.title)
    return [
        {"type": "url_citation", "url_citation": _citation(url, title, text, number)}
        for number, (url, title) in enumerate(titles.items(), 1)
    ]


def _citation(url: str, title: str, text: str, number: int) -> dict[str, object]:
    marker = f"[{number}]"
    start = text.find(marker)
    start, end = (start, start + len(marker)) if start >= 0 else (0, 0)
    return {"start_index": start, "end_index": end, "title": title, "url": url}
