"""The head of a response as an application gives it: checked, and how its body will be framed.

And the one response that no application gives.
"""

from collections.abc import Iterable
from typing import Final

import msgspec
from uvicorn.protocols.http.httptools_impl import HEADER_RE, HEADER_VALUE_RE, STATUS_LINE

from lmarena_bridge.core.api.openai.errors import error_response
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.headers import lines
from lmarena_bridge.server.wire import SAFE, Header

_WITHOUT_BODY: Final = (204, 304)


class ResponseHead(msgspec.Struct, frozen=True):
    """`data`: as it is written. A body in chunks, or `length` bytes of it. `ends`: the connection, too."""

    data: bytes
    chunked: bool
    length: int
    ends: bool


def response_head(status: int, headers: Iterable[Header], *, keep_alive: bool, to_head: bool) -> ResponseHead:
    """As uvicorn writes it. `to_head`: the method is HEAD. Raises RuntimeError for headers that are none."""
    parts = [STATUS_LINE[status]]
    chunked: bool | None = None
    length, ends = 0, False
    for given, value in headers:
        if HEADER_RE.search(given) or HEADER_VALUE_RE.search(value):
            raise RuntimeError(f"Invalid HTTP header {given!r}.")
        name = given.lower()
        if name == b"content-length" and chunked is None:
            length, chunked = int(value), False
        elif name == b"transfer-encoding" and value.lower() == b"chunked":
            length, chunked = 0, True
        elif name == b"connection":
            ends = ends or b"close" in [token.strip() for token in value.lower().split(b",")]
        parts += (name, b": ", value, b"\r\n")
    if not keep_alive and not ends:
        parts.append(b"connection: close\r\n")
    if chunked is None and not to_head and status not in _WITHOUT_BODY:
        chunked = True
        parts.append(b"transfer-encoding: chunked\r\n")
    parts.append(b"\r\n")
    return ResponseHead(b"".join(parts), bool(chunked), length, ends or not keep_alive)


def last_response(error: BridgeError) -> bytes:
    """An error as a whole HTTP response that ends the connection."""
    said = error_response(error)
    length = b"%d" % len(said.body)
    headers = (*said.headers, *SAFE, (b"content-length", length), (b"connection", b"close"))
    return b"%b%b\r\n%b" % (STATUS_LINE[error.status], lines(headers), said.body)
