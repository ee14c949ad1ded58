import tracemalloc
from base64 import b64encode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmarena_bridge.core.chat.attachments import (
    attachment,
    data_of,
    data_uri,
    encoded_attachment,
    held_attachment,
    size_of,
)
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
    assert read(data_uri(content_type, b"\0x"), number=3).name == name


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
    assert (file.content_type, file.url) == ("image/png", "data:image/png;base64,AAAA")


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
    ("url", "content_type", "name"),
    [
        ("data:;base64,AAAA", "application/octet-stream", "file_1.bin"),
        ("data:,x", "text/plain", "file_1.txt"),
        ("data:image;base64,iVBORw0KGgo=", "image/png", "image_1.png"),
        ("data:a b/c;base64,JVBERi0xLjc=", "application/pdf", "file_1.pdf"),
        ("data:image/png;base64,/9j/4AAQ", "image/jpeg", "image_1.jpg"),
        ("data:image/png;charset=utf-8;base64,/9j/4AAQ", "image/jpeg", "image_1.jpg"),
        ("data:image/jpg;base64,/9j/4AAQ", "image/jpeg", "image_1.jpg"),
    ],
)
def test_a_type_that_is_missing_or_wrong_is_told_by_the_first_bytes(
    url: str, content_type: str, name: str
) -> None:
    file = read(url)
    assert (file.content_type, file.name) == (content_type, name)
    assert file.url.startswith(f"data:{content_type};base64,")
    assert file.url.endswith(url.rpartition(",")[2]) or data_of(file) == b"x"


def test_mending_the_type_of_a_large_data_uri_costs_one_copy() -> None:
    url = data_uri("image/png", b"\xff\xd8\xff" + bytes(6_000_000))
    tracemalloc.start()
    try:
        file = read(url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert file.content_type == "image/jpeg"
    assert peak < len(url) + 1_000_000


def test_percent_encoded_data_is_read_in_pieces_that_cut_no_escape() -> None:
    for blanks in range(6):
        data = b" " * blanks + "ż".encode() * 40_000
        url = "data:text/plain," + "".join(f"%{byte:02X}" for byte in data)
        assert data_of(read(url)) == data


def test_the_memory_of_percent_encoded_data_stays_near_its_size() -> None:
    url = "data:text/plain," + "%41" * 1_000_000
    tracemalloc.start()
    try:
        read(url)
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert peak < 2 * len(url)


def test_a_percent_sign_without_an_escape_stands_for_itself() -> None:
    assert data_of(read("data:text/plain," + "%" * 70_000)) == b"%" * 70_000


def test_the_name_that_a_client_gives_is_kept_and_tells_the_type_if_nothing_else_does() -> None:
    file = attachment("data:;base64,AAAA", number=1, param=PLACE, name="../notes.PDF")
    assert (file.name, file.content_type) == ("notes.PDF", "application/pdf")
    linked = attachment("https://example.org/x", number=1, param=PLACE, name="a.csv")
    assert (linked.name, linked.content_type) == ("a.csv", "text/csv")


@pytest.mark.parametrize("data", ["AAAA", "data:audio/wav;base64,AAAA"])
def test_bare_base64_is_as_good_as_a_data_uri(data: str) -> None:
    file = encoded_attachment(data, "audio/wav", number=2, param=PLACE)
    assert file == Attachment("audio_2.wav", "audio/wav", "data:audio/wav;base64,AAAA")


def test_a_web_address_in_the_place_of_base64_is_taken() -> None:
    assert encoded_attachment("https://example.org/a", "audio/wav", number=1, param=PLACE) == Attachment(
        "audio_1.wav", "audio/wav", "https://example.org/a"
    )
    assert encoded_attachment("https://example.org/a", "", number=1, param=PLACE).name == "file_1.bin"


def test_broken_bare_base64_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="not base64"):
        encoded_attachment("no base64!", "", number=1, param=PLACE)


def test_bytes_that_are_kept_here_become_an_attachment() -> None:
    assert held_attachment(b"# Notes", "notes.md") == Attachment(
        "notes.md", "text/markdown", "data:text/markdown;base64,IyBOb3Rlcw=="
    )


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
