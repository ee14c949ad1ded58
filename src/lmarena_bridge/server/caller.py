"""Which API key a request came with: the entrance puts it into the ASGI scope, for whoever needs it."""

import hashlib
from typing import Final

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.wire import Scope

_PLACE: Final = "lmarena_bridge.api_key"


def put_api_key(scope: Scope, key: ApiKey | None) -> None:
    """Done once, by the entrance."""
    scope[_PLACE] = key


def client_of(scope: Scope) -> str:
    """Who asks, for turns and limits: the key's name, or what tells it from others; "" without a key."""
    key = api_key_of(scope)
    if key is None:
        return ""
    return key.name or hashlib.sha256(key.key.encode()).hexdigest()[:16]


def owner_of(scope: Scope) -> str:
    """To whom belongs what is kept for this caller: a fingerprint of its key; "" without a key.

    Not the name: a key without one is named by its place in the list, where another may stand tomorrow.
    """
    key = api_key_of(scope)
    return "" if key is None else hashlib.sha256(key.key.encode()).hexdigest()[:32]


def may_have(caller: str, owner: str) -> bool:
    """Whether one owner may have what is kept for another.

    Each has its own, and what was kept while no key was asked for. Who needs no key (none is set, or it is
    the start page) is the person whose computer this is, and has everything.
    """
    return caller in ("", owner) or not owner


def api_key_of(scope: Scope) -> ApiKey | None:
    """The key, with its name and limits; None where no key is asked for."""
    key: ApiKey | None = scope.get(_PLACE)
    return key
