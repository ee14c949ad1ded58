"""Which addresses are this very computer."""

from ipaddress import ip_address
from urllib.parse import urlsplit


def is_local(address: str) -> bool:
    """Whether an address can be reached from this computer alone, so not by the site."""
    try:
        host = urlsplit(address).hostname or ""
        return host == "localhost" or host.endswith(".localhost") or ip_address(host).is_loopback
    except ValueError:
        return False
