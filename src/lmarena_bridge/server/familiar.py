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
_END: Final = b"\r\n\r\n"
_NAME: Final = b"content-length"
# What stands before the digits however it is written; that they are those, a parser has seen.
_LENGTH: Final = b"ength: "
# And the line end behind them: a body that nobody takes, and no number that a parser cannot hold.
_MOST_DIGITS: Final = 13
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

    def find(self, data: bytes, ends: Ends) -> tuple[Scope, int, int] | None:
        """The scope of the request that this read begins with, if its header is known.

        With it the length of the body, and where that begins. Not of one that announces more than its caller
        may send: that is for the guard.
        """
        start, stop, end = _places(data)
        said = self._known.get((data[:start], data[stop:end], ends.hosts)) if end > 0 else None
        if said is None or not (digits := data[start:stop]).isdigit() or (length := int(digits)) > said.most:
            return None
        headers = [*said.before, (_NAME, digits), *said.after]
        return {**said.scope, "headers": headers, "client": ends.client}, length, end + len(_END)

    def stranger(self, data: bytes, scope: Scope, hosts: Hosts) -> Said | None:
        """A header that was parsed, and with which this read begins, if it is one that can be remembered."""
        start, stop, end = _places(data)
        headers: list[Header] = scope["headers"]
        names = [name for name, _ in headers]
        if end < 0 or names.count(_NAME) != 1 or not _NOT_PLAIN.isdisjoint(names):
            return None
        place, line = names.index(_NAME), data[data.rfind(b"\n", 0, start) + 1 : stop]
        # The digits that were found are those of the one header that says the length.
        name, _, digits = line.partition(b": ")
        if (name.lower(), digits) != headers[place] or not digits.isdigit() or scope["method"] != "POST":
            return None
        return Said(self, (data[:start], data[stop:end], hosts), scope, place)

    def remember(self, key: _Key, said: Said) -> None:
        """What a stranger said, for the next time."""
        if len(self._known) >= _MOST:
            self._known.clear()
        self._known[key] = said


def _places(data: bytes) -> tuple[int, int, int]:
    """Where the digits of the length begin and end, and where the header does: -1 if it is none of ours."""
    end = data.find(_END, 0, _LONGEST)
    # Not behind the end: there another request may stand.
    start = data.find(_LENGTH, 0, end) + len(_LENGTH)
    stop = data.find(b"\r", start, start + _MOST_DIGITS)
    return start, stop, end if stop > 0 else -1


def host(address: tuple[str, int | None] | None) -> str:
    """The computer of an address."""
    return address[0] if address else ""
