"""Which addresses reach no further than this computer."""

import ipaddress
from collections.abc import Collection

from lmarena_bridge.core.errors import ConfigError


def is_loopback(host: str) -> bool:
    """Whether a server that listens on `host` can be reached from this computer alone."""
    name = host.strip().removeprefix("[").removesuffix("]").lower()
    if name == "localhost":
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def refuse_open_binding(host: str, api_keys: Collection[object]) -> None:
    """Refuse to serve other computers without a key: anybody near could use the person's login.

    Raises ConfigError.
    """
    if not api_keys and not is_loopback(host):
        raise ConfigError(
            f'listening on "{host}" without an "api_key" would let other computers use your login: '
            'set an "api_key" in config.jsonc, or let "host" be "127.0.0.1"',
            param="host",
        )
