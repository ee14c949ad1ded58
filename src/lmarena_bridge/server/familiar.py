"""Programs say the same header with each request: what follows from it is found out once.

To parse and to judge a header takes some hundred calls (request_parser.py, guard.py, caller.py), to look it
up ten: a request takes 130 µs and not 185 (2026-11-26). Nothing is decided here: whoever says, byte for byte,
what was let in under the same settings is let in again. Only the digits of Content-Length may differ; limits,
and the size of the body, are looked at each time.

That a key is among what is looked up tells nobody anything: a dictionary compares two headers only if their
hashes are the same, and these are made with a secret of this process.
"""

import math
from typing import Final, Protocol

from lmarena_bridge.server.caller import Caller, put_caller
from lmarena_bridge.server.wire import App, Header, Scope

# In the ASGI scope: the Said of a request.
SAID: Final = "lmarena_bridge.said"

# Of one program or two. Longer headers are those of browsers, full of cookies.
_MOST: Final = 64
_LONGEST: Final = 4096
_LINE_END: Final = b"\r\n"
_END: Final = _LINE_END + _LINE_END
_NAME: Final = b"content-length"
# What stands before the digits however it is written; that they are those, a parser has seen.
_LENGTH: Final = b"ength: "
# A body that nobody takes, and no number that a parser cannot hold.
_MOST_DIGITS: Final = 12
# These say how a request is read.
_NOT_PLAIN: Final = frozenset({b"transfer-encoding", b"expect", b"upgrade"})

_NEVER: Final = object()

Hosts = tuple[str, str]
# All bytes of a header but the digits, and the computers it goes from and to.
_Key = tuple[bytes, bytes, Hosts]


class Ends(Protocol):
    """The two ends of a connection, and their computers."""

    client: tuple[str, int] | None
    server: tuple[str, int | None] | None
    hosts: Hosts


class Said:
    """The header of one program.

    `standing`: as long as that is the same object, whoever says this is let in; `way`: who answers them;
    `most`: the longest body that they may send. `before`, `after`: the headers around the length; `scope`:
    what is the same of each request.
    """

    __slots__ = ("_familiar", "_key", "after", "before", "most", "scope", "standing", "way")

    def __init__(self, familiar: "Familiar", key: _Key, scope: Scope, place: int) -> None:
        """`place`: where Content-Length stands among the headers."""
        headers: list[Header] = scope["headers"]
        self._familiar = familiar
        self._key = key
        self.scope: dict[str, object] = {**scope}
        self.before = headers[:place]
        self.after = headers[place + 1 :]
        # Until somebody is let in with it, it is nobody's.
        self.standing: object = _NEVER
        self.way: App
        self.most: float

    def let_in(self, standing: object, caller: Caller, path: str, way: App, *, most: int) -> None:
        """The guard has let them in. `path`: the address that they mean. `most` 0: there is no limit."""
        self.scope = {**self.scope, "path": path, SAID: self}
        put_caller(self.scope, caller)
        self.standing, self.way, self.most = standing, way, most or math.inf
        self._familiar.remember(self._key, self)


class Familiar:
    """The headers of POST requests that were let in."""

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[_Key, Said] = {}

    def find(self, data: bytes, ends: Ends) -> tuple[Scope, int, bytes] | None:
        """The scope of the request that this read begins with, if its header is known.

        With it the length of the body, and what comes behind the header. Not of one that announces more than
        its caller may send: that is for the guard.
        """
        head, end, body = data.partition(_END)
        before, _, rest = head.partition(_LENGTH)
        digits, _, after = rest.partition(_LINE_END)
        said = self._known.get((before, after, ends.hosts))
        if said is None or not end or not digits.isdigit() or len(digits) > _MOST_DIGITS:
            return None
        if (length := int(digits)) > said.most:
            return None
        headers = [*said.before, (_NAME, digits), *said.after]
        return {**said.scope, "headers": headers, "client": ends.client}, length, body

    def stranger(self, data: bytes, scope: Scope, hosts: Hosts) -> Said | None:
        """A header that was parsed, and with which this read begins, if it is one that can be remembered."""
        head, end, _ = data.partition(_END)
        before, _, rest = head.partition(_LENGTH)
        digits, _, after = rest.partition(_LINE_END)
        headers: list[Header] = scope["headers"]
        names = [name for name, _ in headers]
        if not end or len(head) > _LONGEST or names.count(_NAME) != 1 or not _NOT_PLAIN.isdisjoint(names):
            return None
        place, line = names.index(_NAME), before.rpartition(b"\n")[2] + _LENGTH
        # The digits that were found are those of the one header that says the length.
        if (line.lower(), digits) != (_NAME + b": ", headers[place][1]) or scope["method"] != "POST":
            return None
        return Said(self, (before, after, hosts), scope, place) if digits.isdigit() else None

    def remember(self, key: _Key, said: Said) -> None:
        """What a stranger said, for the next time."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = said


def host(address: tuple[str, int | None] | None) -> str:
    """The computer of an address."""
    return address[0] if address else ""
