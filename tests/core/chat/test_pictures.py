from base64 import b64encode

import pytest

from lmarena_bridge.core.chat.pictures import EXTENSIONS, Picture, picture, picture_in

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0" + bytes(8), "image/jpeg"),
        (b"GIF87a" + bytes(8), "image/gif"),
        (b"GIF89a" + bytes(8), "image/gif"),
        (b"RIFF\x10\x00\x00\x00WEBPVP8 ", "image/webp"),
        (b"\x00\x00\x00\x20ftypavif", "image/avif"),
        (b"\x00\x00\x00\x20ftypavis", "image/avif"),
    ],
)
def test_the_first_bytes_tell_the_kind(data: bytes, kind: str) -> None:
    assert picture(data) == Picture(data, kind)
    assert kind in EXTENSIONS


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<svg xmlns='http://www.w3.org/2000/svg'/>",
        b"<!doctype html>",
        b"RIFF\x10\x00\x00\x00WAVEfmt ",
        b"\x00\x00\x00\x20ftypmp42",
        b"GIF88a",
        b" " + PNG,
        b"%PDF-1.7",
    ],
)
def test_everything_else_is_no_picture(data: bytes) -> None:
    assert picture(data) is None
    assert picture_in(f"data:image/png;base64,{b64encode(data).decode()}") is None


def test_a_data_uri_holds_a_picture_whatever_type_it_claims() -> None:
    text = b64encode(PNG).decode()
    for uri in (f"data:image/jpeg;base64,{text}", f"data:text/html;base64,{text.rstrip('=')}"):
        assert picture_in(uri) == Picture(PNG, "image/png")


@pytest.mark.parametrize(
    "uri",
    [
        "https://example.org/a.png",
        "data:image/png,abc",
        "data:image/png;base64,A",
        "data:image/png;base64,ł",
        "x;base64,iVBORw0KGgo=",
    ],
)
def test_what_is_no_such_uri_holds_none(uri: str) -> None:
    assert picture_in(uri) is None
