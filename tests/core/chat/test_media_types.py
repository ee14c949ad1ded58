import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.media_types import UNKNOWN, extension_of, settled_type, type_of_name

SEEN = {
    "image/png": b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR",
    "image/jpeg": b"\xff\xd8\xff\xe0\0\x10JFIF",
    "image/gif": b"GIF89a\1\0\1\0",
    "image/tiff": b"MM\0*\0\0\0\x08",
    "image/jxl": b"\0\0\0\x0cJXL \r\n\x87\n",
    "image/webp": b"RIFF\x24\0\0\0WEBPVP8 ",
    "image/bmp": b"BM\x46\0\0\0\0\0\0\0\x36",
    "image/avif": b"\0\0\0\x1cftypavif",
    "image/heic": b"\0\0\0\x1cftypheic",
    "image/svg+xml": b"\xef\xbb\xbf<?xml version='1.0'?>\n<!-- a -->\n<svg xmlns='x'>",
    "audio/wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "audio/aiff": b"FORM\0\0\0\x24AIFFCOMM",
    "audio/mpeg": b"ID3\x03\0\0\0",
    "audio/ogg": b"OggS\0\2",
    "audio/flac": b"fLaC\0\0\0\x22",
    "audio/midi": b"MThd\0\0\0\x06\0\1",
    "audio/mp4": b"\0\0\0\x1cftypM4A ",
    "video/mp4": b"\0\0\0\x1cftypisom",
    "video/quicktime": b"\0\0\0\x14ftypqt  ",
    "video/3gpp": b"\0\0\0\x14ftyp3gp5",
    "video/webm": b"\x1aE\xdf\xa3\x01",
    "video/x-msvideo": b"RIFF\x24\0\0\0AVI LIST",
    "video/mpeg": b"\0\0\x01\xba\x44",
    "application/pdf": b"%PDF-1.7\n",
    "application/rtf": b"{\\rtf1\\ansi",
    "application/zip": b"PK\x03\x04\x14\0",
    "application/msword": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
    "application/gzip": b"\x1f\x8b\x08\0",
    "application/x-7z-compressed": b"7z\xbc\xaf'\x1c\0\4",
    "text/html": b"<!DOCTYPE html><html>",
}
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"


@pytest.mark.parametrize("kind", SEEN)
@pytest.mark.parametrize("said", ["", "application/octet-stream", "image", "*/*", "no type at all"])
def test_where_nothing_is_said_the_first_bytes_tell(kind: str, said: str) -> None:
    assert settled_type(said, SEEN[kind]) == kind


@pytest.mark.parametrize("kind", SEEN)
def test_what_is_said_rightly_stays(kind: str) -> None:
    assert settled_type(kind.upper() + "; charset=utf-8", SEEN[kind]) == kind


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        ("image/png", "image/jpeg"),
        ("image/png", "text/html"),
        ("image/png", "image/svg+xml"),
        ("image/png", "application/pdf"),
        ("image/png", "application/zip"),
        ("text/plain", "application/pdf"),
        ("text/plain", "application/gzip"),
        ("audio/wav", "audio/ogg"),
        ("audio/wav", "image/webp"),
        ("video/mp4", "video/webm"),
        ("application/json", "image/gif"),
    ],
)
def test_what_is_said_wrongly_is_put_right(said: str, seen: str) -> None:
    assert settled_type(said, SEEN[seen]) == seen


@pytest.mark.parametrize(
    ("said", "seen"),
    [
        (DOCX, "application/zip"),
        ("application/epub+zip", "application/zip"),
        ("application/vnd.ms-excel", "application/msword"),
        ("application/x-tar", "application/gzip"),
        ("audio/mp4", "video/mp4"),
        ("audio/aac", "audio/mp4"),
        ("audio/webm", "video/webm"),
        ("video/ogg", "audio/ogg"),
        ("image/heif", "image/heic"),
        ("image/x-canon-cr2", "image/tiff"),
        ("application/illustrator", "application/pdf"),
        ("text/markdown", "text/html"),
        ("application/xhtml+xml", "text/html"),
        ("image/svg+xml", "image/svg+xml"),
    ],
)
def test_relatives_are_believed(said: str, seen: str) -> None:
    assert settled_type(said, SEEN[seen]) == said


@pytest.mark.parametrize(
    ("said", "usual"),
    [("image/jpg", "image/jpeg"), ("audio/mp3", "audio/mpeg"), ("audio/x-wav", "audio/wav")],
)
def test_other_names_become_the_usual_ones(said: str, usual: str) -> None:
    assert settled_type(said, b"\0\1\2") == usual


@pytest.mark.parametrize(
    ("head", "kind"),
    [
        (b"plain words", "text/plain"),
        ("Zażółć gęślą jaźń".encode()[:5], "text/plain"),
        ("cześć".encode("utf-16"), "text/plain"),
        (b"\xfe\xff\0a", "text/plain"),
        (b"caf\xe9 au lait", UNKNOWN),
        (b"text\0with\0nul", UNKNOWN),
        (b"\xff\xfb\x90\x44", "audio/mpeg"),
        (b"BMW is a car maker", "text/plain"),
        (b"....WAVE", "text/plain"),
        (b"\0\1\2\3", UNKNOWN),
        (b"", "text/plain"),
    ],
)
def test_where_the_bytes_do_not_tell_either_it_is_text_or_unknown(head: bytes, kind: str) -> None:
    assert settled_type("", head) == kind


def test_the_name_tells_before_the_guess_but_after_the_bytes() -> None:
    assert settled_type("", b"\0\1", "a.pdf") == "application/pdf"
    assert settled_type("", SEEN["application/zip"], "a.docx") == DOCX
    assert settled_type("", SEEN["video/mp4"], "a.m4a") == "audio/mp4"
    assert settled_type("", SEEN["image/png"], "a.pdf") == "image/png"
    assert settled_type("text/csv", b"a;b", "a.pdf") == "text/csv"


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.PNG", "image/png"),
        ("/path.d/b.jpeg", "image/jpeg"),
        ("main.py", "text/plain"),
        ("x.hpp", "text/plain"),
        ("a.unheard-of", None),
        ("png", None),
        ("", None),
        ("a.", None),
    ],
)
def test_an_extension_tells_the_type(name: str, kind: str | None) -> None:
    assert type_of_name(name) == kind


@pytest.mark.parametrize(
    ("kind", "ending"),
    [
        ("image/jpeg", "jpg"),
        ("image/tiff", "tiff"),
        ("application/vnd.api+json", "json"),
        ("image/x-canon.cr2", "xcanoncr2"),
        ("application/x+-", "bin"),
        ("nothing", "bin"),
    ],
)
def test_a_type_has_an_extension(kind: str, ending: str) -> None:
    assert extension_of(kind) == ending


@given(st.text(max_size=50), st.binary(max_size=600), st.text(max_size=50))
def test_whatever_comes_a_media_type_comes_out(said: str, head: bytes, name: str) -> None:
    kind = settled_type(said, head, name)
    assert kind.count("/") == 1
    assert kind.isascii()
    assert not set(" ;,\"'") & set(kind)
