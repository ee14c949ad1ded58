"""Sources as OpenAI's annotations."""

from collections.abc import Iterable

from lmarena_bridge.core.api.citations import Mention, mentions
from lmarena_bridge.core.chat.events import CitationFound


def annotations(citations: Iterable[CitationFound], text: str = "") -> list[dict[str, object]]:
    """One annotation for each source, with the place in `text` that mentions it."""
    return [
        {"type": "url_citation", "url_citation": _citation(mention)} for mention in mentions(citations, text)
    ]


def _citation(mention: Mention) -> dict[str, object]:
    return {
        "start_index": mention.start,
        "end_index": mention.end,
        "title": mention.title,
        "url": mention.url,
    }
