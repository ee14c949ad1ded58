"""Programs say the same header with each request: what follows from it is found out once.

To judge a header takes some hundred calls (guard.py, caller.py), to look it up five: 25 µs of a request that
takes 250 (2026-11-26). Nothing is decided here: whoever says, byte for byte, what was let in under the same
settings is let in again. Limits, and the size of the body, are looked at each time.

That a key is among what is looked up tells nobody anything: a dictionary compares two headers only if their
hashes are the same, and these are made with a secret of this process.
"""

from collections.abc import Hashable
from typing import Final

from lmarena_bridge.server.caller import Caller
from lmarena_bridge.server.guard import API, Access
from lmarena_bridge.server.wire import Scope

# Of one program or two; a header may have 64 KiB.
_MOST: Final = 64
_LENGTH: Final = b"content-length"


class Familiar:
    """The callers of POST requests to the API that were let in, by their header."""

    def __init__(self) -> None:
        self._callers: dict[Hashable, Caller] = {}
        self._access: Access | None = None

    def find(self, scope: Scope, access: Access) -> Caller | None:
        """Who says this, if they were let in when they said it before; None: the guard must look at it."""
        if access is not self._access or (said := _said(scope, access.max_body_bytes)) is None:
            return None
        return self._callers.get(said)

    def remember(self, scope: Scope, access: Access, caller: Caller) -> None:
        """The guard has let them in."""
        if access is not self._access or len(self._callers) >= _MOST:
            self._callers.clear()
            self._access = access
        if (said := _said(scope, access.max_body_bytes)) is not None:
            self._callers[said] = caller


def _said(scope: Scope, most: int) -> Hashable | None:
    """All that the guard looks at, but for the size of the body, if that is in order and may be left out."""
    path: str = scope["path"]
    if scope["method"] != "POST" or not path.startswith(API):
        return None
    length, rest = b"0", []
    for header in scope["headers"]:
        if header[0] == _LENGTH:
            length = header[1]
        else:
            rest.append(header)
    if most and (not length.isdigit() or int(length) > most):
        return None
    client, server = scope.get("client"), scope.get("server")
    return path, client and client[0], server and server[0], *rest
