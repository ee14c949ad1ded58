import io
import tarfile
import zipfile

import pytest

from lmarena_bridge.filebed.kinds import HEAD_BYTES, KINDS, kind_of


def tar() -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        archive.addfile(tarfile.TarInfo("a"), io.BytesIO())
    return out.getvalue()


def archive_of(first: str) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(first, "x")
    return out.getvalue()


@pytest.mark.parametrize(
    ("head", "extension"),
    [
        (b"\x89PNG\r\n\x1a\n....", "png"),
        (b"\xff\xd8\xff\xe0..", "jpg"),
        (b"GIF87a", "gif"),
        (b"GIF89a/*", "gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "webp"),
        (b"BM" + b"\1\2\3\4" + b"\0" * 12, "bmp"),
        (b"II*\0", "tiff"),
        (b"\0\0\0\x1cftypavif", "avif"),
        (b"\0\0\0\x1cftypheic", "heic"),
        (b"RIFF\0\0\0\0WAVEfmt ", "wav"),
        (b"FORM\0\0\0\0AIFF", "aiff"),
        (b"ID3\x04\0", "mp3"),
        (b"\xff\xfb\x90\x00", "mp3"),
        (b"\xff\xf1\x50\x80", "aac"),
        (b"fLaC\0", "flac"),
        (b"OggS\0\2" + b"\0" * 22 + b"\1\x1eOpusHead", "ogg"),
        (b"OggS\0\2" + b"\0" * 22 + b"\1\x2a\x80theora", "ogv"),
        (b"\0\0\0\x20ftypM4A ", "m4a"),
        (b"\0\0\0\x20ftypisom", "mp4"),
        (b"\0\0\0\x14ftypqt  ", "mov"),
        (b"\x1aE\xdf\xa3\x01", "webm"),
        (b"RIFF\0\0\0\0AVI LIST", "avi"),
        (b"%PDF-1.7\n", "pdf"),
        (b"\x1f\x8b\x08", "gz"),
        (archive_of("a.txt"), "zip"),
        (archive_of("word/document.xml"), "docx"),
        (archive_of("xl/workbook.xml"), "xlsx"),
        (tar(), "tar"),
        (b"plain words", "txt"),
        ("zażółć gęślą jaźń".encode(), "txt"),
        (b"BM is how this text begins", "txt"),
        (b"\x1b[31mred\x1b[0m", "txt"),
        (b"MZ\x90\0", "bin"),
        (b"RIFF\0\0\0\0????", "bin"),
        (b"\xff\xfe\0", "bin"),
        ("\ufeff<html>".encode("utf-16-le"), "bin"),
        (b"\xff\xff\xff\xff", "bin"),
        (b"caf\xe9", "bin"),
        (b"\0", "bin"),
    ],
)
def test_the_first_bytes_say_what_a_file_is(head: bytes, extension: str) -> None:
    assert kind_of(head).extension == extension


@pytest.mark.parametrize(
    "text",
    [b"<!doctype html><script>alert(1)</script>", b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"<?xml ?>"],
)
@pytest.mark.parametrize("declared", ["text/html", "image/svg+xml", "application/xhtml+xml", "image/png", ""])
def test_what_a_browser_could_run_is_plain_text_whatever_is_declared(text: bytes, declared: str) -> None:
    kind = kind_of(text, declared)
    assert (kind.extension, kind.content_type, kind.shown) == ("txt", "text/plain; charset=utf-8", False)


def test_a_declared_kind_of_text_only_changes_the_extension() -> None:
    for declared, extension in (
        ("application/json", "json"),
        ("text/csv; charset=x", "csv"),
        ("TEXT/MARKDOWN", "md"),
    ):
        kind = kind_of(b"words", declared)
        assert (kind.extension, kind.content_type) == (extension, "text/plain; charset=utf-8")
    assert kind_of(b"\0", "application/json").extension == "bin"


@pytest.mark.parametrize("before", range(HEAD_BYTES - 4, HEAD_BYTES + 1))
def test_a_character_cut_by_the_end_of_what_is_looked_at_is_no_damage(before: int) -> None:
    assert kind_of(b"a" * before + "😀".encode() * 2).extension == "txt"


def test_a_character_cut_by_the_end_of_the_file_is() -> None:
    assert kind_of("abc😀".encode()[:-1]).extension == "bin"


def test_only_pictures_sound_and_video_are_shown() -> None:
    for kind in KINDS.values():
        assert not kind.shown or kind.content_type.split("/")[0] in ("image", "audio", "video")
        assert "svg" not in kind.content_type
        assert "html" not in kind.content_type
        assert "script" not in kind.content_type
    assert not KINDS["pdf"].shown
