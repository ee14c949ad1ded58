"""The pairing secret of a running server: what the userscript says in its hello."""

from lmarena_bridge.server.hub import TabHub
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.secret import read_or_create, renew


class Pairing:
    """Owns the secret. Raises ConfigError if its file cannot be read or made."""

    def __init__(self, home: Home) -> None:
        self._home = home
        self._secret = read_or_create(home, "pairing_secret")

    @property
    def secret(self) -> str:
        return self._secret

    def renew(self, hub: TabHub) -> None:
        """Make another one and send all tabs away. Raises ConfigError; then the old one stays in force."""
        self._secret = renew(self._home, "pairing_secret")
        hub.pair_anew(self._secret)
