"""What kind of file it is: by what the client says, unless its first bytes know better, or by its name.

Our own small table: the standard library's `mimetypes` answers differently on each machine, and libraries
that know hundreds of formats find many in bytes that are something else.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Final

UNKNOWN: Final = "application/octet-stream"

# How many of a file's first bytes are enough to tell.
HEAD_BYTES: Final = 512

_TYPES: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "heic": "image/heic",
    "heif": "image/heif",
    "tiff": "image/tiff",
    "tif": "image/tiff",
    "jxl": "image/jxl",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "opus": "audio/opus",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
    "aiff": "audio/aiff",
    "mid": "audio/midi",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "mkv": "video/x-matroska",
    "avi": "video/x-msvideo",
    "mpeg": "video/mpeg",
    "3gp": "video/3gpp",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "htm": "text/html",
    "css": "text/css",
    "xml": "text/xml",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    "doc": "application/msword",
    "odt": "application/vnd.oasis.opendocument.text",
    "epub": "application/epub+zip",
    "rtf": "application/rtf",
    "zip": "application/zip",
    "gz": "application/gzip",
    "7z": "application/x-7z-compressed",
    "bin": UNKNOWN,
}
# Read backwards, so that of two extensions of one type the first one stays.
_EXTENSIONS: Final[Mapping[str, str]] = {kind: ending for ending, kind in reversed(list(_TYPES.items()))}

# Programs are texts; models take them as such, whatever their language is called.
_CODE: Final = re.compile(
    "bat|cc?|cfg|clj|conf|cpp|cs|dart|diff|ex|fs|go|gradle|hp?p?|hs|ini|ipynb|java|jl|jsx?|jsonl|kt|log|lua|m"
    "|mjs|patch|php|pl|ps1|py|rb?|rs|rst|scala|scss|sh|sql|swift|tex|toml|tsx?|tsv|vue|ya?ml|zig"
)

# Other names under which clients send them.
_ALIASES: Final[Mapping[str, str]] = {
    "image/jpg": "image/jpeg",
    "image/pjpeg": "image/jpeg",
    "image/x-png": "image/png",
    "image/x-ms-bmp": "image/bmp",
    "image/svg": "image/svg+xml",
    "audio/mp3": "audio/mpeg",
    "audio/x-mp3": "audio/mpeg",
    "audio/x-wav": "audio/wav",
    "audio/wave": "audio/wav",
    "audio/vnd.wave": "audio/wav",
    "audio/x-flac": "audio/flac",
    "audio/x-m4a": "audio/mp4",
    "audio/m4a": "audio/mp4",
    "audio/x-aiff": "audio/aiff",
    "video/avi": "video/x-msvideo",
    "video/mov": "video/quicktime",
    "application/x-pdf": "application/pdf",
    "application/x-zip-compressed": "application/zip",
    "application/x-gzip": "application/gzip",
}
# What programs say when they do not know.
_NOTHING_SAID: Final = frozenset(
    {UNKNOWN, "binary/octet-stream", "application/unknown", "application/binary"}
)

_MAGIC: Final = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (0, b"II*\0", "image/tiff"),
    (0, b"MM\0*", "image/tiff"),
    (0, b"\0\0\0\x0cJXL \r\n\x87\n", "image/jxl"),
    (8, b"WEBP", "image/webp"),
    (8, b"WAVE", "audio/wav"),
    (8, b"AVI ", "video/x-msvideo"),
    (8, b"AIFF", "audio/aiff"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"OggS", "audio/ogg"),
    (0, b"fLaC", "audio/flac"),
    (0, b"MThd\0\0\0\x06", "audio/midi"),
    (0, b"\x1aE\xdf\xa3", "video/webm"),
    (0, b"\0\0\x01\xba", "video/mpeg"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"{\\rtf", "application/rtf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/msword"),
    (0, b"\x1f\x8b\x08", "application/gzip"),
    (0, b"7z\xbc\xaf'\x1c", "application/x-7z-compressed"),
)
# Four letters at the eighth byte mean something only inside of these.
_CHUNKED: Final = (b"RIFF", b"FORM")
# ISO base media files say in four letters what is in them; what is not here is a video.
_BRANDS: Final[Mapping[bytes, str]] = {
    b"avif": "image/avif",
    b"avis": "image/avif",
    b"heic": "image/heic",
    b"heix": "image/heic",
    b"mif1": "image/heic",
    b"M4A ": "audio/mp4",
    b"M4B ": "audio/mp4",
    b"qt  ": "video/quicktime",
    b"3gp4": "video/3gpp",
    b"3gp5": "video/3gpp",
}
_MARKUP: Final = re.compile(
    rb"\s*(?:<\?xml[^>]*>\s*|<!--.*?-->\s*|<!doctype\s+svg[^>]*>\s*)*(?:(?P<svg><svg[\s>])|<!doctype\s+html|<html[\s>])",
    re.IGNORECASE | re.DOTALL,
)
# Types that look alike from their first bytes: what is said about such a file is believed.
_KIN: Final = (
    frozenset({"video/mp4", "audio/mp4", "audio/aac", "video/quicktime", "video/x-m4v", "video/3gpp"}),
    frozenset({"video/webm", "audio/webm", "video/x-matroska", "audio/x-matroska"}),
    frozenset({"audio/ogg", "audio/opus", "video/ogg", "application/ogg"}),
    frozenset({"image/heic", "image/heif"}),
    frozenset({"image/png", "image/apng"}),
    frozenset({"application/pdf", "application/illustrator", "application/postscript"}),
)
# Nearly anything can be wrapped in these, but nothing that is seen, heard or read as it is.
_WRAPPERS: Final = frozenset({"application/zip", "application/msword", "application/gzip"})
_MARKUP_TYPES: Final = frozenset({"text/html", "image/svg+xml"})
_MEDIA: Final = ("image/", "audio/", "video/", "application/pdf")

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9][a-z0-9_.+-]*/[a-z0-9][a-z0-9_.+-]*")
_NOT_IN_AN_EXTENSION: Final = re.compile(r"[^a-z0-9]")
_NEVER_IN_TEXT: Final = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]")


def settled_type(said: str, head: bytes, name: str = "") -> str:
    """The media type of a file that begins with `head`. `said` and `name` may be empty, or wrong."""
    claimed = _claimed(said) or type_of_name(name) or ""
    seen = _seen(head)
    if claimed and (seen is None or _agree(claimed, seen)):
        return claimed
    return seen or _guessed(head)


def type_of_name(name: str) -> str | None:
    """What the extension says: `report.PDF`, or a path that ends in it."""
    _, dot, ending = name.rpartition(".")
    ending = ending.strip().lower()
    if not dot:
        return None
    return _TYPES.get(ending) or ("text/plain" if _CODE.fullmatch(ending) else None)


def extension_of(content_type: str) -> str:
    """A file name's extension, without the dot."""
    subtype = content_type.partition("/")[2].rpartition("+")[2]
    return _EXTENSIONS.get(content_type) or _NOT_IN_AN_EXTENSION.sub("", subtype) or "bin"


