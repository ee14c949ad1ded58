"""Files that belong to a message: data: URIs and web addresses as attachments, and back.

A data: URI may be many megabytes. The one a client sends in the usual form is passed on as it is;
looking at it costs no second copy of it.
"""

import re
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Mapping
from typing import Final
from urllib.parse import unquote_to_bytes, urlsplit

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

# Our own table, because the standard library's `mimetypes` answers differently on each machine.
_TYPES: Final[Mapping[str, str]] = {
    "png": "image/png",
    "jpg": "image/jpeg",
    "jpeg": "image/jpeg",
    "webp": "image/webp",
    "gif": "image/gif",
    "bmp": "image/bmp",
    "avif": "image/avif",
    "heic": "image/heic",
    "tiff": "image/tiff",
    "svg": "image/svg+xml",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "ogg": "audio/ogg",
    "flac": "audio/flac",
    "m4a": "audio/mp4",
    "mp4": "video/mp4",
    "webm": "video/webm",
    "mov": "video/quicktime",
    "pdf": "application/pdf",
    "json": "application/json",
    "txt": "text/plain",
    "md": "text/markdown",
    "csv": "text/csv",
    "html": "text/html",
    "bin": "application/octet-stream",
}
# Read backwards, so that of two extensions of one type the first one stays.
_EXTENSIONS: Final[Mapping[str, str]] = {kind: ending for ending, kind in reversed(list(_TYPES.items()))}

_HEADER = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.IGNORECASE)
_LONGEST_HEADER = 1000
_MEDIA_TYPE = re.compile(r"[a-z0-9][a-z0-9!#$&^_.+-]*/[a-z0-9][a-z0-9!#$&^_.+-]*")
_NOT_IN_AN_EXTENSION = re.compile(r"[^a-z0-9]")
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Small enough for the processor's cache, and for not costing memory.
_PIECE = 64 * 1024


def attachment(url: str, *, number: int, param: str, assumed: str = "application/octet-stream") -> Attachment:
    """The attachment at an address: `data:…;base64,…`, `http://…` or `https://…`.

    `number` counts the attachments of one message and goes into the name, `param` is where the
    address stands in the client's request, `assumed` the media type of a web address that does not
    tell its own. Raises InvalidRequest.
    """
    url = url.strip()
    scheme = url[:8].lower()
    if scheme.startswith("data:"):
        content_type, url = _read_data_uri(url, param)
    elif scheme.startswith(("http://", "https://")):
        content_type = _type_of_address(url, param) or assumed
    else:
        raise InvalidRequest(
            f"`{param}` is no address this bridge can read: give a data: URI, like"
            " data:image/png;base64,…, or an address that begins with https:// or http://.",
            param=param,
        )
    return Attachment(name=_name(content_type, number), content_type=content_type, url=url)


def data_uri(content_type: str, data: bytes) -> str:
    """The data: URI that holds these bytes."""
    return f"data:{content_type};base64,{b64encode(data).decode('ascii')}"


def data_of(file: Attachment) -> bytes | None:
    """The bytes of an attachment that `attachment` made; None when they are elsewhere on the web."""
    start = _payload_start(file.url)
    return a2b_base64(memoryview(file.url.encode("ascii"))[start:]) if start else None


def size_of(file: Attachment) -> int | None:
    """How many bytes `data_of` would give, without decoding them."""
    start = _payload_start(file.url)
    return (len(file.url) - start) * 3 // 4 - file.url.count("=", -2) if start else None


def _payload_start(url: str) -> int:
    header = _HEADER.match(url, 0, _LONGEST_HEADER)
    return header.end() if header else 0


def _read_data_uri(url: str, param: str) -> tuple[str, str]:
    """Its media type, and the same URI in base64 of the strict kind."""
    header = _HEADER.match(url, 0, _LONGEST_HEADER)
    if header is None:
        raise InvalidRequest(
            f"`{param}` is no data: URI: it must begin like data:image/png;base64,", param=param
        )
    content_type = header[1].strip().lower()
    if not _MEDIA_TYPE.fullmatch(content_type):
        raise InvalidRequest(
            f"`{param}` names no media type: it must begin like data:image/png;base64,", param=param
        )
    if not header[2].replace(" ", "").lower().endswith(";base64"):
        url = data_uri(content_type, unquote_to_bytes(url[header.end() :]))
    elif not _is_base64(url, header.end()):
        # The `base64` program breaks its lines; that much is mended here.
        url = url[: header.end()] + "".join(url[header.end() :].split())
        if not _is_base64(url, header.end()):
            raise InvalidRequest(
                f"`{param}` is broken: what follows ;base64, is not base64. Encode the file again.",
                param=param,
            )
    if url.endswith(","):
        raise InvalidRequest(f"`{param}` is an empty file: send its content, or leave it out.", param=param)
    return content_type, url


def _is_base64(url: str, start: int) -> bool:
    """Whether strict base64 stands there: its alphabet, padded to fours."""
    if (len(url) - start) % 4 or not url.isascii():
        return False
    end = len(url) - url.count("=", -2)
    pieces = (url[at : min(at + _PIECE, end)] for at in range(start, end, _PIECE))
    return not any(piece.encode("ascii").translate(None, _BASE64) for piece in pieces)


def _type_of_address(url: str, param: str) -> str | None:
    try:
        parts = urlsplit(url)
    except ValueError:
        parts = None
    if parts is None or not parts.hostname:
        raise InvalidRequest(f"`{param}` is no complete web address: it needs a host.", param=param)
    return _TYPES.get(parts.path.rpartition(".")[2].lower())


def _name(content_type: str, number: int) -> str:
    """`image_1.png`: made from the type alone, never from what a client says about the picture."""
    kind, _, subtype = content_type.partition("/")
    stem = kind if kind in {"image", "audio", "video"} else "file"
    ending = (
        _EXTENSIONS.get(content_type) or _NOT_IN_AN_EXTENSION.sub("", subtype.rpartition("+")[2]) or "bin"
    )
    return f"{stem}_{number}.{ending}"
