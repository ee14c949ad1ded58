"""Files that belong to a message: data: URIs and web addresses as attachments, and back.

A data: URI may be many megabytes. The one a client sends in the usual form is passed on as it is;
looking at it costs no second copy of it, and mending it one.
"""

import re
from base64 import b64encode
from binascii import a2b_base64
from typing import Final, NoReturn
from urllib.parse import unquote_to_bytes, urlsplit

from lmarena_bridge.core.chat.file_names import file_name
from lmarena_bridge.core.chat.media_types import HEAD_BYTES, UNKNOWN, settled_type, type_of_name
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest

_HEADER = re.compile(r"data:([^;,]*)((?:;[^;,]*)*),", re.IGNORECASE)
_LONGEST_HEADER = 1000
_BASE64 = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
# Small enough for the processor's cache, and for not costing memory.
_PIECE: Final = 64 * 1024
_HEAD_CHARACTERS: Final = HEAD_BYTES // 3 * 4


def attachment(
    url: str, *, number: int, param: str, name: str | None = None, assumed: str = UNKNOWN
) -> Attachment:
    """The attachment at an address: `data:…`, `http://…` or `https://…`.

    `number` counts the attachments of one message; it goes into the name if the client gives none (`name`).
    `param` is where the address stands in the client's request, `assumed` the media type of a web address
    that does not tell its own. Raises InvalidRequest.
    """
    url = url.strip()
    scheme = url[:8].lower()
    if scheme.startswith("data:"):
        content_type, url = _read_data_uri(url, param, name or "")
    elif scheme.startswith(("http://", "https://")):
        content_type = _type_of_address(url, param) or type_of_name(name or "") or assumed
    else:
        raise InvalidRequest(
            f"`{param}` is no address this bridge can read: give a data: URI, like"
            " data:image/png;base64,…, or an address that begins with https:// or http://.",
            param=param,
        )
    return Attachment(file_name(name, content_type, number), content_type, url)


def encoded_attachment(
    data: str, said: str, *, number: int, param: str, name: str | None = None
) -> Attachment:
    """The attachment that a client sends as bare base64. `said`: its type, "" if the client tells none.

    A data: URI or a web address in its place is taken, too. Raises InvalidRequest.
    """
    if data.lstrip()[:8].lower().startswith(("data:", "http://", "https://")):
        return attachment(data, number=number, param=param, name=name, assumed=said or UNKNOWN)
    return attachment(f"data:{said};base64,{data}", number=number, param=param, name=name)


def held_attachment(data: bytes, name: str) -> Attachment:
    """The attachment made of bytes that the bridge itself keeps, under the name the client gave them."""
    content_type = settled_type("", data[:HEAD_BYTES], name)
    return Attachment(file_name(name, content_type, 1), content_type, data_uri(content_type, data))


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


def _read_data_uri(url: str, param: str, name: str) -> tuple[str, str]:
    """Its media type, and the same URI in base64 of the strict kind, with that type in it."""
    header = _HEADER.match(url, 0, _LONGEST_HEADER)
    if header is None:
        _refuse(param, "is no data: URI: it must begin like data:image/png;base64,")
    start = header.end()
    if not header[2].replace(" ", "").lower().endswith(";base64"):
        url = data_uri("", _unquoted(url, start))
        start = _payload_start(url)
    elif not _is_base64(url, start):
        # The `base64` program breaks its lines; that much is mended here.
        for blank in "\r\n\t ":
            url = url.replace(blank, "")
        start = _payload_start(url)
        if not _is_base64(url, start):
            _refuse(param, "is broken: what follows ;base64, is not base64. Encode the file again.")
    if len(url) == start:
        _refuse(param, "is an empty file: send its content, or leave it out.")
    content_type = settled_type(header[1], a2b_base64(url[start : start + _HEAD_CHARACTERS]), name)
    usual = url.startswith(f"data:{content_type};") and url.endswith(";base64,", 0, start)
    return content_type, url if usual else url.replace(url[:start], f"data:{content_type};base64,", 1)


def _unquoted(url: str, start: int) -> bytes:
    """What is percent-encoded from `start` on; in pieces, for a piece costs many times its size."""
    data = bytearray()
    while start < len(url):
        end = start + _PIECE
        # An escape is not cut in two.
        escape = url.rfind("%", end - 2, end)
        end = escape if escape > start else end
        data += unquote_to_bytes(url[start:end])
        start = end
    return bytes(data)


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
        _refuse(param, "is no complete web address: it needs a host.")
    return type_of_name(parts.path)


def _refuse(param: str, fault: str) -> NoReturn:
    raise InvalidRequest(f"`{param}` {fault}", param=param)
