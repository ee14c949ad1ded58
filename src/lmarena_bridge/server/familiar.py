"""Programs say the same header with each request: what follows from it is found out once.

To parse and to judge a header takes some hundred calls (request_parser.py, guard.py, caller.py), to look it
up ten: 40 µs of a request that took 220 (2026-11-26). Nothing is decided here: whoever says, byte for byte,
what was let in under the same settings is let in again. Only the digits of Content-Length may differ; limits,
and the size of the body, are looked at each time.

That a key is among what is looked up tells nobody anything: a dictionary compares two headers only if their
hashes are the same, and these are made with a secret of this process.
"""

import math
import re
from typing import Final

from lmarena_bridge.server.caller import Caller
from lmarena_bridge.server.guard import Access
from lmarena_bridge.server.wire import App, Header, Scope

# In the ASGI scope: the Said of a request.
SAID: Final = "lmarena_bridge.said"

# Of one program or two. Longer headers are those of browsers, full of cookies.
_MOST: Final = 64
_LONGEST: Final = 4096
_END: Final = b"\r\n\r\n"
_NAME: Final = b"content-length"
# As programs write it; 12 digits are a body that nobody takes, and no number that a parser cannot hold.
_LENGTH: Final = re.compile(rb"\r\n[Cc]ontent-[Ll]ength: (0|[1-9][0-9]{0,11})\r\n")
# These say how a request is read.
_NOT_PLAIN: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})

# All bytes of a header but the digits, and whose computers' addresses.
_Key = tuple[bytes, bytes, str, str]


class Said:
    """The header of one program. `caller`: who was let in with it under `access`; `way`: who answers them."""

    __slots__ = ("_after", "_before", "_familiar", "_key", "_scope", "access", "caller", "most", "way")

    def __init__(self, familiar: "Familiar", key: _Key, scope: Scope, place: int) -> None:
        """`place`: where Content-Length stands among the headers."""
        headers: list[Header] = scope["headers"]
        self._familiar = familiar
        self._key = key
        self._scope = scope
        self._before = headers[:place]
        self._after = headers[place + 1 :]
        # Until somebody is let in with it, it is nobody's.
        self.access: Access | None = None
        self.caller: Caller
        self.way: App
        # The longest body.
        self.most: float

    def let_in(self, access: Access, caller: Caller, path: str, way: App) -> None:
        """The guard has let them in. `path`: the address that they mean."""
        self._scope = {**self._scope, "path": path}
        self.access, self.caller, self.way = access, caller, way
        self.most = access.max_body_bytes or math.inf
        self._familiar.remember(self._key, self)

    def again(self, length: int, client: object, server: object) -> Scope:
        """The scope of one more request."""
        headers = [*self._before, (_NAME, b"%d" % length), *self._after]
        return {**self._scope, "headers": headers, "client": client, "server": server, SAID: self}


class Familiar:
    """The headers of POST requests that were let in."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[_Key, Said] = {}

    def find(self, data: bytes, client: str, server: str) -> tuple[Said, int, int] | None:
        """The header that this read begins with, if it is known, and the length of the body and its place.

        Not one that announces more than its caller may send: that is for the guard.
        """
        end = data.find(_END, 0, _LONGEST)
        if end < 0 or (found := _LENGTH.search(data, 0, end + 2)) is None:
            return None
        start, stop = found.span(1)
        said = self._known.get((data[:start], data[stop:end], client, server))
        if said is None or (length := int(data[start:stop])) > said.most:
            return None
        return said, length, end + len(_END)

    def stranger(self, data: bytes, scope: Scope) -> Said | None:
        """A header that was parsed, and with which this read begins, if it is one that can be remembered."""
        end = data.find(_END, 0, _LONGEST)
        if end < 0 or (found := _LENGTH.search(data, 0, end + 2)) is None or scope["method"] != "POST":
            return None
        names = [name for name, _ in scope["headers"]]
        if names.count(_NAME) != 1 or not _NOT_PLAIN.isdisjoint(names):
            return None
        place = names.index(_NAME)
        if scope["headers"][place][1] != found[1]:
            return None
        start, stop = found.span(1)
        key = (data[:start], data[stop:end], host(scope["client"]), host(scope["server"]))
        return Said(self, key, scope, place)

    def remember(self, key: _Key, said: Said) -> None:
        """What a stranger said, for the next time."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = said


def host(address: tuple[str, int | None] | None) -> str:
    """The computer of an address."""
    return address[0] if address else ""
