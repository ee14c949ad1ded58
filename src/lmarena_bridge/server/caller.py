"""Which API key a request came with: the entrance puts it into the ASGI scope, for whoever needs it."""

from typing import Final

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.server.wire import Scope

_PLACE: Final = "lmarena_bridge.api_key"


def put_api_key(scope: Scope, key: ApiKey | None) -> None:
    """Done once, by the entrance."""
    scope[_PLACE] = key


def api_key_of(scope: Scope) -> ApiKey | None:
    """The key, with its name and limits; None where no key is asked for."""
    key: ApiKey | None = scope.get(_PLACE)
    return key
