import json
from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.api.anthropic.blocks import Block, Content, present, uploads_named
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

PNG = "iVBORw0KGgo="
PDF = "JVBERi0xLjQK"
UPLOAD = Attachment("u.pdf", "application/pdf", f"data:application/pdf;base64,{PDF}")


def blocks(*values: object) -> list[Block]:
    return msgspec.json.decode(json.dumps(values), type=list[Block])


def content(*values: object) -> Content:
    read = Content({"file_1": UPLOAD})
    read.add_all(blocks(*values), "here")
    return read


def text(value: str) -> dict[str, str]:
    return {"type": "text", "text": value}


def source(kind: str, **more: Any) -> dict[str, Any]:
    return {"type": "document", "title": "T", "source": {"type": kind, **more}}


def test_texts_are_paragraphs() -> None:
    read = content(text("One."), text(""), text("Two."))
    assert (read.text, read.attachments) == ("One.\n\nTwo.", ())


@pytest.mark.parametrize(
    ("value", "name", "kind"),
    [
        (
            {"type": "image", "source": {"type": "base64", "media_type": "image/png", "data": PNG}},
            "image_1.png",
            "image/png",
        ),
        ({"type": "image", "source": {"type": "base64", "data": PNG}}, "image_1.png", "image/png"),
        ({"type": "image", "source": {"type": "url", "url": "https://x.org/a"}}, None, "image/png"),
        (source("url", url="https://x.org/a"), None, "application/pdf"),
        (source("base64", media_type="application/pdf", data=PDF), None, "application/pdf"),
        (source("file", file_id="file_1"), "u.pdf", "application/pdf"),
    ],
)
def test_files_are_attachments(value: object, name: str | None, kind: str) -> None:
    (file,) = content(value).attachments
    assert file.content_type == kind
    assert name is None or file.name == name


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (source("text", media_type="text/plain", data="Words."), "T\n\nWords."),
        (source("content", content="Words."), "T\n\nWords."),
        (source("content", content=[text("Words."), text("More.")]), "T\n\nWords.\n\nMore."),
        (
            {"type": "search_result", "source": "https://x", "title": "R", "content": [text("Found.")]},
            "R\n\nFound.",
        ),
        ({"type": "tool_reference", "tool_name": "f"}, "f"),
    ],
)
def test_documents_of_text_are_text(value: object, said: str) -> None:
    read = content(value)
    assert (read.text, read.attachments) == (said, ())


@pytest.mark.parametrize(
    "value",
    [
        {"type": "thinking", "thinking": "Hm", "signature": "s"},
        {"type": "redacted_thinking", "data": "x"},
        {"type": "server_tool_use", "id": "1", "name": "web_search", "input": {}},
        {"type": "web_search_tool_result", "tool_use_id": "1", "content": []},
        {"type": "web_search_tool_result", "tool_use_id": "1", "content": {"type": "error"}},
    ],
)
def test_what_no_model_here_could_use_is_passed_over(value: object) -> None:
    read = content(text("a"), value)
    assert (read.text, read.attachments) == ("a", ())


@pytest.mark.parametrize(
    ("value", "param", "words"),
    [
        ({"type": "hologram"}, "here[0].type", "'hologram'"),
        ({"type": "text"}, "here[0].text", "is missing"),
        ({"type": "image"}, "here[0].source", "no object"),
        ({"type": "image", "source": "x"}, "here[0].source", "no object"),
        (source("tape"), "here[0].source.type", "'tape'"),
        (source("base64"), "here[0].source.data", "is missing"),
        (source("base64", data="!"), "here[0].source.data", "base64"),
        (source("url"), "here[0].source.url", "is missing"),
        (source("file", file_id="file_2"), "here[0].source.file_id", "no such file"),
        (source("text"), "here[0].source.data", "is missing"),
        (source("content", content=[{"type": "x"}]), "here[0].source.content[0].type", "'x'"),
    ],
)
def test_what_cannot_be_read_is_named(value: object, param: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        content(value)
    assert refused.value.param == param


def test_uploads_are_found_inside_of_results_too() -> None:
    result = {"type": "tool_result", "tool_use_id": "1", "content": [source("file", file_id="b")]}
    named = uploads_named(blocks(source("file", file_id="a"), result, text("x"), source("url", url="u")))
    assert list(named) == ["a", "b"]


def test_a_content_that_is_nothing_adds_nothing() -> None:
    read = Content(NO_FILES)
    read.add_all(None, "here")
    assert (read.text, read.attachments) == ("", ())


def test_what_is_present_is_given_back() -> None:
    assert present("x", "here") == "x"
