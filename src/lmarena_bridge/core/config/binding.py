"""Which addresses reach no further than this computer."""

import ipaddress
from collections.abc import Collection
from typing import Final

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.sentences import Sentence, Template

_OPEN: Final = Template(
    "binding.open",
    'listening on "{host}" without an "api_key" would let other computers use your login: set an "api_key" '
    'in config.jsonc, or let "host" be "127.0.0.1"',
)


def is_loopback(host: str) -> bool:
    """Whether a server that listens on `host` can be reached from this computer alone."""
    name = host.strip().removeprefix("[").removesuffix("]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def open_binding(host: str, api_keys: Collection[object]) -> Sentence | None:
    """What is wrong with serving other computers without a key: anybody near could use the person's login."""
    return None if api_keys or is_loopback(host) else _OPEN(host=host)


def refuse_open_binding(host: str, api_keys: Collection[object]) -> None:
    """Raise ConfigError if there is something wrong with it."""
    if (danger := open_binding(host, api_keys)) is not None:
        raise ConfigError(danger, param="host")
