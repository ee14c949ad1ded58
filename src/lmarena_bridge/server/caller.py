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


def api_key_of(scope: Scope) -> ApiKey | None:
    """The key, with its name and limits; None where no key is asked for."""
    key: ApiKey | None = scope.get(_PLACE)
    return key
