from collections.abc import Iterable
from itertools import pairwise
from urllib.parse import unquote

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt
from markdown_it.token import Token

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.text import AnswerText

DONE = Finished(FinishReason.STOP)
PICTURE = ImageProduced("https://example.org/a.png", "image/png")
SHOWN = "![image](https://example.org/a.png)"


def text_of(events: Iterable[ChatEvent]) -> str:
    answer = AnswerText()
    return "".join(map(answer.add, events))


def inline_tokens(markdown: str) -> list[Token]:
    """What a Markdown reader makes of the text: its pieces inside of paragraphs and list items."""
    return [inner for token in MarkdownIt().parse(markdown) for inner in token.children or ()]


def cut(text: str, at: list[int]) -> list[TextDelta]:
    places = sorted({0, len(text), *(place % (len(text) + 1) for place in at)})
    return [TextDelta(text[start:end]) for start, end in pairwise(places)]


def test_the_models_words_pass_unchanged() -> None:
    assert text_of([TextDelta("Hello, "), TextDelta("world\n"), DONE]) == "Hello, world\n"


def test_sources_are_listed_unless_they_are_unwanted() -> None:
    answer = AnswerText(lists_sources=False)
    events: list[ChatEvent] = [TextDelta("Yes.[1]"), CitationFound("https://example.org/", "Example"), DONE]
    assert "".join(map(answer.add, events)) == "Yes.[1]"


def test_reasoning_is_no_part_of_the_text() -> None:
    assert text_of([ReasoningDelta("Hm."), TextDelta("Yes."), DONE]) == "Yes."


def test_calls_of_tools_are_no_part_of_the_text() -> None:
    events: list[ChatEvent] = [
        TextDelta("I look."),
        ToolCallBegun("call_1", "read"),
        ToolArguments("{}"),
        DONE,
    ]
    assert text_of(events) == "I look."


@pytest.mark.parametrize(
    ("before", "gap"),
    [("", ""), ("a", "\n\n"), ("a\n", "\n"), ("a\n\n", ""), ("\n", "\n"), ("a\n\n\n", "")],
)
def test_a_picture_begins_a_paragraph_of_its_own(before: str, gap: str) -> None:
    words = [TextDelta(character) for character in before]
    assert text_of([*words, PICTURE, DONE]) == before + gap + SHOWN


def test_what_follows_a_picture_begins_a_paragraph_of_its_own() -> None:
    assert (
        text_of([PICTURE, TextDelta("There "), TextDelta("you are."), DONE]) == f"{SHOWN}\n\nThere you are."
    )


def test_pictures_stand_one_below_the_other() -> None:
    assert text_of([PICTURE, PICTURE, DONE]) == f"{SHOWN}\n\n{SHOWN}"


def test_a_data_uri_is_shown_as_it_is() -> None:
    url = "data:image/png;base64,iVBORw0KGgo="
    assert text_of([ImageProduced(url, "image/png")]) == f"![image]({url})"


@given(st.text(min_size=1))
@settings(deadline=None)
def test_any_address_of_a_picture_survives_a_markdown_reader(path: str) -> None:
    url = f"https://example.org/{path.replace('&', '').replace('%', '')}"
    [image] = inline_tokens(text_of([ImageProduced(url, "image/png")]))
    assert image.type == "image"
    # NUL is nothing a Markdown text can hold; it becomes %00.
    assert unquote(str(image.attrs["src"])) == url


def test_blanks_and_brackets_in_an_address_are_encoded() -> None:
    shown = text_of([ImageProduced("https://example.org/a (1)<2>\\\t\u2028.png?x=%20", "image/png")])
    assert shown == "![image](https://example.org/a%20%281%29%3C2%3E%5C%09%E2%80%A8.png?x=%20)"


def test_sources_are_listed_at_the_end_in_order_of_their_first_mention() -> None:
    events: list[ChatEvent] = [
        CitationFound("https://b.example/x", "B"),
        TextDelta("So it is."),
        CitationFound("https://a.example/", "A"),
        CitationFound("https://b.example/x", "B again"),
        DONE,
    ]
    assert text_of(events) == (
        "So it is.\n\nSources:\n1. [B](https://b.example/x)\n2. [A](https://a.example/)"
    )


def test_sources_after_a_picture_are_a_paragraph_too() -> None:
    events: list[ChatEvent] = [PICTURE, CitationFound("https://a.example/", "A"), DONE]
    assert text_of(events) == f"{SHOWN}\n\nSources:\n1. [A](https://a.example/)"


def test_sources_are_listed_once() -> None:
    listed = "Sources:\n1. [A](https://a.example/)"
    assert text_of([CitationFound("https://a.example/", "A"), DONE, DONE]) == listed


@pytest.mark.parametrize(
    ("url", "title", "line"),
    [
        ("https://example.org:8080/a", "", "[example.org](https://example.org:8080/a)"),
        ("https://example.org/", " \n ", "[example.org](https://example.org/)"),
        ("https://example.org/", "two\nlines  of it", "[two lines of it](https://example.org/)"),
        ("HTTP://example.org/", "*a* [b](c)", r"[\*a\* \[b\](c)](HTTP://example.org/)"),
        ("https://[broken", "", r"[https://\[broken](https://[broken)"),
        ("https://", "", "[https://](https://)"),
        ("javascript:alert(1)", "Click", "Click"),
        ("javascript:alert(1)", "", "javascript:alert(1)"),
    ],
)
def test_a_source_is_a_link_with_its_title_or_host(url: str, title: str, line: str) -> None:
    assert text_of([CitationFound(url, title), DONE]) == f"Sources:\n1. {line}"


@given(st.text(st.characters(exclude_characters="\0", codec="utf-8")).filter(str.strip))
@settings(deadline=None)
def test_any_title_survives_a_markdown_reader(title: str) -> None:
    tokens = inline_tokens(text_of([CitationFound("https://example.org/", title), DONE]))
    opening = next(at for at, token in enumerate(tokens) if token.type == "link_open")
    closing = next(at for at, token in enumerate(tokens) if token.type == "link_close")
    inside = tokens[opening + 1 : closing]
    assert {token.type for token in inside} <= {"text", "text_special"}
    assert "".join(token.content for token in inside) == " ".join(title.split())


@given(st.text(st.sampled_from("a\n ")), st.text(st.sampled_from("b\n ")), st.lists(st.integers(0, 20)))
@settings(deadline=None)
def test_how_the_words_are_cut_makes_no_difference(before: str, after: str, at: list[int]) -> None:
    whole = text_of([*cut(before, []), PICTURE, *cut(after, []), PICTURE, DONE])
    assert text_of([*cut(before, at), PICTURE, *cut(after, at), PICTURE, DONE]) == whole


@given(st.lists(st.text(alphabet="a\n", min_size=1, max_size=3), min_size=1, max_size=4), st.booleans())
def test_many_words_at_once_are_the_same_as_one_by_one(texts: list[str], after_a_picture: bool) -> None:
    at_once, one_by_one = AnswerText(), AnswerText()
    if after_a_picture:
        assert at_once.add(PICTURE) == one_by_one.add(PICTURE) == SHOWN
    assert list(at_once.add_words(texts)) == [one_by_one.add(TextDelta(text)) for text in texts]
    assert at_once.add(PICTURE) == one_by_one.add(PICTURE)
