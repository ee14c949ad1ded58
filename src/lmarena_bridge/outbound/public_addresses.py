"""Which addresses lie on the public internet. Everything else may be somebody's own network."""

from ipaddress import IPv4Address, IPv4Network, IPv6Network, ip_address
from typing import Final

# Of our own, because the standard library's lists differ between the versions of Python. Sources: the
# special-purpose registries of IANA, and one cloud's metadata service that lies in public space.
_PRIVATE_IPV4: Final = tuple(
    IPv4Network(network)
    for network in (
        "0.0.0.0/8",
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT, and some clouds' metadata
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services
        "169.254.0.0/16",  # link-local, and most clouds' metadata
        "172.16.0.0/12",
        "192.0.0.0/24",
        "192.0.2.0/24",
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "198.18.0.0/15",
        "198.51.100.0/24",
        "203.0.113.0/24",
        "224.0.0.0/3",  # multicast, reserved, broadcast
    )
)
# All that is given out; IPv4 in other clothes (mapped, compatible, NAT64) and local kinds lie outside.
_GLOBAL_IPV6: Final = IPv6Network("2000::/3")
_PRIVATE_IPV6: Final = tuple(
    IPv6Network(network)
    for network in (
        "2001::/23",  # protocol assignments; Teredo, which carries IPv4
        "2001:db8::/32",
        "2002::/16",  # 6to4, which carries IPv4
        "3fff::/20",
    )
)


def is_public(address: str) -> bool:
    """Whether this address, in its usual notation, is one of a public server."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _PRIVATE_IPV4)
    return (
        parsed.scope_id is None
        and parsed in _GLOBAL_IPV6
        and not any(parsed in network for network in _PRIVATE_IPV6)
    )
