from lmarena_bridge.core.api.openai.citations import annotations
from lmarena_bridge.core.chat.events import CitationFound

ONE = CitationFound("https://example.org/1", "One")
TWO = CitationFound("https://example.org/2", "Two")


def places(text: str) -> list[tuple[object, object]]:
    told = [each["url_citation"] for each in annotations([ONE, TWO, ONE], text)]
    return [(cited["start_index"], cited["end_index"]) for cited in told if isinstance(cited, dict)]


def test_each_source_is_told_once_with_the_place_of_its_mark() -> None:
    assert annotations([ONE, TWO, ONE], "a[2] b[1]") == [
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": 6,
                "end_index": 9,
                "title": "One",
                "url": "https://example.org/1",
            },
        },
        {
            "type": "url_citation",
            "url_citation": {
                "start_index": 1,
                "end_index": 4,
                "title": "Two",
                "url": "https://example.org/2",
            },
        },
    ]


def test_a_source_without_a_mark_has_no_place() -> None:
    assert places("a[2]") == [(0, 0), (1, 4)]
    assert places("") == [(0, 0), (0, 0)]
