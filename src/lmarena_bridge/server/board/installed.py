"""Which version of the program is installed by now: an update counts only after a restart."""

from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version
from typing import Final

# It is looked up on the disk. In seconds.
_EVERY: Final = 30.0


class Installed:
    """The version on the disk. `clock` is never set back."""

    def __init__(self, clock: Callable[[], float], look: Callable[[str], str] = version) -> None:
        self._clock = clock
        self._look = look
        self._looked_at = clock() - _EVERY
        self._found = ""

    @property
    def version(self) -> str:
        """An empty text while it cannot be found, as in the middle of an update."""
        if self._clock() - self._looked_at >= _EVERY:
            self._looked_at = self._clock()
            try:
                self._found = self._look("lmarena-bridge")
            except PackageNotFoundError:
                self._found = ""
        return self._found
