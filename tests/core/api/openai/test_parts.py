import msgspec
import pytest

from lmarena_bridge.core.api.openai.parts import Part, read_parts, uploads_named
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

PNG = "data:image/png;base64,iVBORw0KGgo="
PDF = "JVBERi0xLjc="
NOTES = Attachment("notes.md", "text/markdown", "data:text/markdown;base64,AAAA")


def parts(*values: dict[str, object]) -> list[Part]:
    return msgspec.convert(values, list[Part])


def files(*values: dict[str, object]) -> tuple[Attachment, ...]:
    return read_parts(parts(*values), "here", {"file-1": NOTES})[1]


def refusal(value: dict[str, object]) -> tuple[str | None, str]:
    with pytest.raises(InvalidRequest) as caught:
        read_parts(parts({"type": "text", "text": "Look:"}, value), "here", NO_FILES)
    assert f"`{caught.value.param}` " in caught.value.message
    return caught.value.param, caught.value.message


def test_texts_are_joined_and_files_keep_their_order() -> None:
    text, found = read_parts(
        parts(
            {"type": "text", "text": "one"},
            {"type": "image_url", "image_url": {"url": PNG, "detail": "../../etc/passwd"}},
            {"type": "text", "text": ""},
            {"type": "refusal", "refusal": "two"},
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "wav"}},
        ),
        "here",
        NO_FILES,
    )
    assert text == "one\n\ntwo"
    assert [file.name for file in found] == ["image_1.png", "audio_2.wav"]


@pytest.mark.parametrize(
    ("part", "name", "content_type"),
    [
        ({"type": "image_url", "image_url": "https://example.org/x"}, "image_1.png", "image/png"),
        ({"type": "image_url", "image_url": {"url": PNG}}, "image_1.png", "image/png"),
        ({"type": "video_url", "video_url": {"url": "https://e.org/x"}}, "video_1.mp4", "video/mp4"),
        ({"type": "audio_url", "audio_url": "https://e.org/x"}, "audio_1.mp3", "audio/mpeg"),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "WAV"}},
            "audio_1.wav",
            "audio/wav",
        ),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "mp3"}},
            "audio_1.mp3",
            "audio/mpeg",
        ),
        ({"type": "input_audio", "input_audio": {"data": "UklGRgAAAABXQVZF"}}, "audio_1.wav", "audio/wav"),
        (
            {"type": "input_audio", "input_audio": {"data": "AAAA", "format": "a;b,c"}},
            "file_1.bin",
            "application/octet-stream",
        ),
        ({"type": "file", "file": {"file_data": PDF}}, "file_1.pdf", "application/pdf"),
        (
            {"type": "file", "file": {"file_data": PDF, "filename": "C:\\a\\b.pdf"}},
            "b.pdf",
            "application/pdf",
        ),
        ({"type": "file", "file": {"file_data": PNG, "filename": "x"}}, "x", "image/png"),
        ({"type": "file", "file": {"file_data": "https://e.org/b.csv"}}, "file_1.csv", "text/csv"),
        ({"type": "file", "file": {"file_id": "file-1"}}, "notes.md", "text/markdown"),
    ],
)
def test_each_kind_of_part_becomes_an_attachment(
    part: dict[str, object], name: str, content_type: str
) -> None:
    (file,) = files(part)
    assert (file.name, file.content_type) == (name, content_type)


def test_two_hundred_files_of_one_message_are_counted() -> None:
    image: dict[str, object] = {"type": "image_url", "image_url": PNG}
    found = files(*[image] * 200)
    assert [file.name for file in found] == [f"image_{number}.png" for number in range(1, 201)]


@pytest.mark.parametrize(
    ("part", "place"),
    [
        ({"type": "text"}, "text"),
        ({"type": "refusal"}, "refusal"),
        ({"type": "image_url"}, "image_url"),
        ({"type": "image_url", "image_url": "cat.jpg"}, "image_url"),
        ({"type": "image_url", "image_url": {"url": "cat.jpg"}}, "image_url.url"),
        ({"type": "video_url"}, "video_url"),
        ({"type": "input_audio"}, "input_audio"),
        ({"type": "input_audio", "input_audio": {"data": "?"}}, "input_audio.data"),
        ({"type": "file"}, "file"),
        ({"type": "file", "file": {"filename": "a.pdf"}}, "file"),
        ({"type": "file", "file": {"file_id": ""}}, "file"),
        ({"type": "file", "file": {"file_data": "?"}}, "file.file_data"),
        ({"type": "file", "file": {"file_id": "file-2"}}, "file.file_id"),
    ],
)
def test_a_broken_part_is_named_by_its_place(part: dict[str, object], place: str) -> None:
    assert refusal(part)[0] == f"here[1].{place}"


@pytest.mark.parametrize("kind", ["input_video", "", "x" * 1000])
def test_a_part_of_another_type_is_refused_by_name(kind: str) -> None:
    param, message = refusal({"type": kind})
    assert param == "here[1].type"
    assert repr(kind[:40]) in message
    assert len(message) < 250


def test_an_upload_that_is_not_here_says_where_uploads_are() -> None:
    assert "GET /v1/files" in refusal({"type": "file", "file": {"file_id": "file-2"}})[1]


def test_the_uploads_that_are_wanted_can_be_asked_for() -> None:
    named = parts(
        {"type": "text", "text": "x"},
        {"type": "file", "file": {"file_id": "file-1"}},
        {"type": "file", "file": {"file_data": PDF}},
    )
    assert uploads_named(named) == ["file-1"]
