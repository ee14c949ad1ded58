from lmarena_bridge.core.api.citations import Mention, mentions
from lmarena_bridge.core.chat.events import CitationFound


def test_each_source_once_where_the_text_mentions_it() -> None:
    found = [
        CitationFound("https://a", "A"),
        CitationFound("https://b", "B"),
        CitationFound("https://a", "C"),
    ]
    assert list(mentions(found, "As said [1].")) == [
        Mention("https://a", "A", 8, 11),
        Mention("https://b", "B", 0, 0),
    ]
