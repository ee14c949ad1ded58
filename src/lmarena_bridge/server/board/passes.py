"""What lets the start page's own chat use the API where a key is asked for, without knowing the key.

A pass is given to pages of this server only, holds for some minutes, and counts only from such a page: the
guard wants to see our own origin beside it.
"""

import secrets
from collections.abc import Callable
from typing import Final

# A pass holds for at least this long, and at most for twice as long. In seconds.
_HOLDS: Final = 600.0


class Passes:
    """The passes of one server: the one given now, and the one before it. `clock` is never set back."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._passes: tuple[str, ...] = ()
        self._given_at = 0.0

    def give(self) -> str:
        """A pass."""
        if not self.valid or self._clock() - self._given_at >= _HOLDS:
            self._passes = (secrets.token_urlsafe(32), *self._passes[:1])
            self._given_at = self._clock()
        return self._passes[0]

    @property
    def valid(self) -> tuple[str, ...]:
        """Those that hold now."""
        if not self._passes:
            return ()
        age = self._clock() - self._given_at
        return self._passes if age < _HOLDS else self._passes[:1] if age < 2 * _HOLDS else ()
