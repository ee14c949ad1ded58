"""One line for a refusal, but not a line for each of ten thousand."""

from typing import Final

import structlog

from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.trickle import Trickle

# So many lines at once, then one each so many seconds.
_BURST: Final = 10
_EVERY_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


class RefusalLog:
    """Tells the person at the terminal what was refused, and which setting would allow it."""

    def __init__(self) -> None:
        self._lines = Trickle(_BURST, _EVERY_SECONDS)

    def tell(self, refusal: BridgeError, path: str, now: float) -> None:
        """Log it, or count it for the next line. `now`: seconds since some moment."""
        untold = self._lines.passed(now)
        if untold is None:
            return
        more = {"not_told_before": untold} if untold else {}
        _log.warning("refused", path=path[:200], code=refusal.code, reason=refusal.message[:400], **more)
