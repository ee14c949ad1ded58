"""One line for a refusal, but not a line for each of ten thousand."""

from typing import Final

import structlog

from lmarena_bridge.core.errors import BridgeError

# So many lines at once, then one each so many seconds.
_BURST: Final = 10
_EVERY_SECONDS: Final = 10.0

_log = structlog.get_logger(__name__)


class RefusalLog:
    """Tells the person at the terminal what was refused, and which setting would allow it."""

    def __init__(self) -> None:
        self._lines = float(_BURST)
        self._at = 0.0
        self._untold = 0

    def tell(self, refusal: BridgeError, path: str, now: float) -> None:
        """Log it, or count it for the next line. `now`: seconds since some moment."""
        self._lines = min(_BURST, self._lines + (now - self._at) / _EVERY_SECONDS)
        self._at = now
        if self._lines < 1:
            self._untold += 1
            return
        self._lines -= 1
        more = {"not_told_before": self._untold} if self._untold else {}
        self._untold = 0
        _log.warning("refused", path=path[:200], code=refusal.code, reason=refusal.message[:400], **more)
