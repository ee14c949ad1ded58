import json
from typing import Any

import msgspec
import pytest

from lmarena_bridge.core.api.responses.parts import InputPart, present, read_content, uploads_named
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

PDF = "JVBERi0xLjQK"
UPLOAD = Attachment("u.pdf", "application/pdf", f"data:application/pdf;base64,{PDF}")


def parts(*values: object) -> list[InputPart]:
    return msgspec.json.decode(json.dumps(values), type=list[InputPart])


def read(*values: object) -> tuple[str, tuple[Attachment, ...]]:
    return read_content(parts(*values), "here", {"file_1": UPLOAD})


def text(value: str, kind: str = "input_text") -> dict[str, str]:
    return {"type": kind, "text": value}


def test_a_string_is_its_own_text() -> None:
    assert read_content("Hi", "here", NO_FILES) == ("Hi", ())
    assert read_content(None, "here", NO_FILES) == ("", ())


@pytest.mark.parametrize("kind", ["input_text", "output_text", "text", "summary_text"])
def test_texts_are_paragraphs(kind: str) -> None:
    refusal = {"type": "refusal", "refusal": "No."}
    assert read(text("One.", kind), text("", kind), refusal) == ("One.\n\nNo.", ())


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        ({"type": "input_image", "image_url": "data:image/png;base64,iVBORw0KGgo="}, "image/png"),
        ({"type": "input_image", "image_url": "https://x.org/a", "detail": "auto"}, "image/png"),
        ({"type": "input_image", "file_id": "file_1"}, "application/pdf"),
        ({"type": "input_file", "file_id": "file_1"}, "application/pdf"),
        ({"type": "input_file", "file_url": "https://x.org/a"}, "application/pdf"),
        ({"type": "input_file", "file_data": PDF, "filename": "a.pdf"}, "application/pdf"),
        ({"type": "input_audio", "input_audio": {"data": "UklGRg==", "format": "wav"}}, "audio/wav"),
        ({"type": "input_audio", "input_audio": {"data": "data:audio/mpeg;base64,SUQz"}}, "audio/mpeg"),
    ],
)
def test_files_are_attachments(value: object, kind: str) -> None:
    said, (file,) = read(text("Look:"), value)
    assert (said, file.content_type) == ("Look:", kind)


@pytest.mark.parametrize(
    ("value", "param", "words"),
    [
        ({"type": "hologram"}, "here[0].type", "'hologram'"),
        ({"type": "input_text"}, "here[0].text", "is missing"),
        ({"type": "refusal"}, "here[0].refusal", "is missing"),
        ({"type": "input_image"}, "here[0].image_url", "is missing"),
        ({"type": "input_file"}, "here[0].file_data", "is missing"),
        ({"type": "input_file", "file_id": "file_2"}, "here[0].file_id", "no such file"),
        ({"type": "input_audio"}, "here[0].input_audio", "is missing"),
    ],
)
def test_what_cannot_be_read_is_named(value: Any, param: str, words: str) -> None:
    with pytest.raises(InvalidRequest, match=words) as refused:
        read(value)
    assert refused.value.param == param


def test_uploads_are_named() -> None:
    image, file = {"type": "input_image", "file_id": "a"}, {"type": "input_file", "file_id": "b"}
    assert list(uploads_named(parts(image, text("x"), file))) == ["a", "b"]
    assert list(uploads_named("x")) == []
    assert list(uploads_named(None)) == []


def test_what_is_present_is_given_back() -> None:
    assert present("x", "here") == "x"
