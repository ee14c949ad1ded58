import tracemalloc
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmarena_bridge.core.chat.attachments import attachment, data_of, data_uri, size_of
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

PLACE = "messages[2].content[1].image_url.url"


def read(url: str, number: int = 1) -> Attachment:
    return attachment(url, number=number, param=PLACE)


def refusal(url: str) -> str:
    with pytest.raises(InvalidRequest) as caught:
        read(url)
    assert caught.value.param == PLACE
    assert caught.value.message.startswith(f"`{PLACE}` ")
    return caught.value.message


@given(st.binary(min_size=1))
@settings(deadline=None)
def test_bytes_survive_the_way_into_an_attachment_and_back(data: bytes) -> None:
    file = read(data_uri("image/png", data))
    assert data_of(file) == data
    assert size_of(file) == len(data)


@pytest.mark.parametrize(
    ("content_type", "name"),
    [
        ("image/png", "image_3.png"),
        ("image/jpeg", "image_3.jpg"),
        ("image/svg+xml", "image_3.svg"),
        ("audio/mpeg", "audio_3.mp3"),
        ("video/mp4", "video_3.mp4"),
        ("application/pdf", "file_3.pdf"),
        ("text/plain", "file_3.txt"),
        ("application/vnd.api+json", "file_3.json"),
        ("image/x-canon.cr2", "image_3.xcanoncr2"),
        ("application/octet-stream", "file_3.bin"),
        ("application/x+-", "file_3.bin"),
    ],
)
def test_the_name_is_made_from_the_type(content_type: str, name: str) -> None:
    assert read(data_uri(content_type, b"x"), number=3).name == name


def test_a_data_uri_passes_as_it_is() -> None:
    url = "data:image/png;name=a.png;base64,iVBORw0KGgo="
    file = read(url)
    assert file.url is url
    assert (file.content_type, data_of(file)) == ("image/png", b"\x89PNG\r\n\x1a\n")


def test_a_large_data_uri_is_not_copied() -> None:
    url = data_uri("image/png", bytes(6_000_001))
    tracemalloc.start()
    try:
        file = read(url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.url is url
    assert peak < 1_000_000


def test_case_and_blanks_do_not_matter() -> None:
    file = read("  DATA: Image/PNG ; BASE64 ,AAAA\n")
    assert (file.content_type, data_of(file)) == ("image/png", b"\0\0\0")


def test_line_ends_inside_base64_are_taken_out() -> None:
    data = bytes(range(256))
    text = b64encode(data).decode()
    file = read(
        "data:audio/wav;base64,\r\n" + "\n".join(text[at : at + 76] for at in range(0, len(text), 76))
    )
    assert file.url == data_uri("audio/wav", data)


def test_percent_encoded_data_becomes_base64() -> None:
    file = read("data:image/svg+xml;charset=utf-8,%3Csvg/%3Eż")
    assert file.url == data_uri("image/svg+xml", "<svg/>ż".encode())


@pytest.mark.parametrize(
    "payload",
    [
        "A",
        "AAAAA",
        "AAA",
        "AA%A",
        "AAAA====",
        "A===",
        "AA=A",
        "AA=*",
        "A=A=",
        "=AAA",
        "AAA\u0142",
        "AA-_",
        "AAAA" * 50_000 + "AA*A",
    ],
)
def test_broken_base64_is_refused(payload: str) -> None:
    assert "not base64" in refusal(f"data:image/png;base64,{payload}")


@pytest.mark.parametrize("url", ["data:image/png;base64,", "data:image/png;base64, \n ", "data:text/plain,"])
def test_an_empty_file_is_refused(url: str) -> None:
    assert "empty file" in refusal(url)


@pytest.mark.parametrize(
    "url", ["data:;base64,AAAA", "data:,x", "data:image;base64,AAAA", "data:a b/c;base64,AAAA"]
)
def test_a_data_uri_without_media_type_is_refused(url: str) -> None:
    assert "media type" in refusal(url)


@pytest.mark.parametrize("url", ["data:image/png;base64", "data:" + "x" * 2000 + ",AAAA"])
def test_a_data_uri_without_comma_is_refused(url: str) -> None:
    assert "no data: URI" in refusal(url)


@pytest.mark.parametrize(
    ("url", "content_type", "name"),
    [
        ("https://example.org/a/b.jpeg?size=1", "image/jpeg", "image_1.jpg"),
        ("HTTP://example.org/a.PDF#page=2", "application/pdf", "file_1.pdf"),
        ("https://example.org/picture?id=5.png", "image/webp", "image_1.webp"),
        ("https://example.org/", "image/webp", "image_1.webp"),
    ],
)
def test_a_web_address_tells_its_type_or_the_assumed_one_holds(
    url: str, content_type: str, name: str
) -> None:
    file = attachment(f" {url} ", number=1, param=PLACE, assumed="image/webp")
    assert file == Attachment(name, content_type, url)
    assert data_of(file) is None
    assert size_of(file) is None


def test_a_web_address_that_tells_no_type_is_just_a_file() -> None:
    assert read("https://example.org/x") == Attachment(
        "file_1.bin", "application/octet-stream", "https://example.org/x"
    )


@pytest.mark.parametrize("url", ["https://", "http:///a.png", "https://[broken/a.png", "https://?x"])
def test_a_web_address_without_host_is_refused(url: str) -> None:
    assert "needs a host" in refusal(url)


@pytest.mark.parametrize(
    "url", ["", "a.png", "ftp://example.org/a.png", "file:///a.png", "blob:x", "iVBORw0KGgo="]
)
def test_any_other_address_is_refused(url: str) -> None:
    assert "data: URI" in refusal(url)
