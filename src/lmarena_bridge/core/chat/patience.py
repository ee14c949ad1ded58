"""How long an answer is waited for while the site says nothing but that it is still at work.

Image models draw for minutes and send heartbeats meanwhile; a session that has died can send them for ever.
"""

from lmarena_bridge.core.errors import TabSilent


class Patience:
    """The waiting of one answer. All times are in seconds of a clock that is never set back."""

    __slots__ = ("_heard_at", "_longest", "_quiet", "_told_at")

    def __init__(self, now: float, *, quiet: float, longest: float) -> None:
        """`quiet`: after which a client wants a sign of life; `longest`: after which there is no hope."""
        self._quiet = quiet
        self._longest = longest
        self._heard_at = self._told_at = now

    def heard(self, now: float) -> None:
        """A part of the answer came."""
        self._heard_at = self._told_at = now

    def wants_sign(self, now: float) -> bool:
        """Whether it is time to tell the client that it still takes time. Raises TabSilent."""
        if now - self._heard_at >= self._longest:
            raise TabSilent(
                f"For {self._longest:.0f} s LMArena said only that it is at work, without a word or a "
                "picture. Try again; if it stays, run `lmarena-bridge session capture`. The time is "
                "answer_wait_seconds in config.jsonc."
            )
        if now - self._told_at < self._quiet:
            return False
        self._told_at = now
        return True