def _claimed(said: str) -> str:
    kind = said.partition(";")[0].strip().lower()
    kind = _ALIASES.get(kind, kind)
    return kind if _MEDIA_TYPE.fullmatch(kind) and kind not in _NOTHING_SAID else ""


def _seen(head: bytes) -> str | None:
    """What the bytes can hardly be mistaken for."""
    if head[4:8] == b"ftyp":
        return _BRANDS.get(head[8:12], "video/mp4")
    if head[:2] == b"BM" and head[6:10] == b"\0\0\0\0":
        return "image/bmp"
    for offset, magic, kind in _MAGIC:
        if head.startswith(magic, offset) and (offset == 0 or head.startswith(_CHUNKED)):
            return kind
    if markup := _MARKUP.match(head.removeprefix(codecs.BOM_UTF8)):
        return "image/svg+xml" if markup["svg"] else "text/html"
    return None


def _agree(claimed: str, seen: str) -> bool:
    if seen in _WRAPPERS:
        return not claimed.startswith((*_MEDIA, "text/"))
    if seen in _MARKUP_TYPES:
        return not claimed.startswith(_MEDIA) or claimed == seen
    raw_photo = seen == "image/tiff" and claimed.startswith("image/x-")
    return claimed == seen or raw_photo or any(claimed in kin and seen in kin for kin in _KIN)


def _guessed(head: bytes) -> str:
    """For a file about which nothing is said at all."""
    if head[:1] == b"\xff" and head[1:2] in (b"\xfb", b"\xfa", b"\xf3", b"\xf2", b"\xe3", b"\xe2"):
        return "audio/mpeg"
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "text/plain"
    return "text/plain" if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    """UTF-8 without what only binary files hold; a character that is cut off at the end does not matter."""
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)
    except UnicodeDecodeError:
        return False
    return not _NEVER_IN_TEXT.search(head)
