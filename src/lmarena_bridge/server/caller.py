"""Who asks: what follows from the header of a request, put into the ASGI scope by the entrance."""

import hashlib
from typing import Final

import msgspec

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.board.caller_label import caller_label
from lmarena_bridge.server.headers import first
from lmarena_bridge.server.wire import Scope

_PLACE: Final = "lmarena_bridge.caller"


class Caller(msgspec.Struct, frozen=True):
    """`key`: the API key, with its name and limits; None where no key is asked for.

    `name` is for turns and limits: the key's, or what tells it from others. `owner` is to whom belongs what
    is kept for this caller: a fingerprint of the key, for a key without a name is named by its place in the
    list, where another may stand tomorrow. Both are "" without a key.
    `label`: a few words for people. `server`: our address as the caller knows it, `http://127.0.0.1:5102`.
    `page`: the page of another origin that asks, if it is one that may read the answer.
    """

    key: ApiKey | None
    name: str
    owner: str
    label: str
    server: str
    page: str = ""


def caller(scope: Scope, key: ApiKey | None = None, page: str = "") -> Caller:
    """Whose header this is."""
    headers, fingerprint = scope["headers"], hashlib.sha256(key.key.encode()).hexdigest() if key else ""
    return Caller(
        key,
        name=(key.name or fingerprint[:16]) if key else "",
        owner=fingerprint[:32],
        label=caller_label(headers, key.name if key else ""),
        server=f"{scope.get('scheme', 'http')}://{first(headers, b'host')}",
        page=page,
    )


def put_caller(scope: Scope, caller: Caller) -> None:
    """Done once, by the entrance."""
    scope[_PLACE] = caller


def caller_of(scope: Scope) -> Caller:
    """Who asks; of those that were not let in, what their header says."""
    found: Caller | None = scope.get(_PLACE)
    return caller(scope) if found is None else found


def may_have(caller: str, owner: str) -> bool:
    """Whether one owner may have what is kept for another.

    Each has its own, and what was kept while no key was asked for. Who needs no key (none is set, or it is
    the start page) is the person whose computer this is, and has everything.
    """
    return caller in ("", owner) or not owner
