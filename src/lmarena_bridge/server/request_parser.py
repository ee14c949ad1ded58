"""The usual way of a request's bytes: through httptools, header by header, and into ASGI's words."""

import logging
from collections.abc import Sequence
from typing import Final, Protocol
from urllib.parse import unquote

import httptools

from lmarena_bridge.core.errors import BridgeError, InvalidRequest, TooLarge
from lmarena_bridge.server.familiar import SAID, Ends
from lmarena_bridge.server.port import Port
from lmarena_bridge.server.wire import Header, Scope

# The colon, the blank and the line end that the parser does not hand over: many small headers add up, too.
_AROUND_A_HEADER: Final = len(": \r\n")
_log = logging.getLogger("uvicorn.error")


class HeaderTooLarge(TooLarge):
    """No program that we know sends a tenth of it."""

    status = 431


class UpgradeAsked(Exception):
    """What comes from now on is WebSocket. Its argument is the header that asks for it, as bytes."""


class Owner(Ends, Protocol):
    """The connection whose bytes they are."""

    port: Port
    scheme: str

    def begin(self, scope: Scope, *, keep_alive: bool = True, must_continue: bool = False) -> None:
        """A header is complete."""

    def take_in(self, body: bytes, *, more: bool) -> None:
        """A piece of the body behind it."""


class RequestParser:
    """Of one connection. `in_header`, `in_body`: what is awaited."""

    __slots__ = (
        "_before_body",
        "_came",
        "_headers",
        "_must_continue",
        "_owner",
        "_parser",
        "_read",
        "_refusal",
        "_size",
        "_url",
        "in_body",
        "in_header",
    )

    def __init__(self, owner: Owner) -> None:
        self._owner = owner
        self._parser = httptools.HttpRequestParser(self)
        # A request behind one that said it was the last: it is read, and the connection closed before it.
        self._parser.set_dangerous_leniencies(lenient_data_after_close=True)
        self._headers: list[Header] = []
        self._url = b""
        self._must_continue = False
        # What the socket gave since the last request was complete, or its header; and last, whole if a
        # request may begin with it.
        self._came = 0
        self._size = 0
        self._read = b""
        self._before_body = 0
        self._refusal: BridgeError | None = None
        self.in_header = False
        self.in_body = False

    def feed(self, data: bytes) -> None:
        """Read on. Raises UpgradeAsked, and what is to be said of something that is no request."""
        self._came += len(data)
        self._size = len(data)
        self._read = b"" if self.in_header or self.in_body else data
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserError:
            raise self._refusal or InvalidRequest(
                "This is not HTTP/1.1 as it is written down. Is it meant for this port?"
            ) from None
        except httptools.HttpParserUpgrade:
            if self._asks_for_socket:
                raise UpgradeAsked(self._as_it_came()) from None
            _log.warning("Unsupported upgrade request.")
        if self.in_header:
            is_too_large = self._came > self._owner.port.limits.header_bytes
        else:
            # A body in chunks may have headers behind it.
            is_too_large = self.in_body and self._has_more_than_fits(self._headers[self._before_body :])
        if is_too_large:
            raise _header_too_large()

    def close(self) -> None:
        """Nothing comes any more."""
        del self._parser

    @property
    def is_between(self) -> bool:
        """Whether the next byte is the first of a request."""
        return not (self.in_header or self.in_body)

    # -- the parser's side ---------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        self.in_header = True
        self._url = b""
        self._headers = []
        self._must_continue = False

    def on_url(self, url: bytes) -> None:
        self._url += url

    def on_header(self, name: bytes, value: bytes) -> None:
        name = name.lower()
        if name == b"expect" and value.lower() == b"100-continue":
            self._must_continue = True
        self._headers.append((name, value))

    def on_headers_complete(self) -> None:
        # A header that comes all at once is not larger than one that comes in pieces.
        at_most = self._came + self._size
        if at_most > self._owner.port.limits.header_bytes and self._has_more_than_fits(
            self._headers, len(self._url)
        ):
            self._refusal = _header_too_large()
            raise ValueError
        self.in_header, self.in_body = False, True
        self._came = 0
        self._before_body = len(self._headers)
        if not self._asks_for_socket:
            self._begin()

    def on_body(self, body: bytes) -> None:
        if not self._asks_for_socket:
            self._owner.take_in(body, more=True)

    def on_message_complete(self) -> None:
        self.in_body, self._came = False, 0
        if not self._asks_for_socket:
            self._owner.take_in(b"", more=False)

    def _begin(self) -> None:
        version = self._parser.get_http_version()
        keep_alive = version != "1.0" and self._parser.should_keep_alive()
        scope = self._scope(version)
        read, self._read = self._read, b""
        # Nothing stands before it, or that would be the request's first line.
        if read.startswith(b"POST ") and version == "1.1" and keep_alive:
            scope[SAID] = self._owner.port.familiar.stranger(read, scope, self._owner.hosts)
        self._owner.begin(scope, keep_alive=keep_alive, must_continue=self._must_continue)

    def _scope(self, version: str) -> Scope:
        url, owner = httptools.parse_url(self._url), self._owner
        path, port = url.path.decode("ascii"), owner.port
        return {
            "type": "http",
            "asgi": port.asgi,
            "http_version": version,
            "server": owner.server,
            "client": owner.client,
            "scheme": owner.scheme,
            "method": self._parser.get_method().decode("ascii"),
            "root_path": port.root_path,
            "path": port.root_path + (unquote(path) if "%" in path else path),
            "raw_path": port.root_path.encode("ascii") + url.path,
            "query_string": url.query or b"",
            "headers": self._headers,
        }

    @property
    def _asks_for_socket(self) -> bool:
        """Whether this request wants to become a WebSocket, and may."""
        if not self._parser.should_upgrade() or self._owner.port.sockets is None:
            return False
        said = dict(self._headers)
        wishes = [token.strip() for token in said.get(b"connection", b"").lower().split(b",")]
        return b"upgrade" in wishes and said.get(b"upgrade", b"").lower() == b"websocket"

    def _as_it_came(self) -> bytes:
        first = b"%b %b HTTP/1.1\r\n" % (self._parser.get_method(), self._url)
        return first + b"".join([b"%b: %b\r\n" % header for header in self._headers]) + b"\r\n"

    def _has_more_than_fits(self, headers: Sequence[Header], line: int = 0) -> bool:
        sizes = [len(name) + len(value) + _AROUND_A_HEADER for name, value in headers]
        return sum(sizes, line) > self._owner.port.limits.header_bytes


def _header_too_large() -> HeaderTooLarge:
    return HeaderTooLarge("The header of the request is larger than 64 KiB. Send less in it.")
