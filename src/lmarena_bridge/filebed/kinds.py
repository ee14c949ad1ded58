"""What a file is, read off its first bytes; never off a name, and off the declared type only within text.

The kind decides the extension of the stored name, and with it what the file is served as. Nothing a browser
could run is among them: HTML, SVG, XML and scripts are plain text here.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final

# As much of the beginning as is looked at: the name inside a tar's header ends at 262.
HEAD_BYTES: Final = 4096

_TEXT_TYPE: Final = "text/plain; charset=utf-8"
_BINARY_TYPE: Final = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class Kind:
    """`shown`: browsers may show or play it; everything else they are told to save."""

    extension: str
    content_type: str
    shown: bool = False


def _shown(extension: str, content_type: str) -> Kind:
    return Kind(extension, content_type, shown=True)


_BINARY: Final = Kind("bin", _BINARY_TYPE)
_TEXT: Final = Kind("txt", _TEXT_TYPE)
# Text is served as text whatever it is; the extension only helps the reader of the link.
_TEXTS: Final = MappingProxyType(
    {
        "application/json": Kind("json", _TEXT_TYPE),
        "text/csv": Kind("csv", _TEXT_TYPE),
        "text/markdown": Kind("md", _TEXT_TYPE),
    }
)
_PNG: Final = _shown("png", "image/png")
_OGG: Final = _shown("ogg", "audio/ogg")
_MP4: Final = _shown("mp4", "video/mp4")
_ZIP: Final = Kind("zip", "application/zip")

_STARTS: Final = (
    (b"\x89PNG\r\n\x1a\n", _PNG),
    (b"\xff\xd8\xff", _shown("jpg", "image/jpeg")),
    (b"GIF87a", _shown("gif", "image/gif")),
    (b"GIF89a", _shown("gif", "image/gif")),
    (b"BM", _shown("bmp", "image/bmp")),
    (b"II*\x00", Kind("tiff", "image/tiff")),
    (b"MM\x00*", Kind("tiff", "image/tiff")),
    (b"ID3", _shown("mp3", "audio/mpeg")),
    (b"fLaC", _shown("flac", "audio/flac")),
    (b"\x1aE\xdf\xa3", _shown("webm", "video/webm")),
    (b"FLV\x01", Kind("flv", "video/x-flv")),
    (b"\x00\x00\x01\xba", _shown("mpg", "video/mpeg")),
    (b"\x00\x00\x01\xb3", _shown("mpg", "video/mpeg")),
    (b"MThd", Kind("mid", "audio/midi")),
    (b"%PDF-", Kind("pdf", "application/pdf")),
    (b"\x1f\x8b", Kind("gz", "application/gzip")),
    (b"BZh", Kind("bz2", "application/x-bzip2")),
    (b"\xfd7zXZ\x00", Kind("xz", "application/x-xz")),
    (b"7z\xbc\xaf\x27\x1c", Kind("7z", "application/x-7z-compressed")),
    (b"Rar!\x1a\x07", Kind("rar", "application/vnd.rar")),
    (b"{\\rtf", Kind("rtf", "application/rtf")),
)
# What follows RIFF and its length, or FORM and its length.
_CHUNKED: Final = MappingProxyType(
    {
        b"WEBP": _shown("webp", "image/webp"),
        b"WAVE": _shown("wav", "audio/wav"),
        b"AVI ": _shown("avi", "video/x-msvideo"),
        b"AIFF": _shown("aiff", "audio/aiff"),
        b"AIFC": _shown("aiff", "audio/aiff"),
    }
)
# Brands of the ISO base media format, behind "ftyp".
_BRANDS: Final = MappingProxyType(
    {
        b"avif": _shown("avif", "image/avif"),
        b"avis": _shown("avif", "image/avif"),
        b"heic": Kind("heic", "image/heic"),
        b"heix": Kind("heic", "image/heic"),
        b"mif1": Kind("heic", "image/heic"),
        b"M4A ": _shown("m4a", "audio/mp4"),
        b"M4B ": _shown("m4a", "audio/mp4"),
        b"qt  ": _shown("mov", "video/quicktime"),
    }
)
# Office files are zip archives; the first name in them tells them apart well enough.
_OFFICE: Final = (
    (b"word/", Kind("docx", "application/vnd.openxmlformats-officedocument.wordprocessingml.document")),
    (b"xl/", Kind("xlsx", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet")),
    (b"ppt/", Kind("pptx", "application/vnd.openxmlformats-officedocument.presentationml.presentation")),
    (b"mimetypeapplication/epub+zip", Kind("epub", "application/epub+zip")),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.text",
        Kind("odt", "application/vnd.oasis.opendocument.text"),
    ),
    (
        b"mimetypeapplication/vnd.oasis.opendocument.spreadsheet",
        Kind("ods", "application/vnd.oasis.opendocument.spreadsheet"),
    ),
)
_TAR: Final = Kind("tar", "application/x-tar")
_MPEG_AUDIO: Final = _shown("mp3", "audio/mpeg")
_AAC: Final = _shown("aac", "audio/aac")

_CONTROL: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def kind_of(head: bytes, declared: str = "") -> Kind:
    """The kind of a file that begins with `head` (at most HEAD_BYTES of it are looked at).

    `declared` is a content type; it only chooses among the kinds of text.
    """
    head = head[:HEAD_BYTES]
    return _by_start(head) or _by_inside(head) or _text(head, declared) or _BINARY


def _by_start(head: bytes) -> Kind | None:
    for start, kind in _STARTS:
        if head.startswith(start) and (start != b"BM" or _is_bitmap(head)):
            return kind
    return None


def _is_bitmap(head: bytes) -> bool:
    # "BM" begins many a text; a bitmap has four zero bytes there, reserved.
    return len(head) > 14 and head[6:10] == b"\0\0\0\0"


def _by_inside(head: bytes) -> Kind | None:
    if head[:4] in (b"RIFF", b"FORM"):
        return _CHUNKED.get(head[8:12])
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], _MP4)
    if head.startswith(b"PK\x03\x04"):
        return next((kind for mark, kind in _OFFICE if mark in head), _ZIP)
    if head.startswith(b"OggS"):
        return _shown("ogv", "video/ogg") if b"\x80theora" in head[:64] else _OGG
    if head[257:262] == b"ustar":
        return _TAR
    return _by_sync(head)


def _by_sync(head: bytes) -> Kind | None:
    """Audio without a header: a frame begins with eleven or twelve set bits. Layer 0 is AAC, 1 is MP3.

    Layer 3 would be MPEG layer I, which nobody has; but UTF-16 text begins so.
    """
    if len(head) < 4 or head[0] != 0xFF or head[1] & 0xE0 != 0xE0:
        return None
    if head[1] & 0xF6 == 0xF0:
        return _AAC
    is_frame = head[1] & 0x06 == 0x02 and head[1] & 0x18 != 0x08 and head[2] & 0xF0 not in (0x00, 0xF0)
    return _MPEG_AUDIO if is_frame else None


def _text(head: bytes, declared: str) -> Kind | None:
    if _CONTROL.search(head):
        return None
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        # The last character may be cut in two by the end of what is looked at.
        if error.reason != "unexpected end of data" or len(head) < HEAD_BYTES:
            return None
    return _TEXTS.get(declared.partition(";")[0].strip().lower(), _TEXT)


def _all_kinds() -> Mapping[str, Kind]:
    known = [
        *(kind for _, kind in (*_STARTS, *_OFFICE)),
        *(*_CHUNKED.values(), *_BRANDS.values(), *_TEXTS.values()),
        *(_BINARY, _TEXT, _OGG, _MP4, _ZIP, _TAR, _AAC, _shown("ogv", "video/ogg")),
    ]
    return MappingProxyType({kind.extension: kind for kind in known})


# The allow-list: what a stored name may end in.
KINDS: Final = _all_kinds()
