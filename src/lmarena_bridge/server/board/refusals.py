"""Requests refused before any model was asked: they stand among the others, but cannot crowd them out.

Whoever sends ten thousand wrong keys gets some rows, then one a minute that says how many they were.
"""

from collections.abc import Callable
from typing import Final

from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.board.asked import Asked
from lmarena_bridge.server.board.watch import Watch
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.guard import API
from lmarena_bridge.server.trickle import Trickle
from lmarena_bridge.server.wire import Scope

# So many rows at once, then one each so many seconds.
_BURST: Final = 10
_EVERY_SECONDS: Final = 60.0
_LONGEST_PATH: Final = 100


class Refusals:
    """Those of one server. `clock`: seconds since 1970; `steady`: never set back."""

    def __init__(self, watch: Watch, clock: Callable[[], float], steady: Callable[[], float]) -> None:
        self._watch = watch
        self._clock = clock
        self._steady = steady
        self._rows = Trickle(_BURST, _EVERY_SECONDS)

    def tell(self, scope: Scope, refusal: BridgeError) -> None:
        """A request to the API was refused, and its client is told so by somebody else."""
        if scope["method"] != "POST" or not scope["path"].startswith(API):
            return
        untold = self._rows.passed(self._steady())
        if untold is not None:
            self._watch.refused(self._row(scope, refusal, untold))

    def _row(self, scope: Scope, refusal: BridgeError, untold: int) -> Asked:
        more = f" (And {untold} more requests were refused before.)" if untold else ""
        path = scope["path"][:_LONGEST_PATH]
        return Asked(
            id=0,
            started=self._clock(),
            begun=0.0,
            model="",
            kind="",
            client=caller_of(scope).label,
            asked=0,
            status=refusal.status,
            code=refusal.code,
            message=f"POST {path}: {refusal.message[:800]}{more}",
            total=0.0,
        )
