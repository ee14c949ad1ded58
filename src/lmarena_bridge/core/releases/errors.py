"""Why nothing came of looking for a release, or of installing it."""

from lmarena_bridge.core.errors import BridgeError


class NotReached(BridgeError):
    """Nobody answered, or with an error: as without a network. Mends itself."""

    status = 502
    code = "release_not_reached"
    retryable = True


class NotTrusted(BridgeError):
    """What came must not be used: not signed, too old, too large, another file."""

    status = 502
    code = "release_not_trusted"


class NotInstalled(BridgeError):
    """The new version is not in use; the message says whether the old one still is."""

    code = "release_not_installed"
