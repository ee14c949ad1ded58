"""The bytes of one stream on the server's side: what has come, what was used, how far the tab may send."""

import msgspec


class FlowBroken(Exception):
    """A tab sent bytes that do not continue the stream, or more than it may."""


class Inflow(msgspec.Struct, gc=False):
    """Offsets and credit of one stream, whose first limit is the window.

    `expected` is the offset of the next byte, `limit` the offset up to which the tab may send. What lies
    more than the window below the limit has been used by the client, so the tab need not hold it.
    """

    limit: int
    window: int
    expected: int = 0
    used: int = 0

    @property
    def blocked(self) -> bool:
        """The tab may not send: it is the client that keeps the stream waiting."""
        return self.expected >= self.limit

    def advance(self, offset: int, size: int) -> bool:
        """Count bytes that are all new, expected and allowed; others are left to `accept`."""
        end = offset + size
        if offset != self.expected or end > self.limit:
            return False
        self.expected = end
        return True

    def accept(self, offset: int, payload: bytes) -> bytes:
        """Take a frame in and return what of it is new; b"" if nothing is.

        Raises FlowBroken on a gap or beyond the limit.
        """
        end, expected = offset + len(payload), self.expected
        if offset > expected:
            raise FlowBroken(f"bytes {expected} to {offset} are missing")
        if end > self.limit:
            raise FlowBroken(f"bytes up to {end} came, allowed were {self.limit}")
        if end <= expected:
            return b""
        self.expected = end
        return payload[expected - offset :]

    def use(self, count: int) -> int | None:
        """Note that the client has taken `count` bytes; a new limit if it is time to tell the tab.

        A quarter of the window at a time: often enough that the tab never waits, seldom enough that
        credit costs nothing.
        """
        self.used += count
        limit = self.used + self.window
        if limit - self.limit < self.window // 4:
            return None
        self.limit = limit
        return limit
