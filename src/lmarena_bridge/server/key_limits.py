"""How often keys may be used, and how often wrong ones may be tried. Values in, values out; time comes in."""

from collections import OrderedDict, deque
from ipaddress import IPv6Address, ip_address
from typing import Final

from lmarena_bridge.core.config.api_keys import ApiKey
from lmarena_bridge.core.errors import BridgeError, KeyLimited
from lmarena_bridge.server.guard import is_this_computer

_MINUTE: Final = 60.0
# People mistype a key, and clients repeat it; nobody needs more tries.
_WRONG_KEYS_A_MINUTE: Final = 10
_MOST_ADDRESSES: Final = 1024


class _LastMinute:
    """The moments of the last minute, `most` of them."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._moments: deque[float] = deque()

    def is_full(self, now: float) -> bool:
        while self._moments and now - self._moments[0] >= _MINUTE:
            self._moments.popleft()
        return len(self._moments) >= self._most

    def add(self, now: float) -> None:
        self._moments.append(now)

    def wait(self, now: float) -> float:
        """Seconds until there is room again, when it is full."""
        return self._moments[len(self._moments) - self._most] + _MINUTE - now


class KeyLimits:
    """What each key has used of its requests per minute. A limit that changes counts anew."""

    def __init__(self) -> None:
        self._used: dict[tuple[str, int], _LastMinute] = {}

    def take(self, key: ApiKey, now: float) -> BridgeError | None:
        """Count one request; why it must wait, if it must."""
        if (most := key.requests_per_minute) is None:
            return None
        used = self._used.setdefault((key.key, most), _LastMinute(most))
        if used.is_full(now):
            return KeyLimited(
                f'The API key "{key.name}" may be used for {most} requests a minute (requests_per_minute in '
                "config.jsonc). Wait a moment.",
                retry_after=used.wait(now),
            )
        used.add(now)
        return None


class WrongKeys:
    """Who tries wrong keys, by address; IPv6 addresses by their network.

    Who tried too many is refused for a minute, whatever the key, so that a guess is worth nothing. Except for
    programs of this computer and for keys that this address has used before: a client with a spoilt setting
    must not lock out its neighbours.
    """

    def __init__(self) -> None:
        self._wrong: OrderedDict[str, _LastMinute] = OrderedDict()
        self._proven: OrderedDict[tuple[str, str], None] = OrderedDict()

    def wrong(self, address: str, now: float) -> BridgeError | None:
        """A wrong key was tried; the refusal if there were too many."""
        who = _network(address)
        tried = self._wrong.setdefault(who, _LastMinute(_WRONG_KEYS_A_MINUTE))
        self._wrong.move_to_end(who)
        _forget_the_oldest(self._wrong)
        if tried.is_full(now):
            return _too_many(tried.wait(now))
        tried.add(now)
        return None

    def right(self, address: str, key: ApiKey, now: float) -> BridgeError | None:
        """A right key was used; the refusal if this address must wait all the same."""
        if is_this_computer(address):
            return None
        who = _network(address)
        if (who, key.key) not in self._proven and (refusal := self.resting(address, now)) is not None:
            return refusal
        self._proven[who, key.key] = None
        self._proven.move_to_end((who, key.key))
        _forget_the_oldest(self._proven)
        return None

    def resting(self, address: str, now: float) -> BridgeError | None:
        """The refusal if too many wrong keys came from this address; for keys that are judged elsewhere."""
        tried = self._wrong.get(_network(address))
        if tried is None or is_this_computer(address) or not tried.is_full(now):
            return None
        return _too_many(tried.wait(now))


def _too_many(wait: float) -> KeyLimited:
    return KeyLimited(
        "Too many wrong API keys came from this address. Wait a minute, then send one of the keys in "
        "config.jsonc (api_key).",
        retry_after=wait,
    )


def _network(address: str) -> str:
    try:
        ip = ip_address(address)
    except ValueError:
        return address
    if not isinstance(ip, IPv6Address):
        return address
    return str(ip.ipv4_mapped) if ip.ipv4_mapped else ip.exploded[:19]


def _forget_the_oldest(known: OrderedDict[str, _LastMinute] | OrderedDict[tuple[str, str], None]) -> None:
    while len(known) > _MOST_ADDRESSES:
        known.popitem(last=False)
