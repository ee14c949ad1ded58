"""How long an answer is waited for while the site says nothing but that it is still at work.

Image models draw for minutes and send heartbeats meanwhile; a session that has died can send them for ever.
"""

from math import inf

import msgspec

from lmarena_bridge.core.errors import TabSilent


class Patience(msgspec.Struct):
    """The waiting of one answer. All times are in seconds of a clock that is never set back.

    `heard_at`: when a part of the answer came last, or it was asked for. `quiet`: after which a client wants
    a sign of life; `longest`: after which there is no hope.
    """

    heard_at: float
    quiet: float
    longest: float
    _told_at: float = -inf

    def wants_sign(self, now: float) -> bool:
        """Whether it is time to tell the client that it still takes time. Raises TabSilent."""
        if now - self.heard_at >= self.longest:
            raise TabSilent(
                f"For {self.longest:.0f} s LMArena said only that it is at work, without a word or a "
                "picture. Try again; if it stays, run `lmarena-bridge session capture`. The time is "
                "answer_wait_seconds in config.jsonc."
            )
        if now - max(self.heard_at, self._told_at) < self.quiet:
            return False
        self._told_at = now
        return True
