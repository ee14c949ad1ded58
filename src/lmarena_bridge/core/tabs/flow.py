"""The bytes of one stream on the server's side: what has come, what was used, how far the tab may send."""


class FlowBroken(Exception):
    """A tab sent bytes that do not continue the stream, or more than it may."""


class Inflow:
    """Offsets and credit of one stream.

    `expected` is the offset of the next byte, `limit` the offset up to which the tab may send. What lies
    more than the window below the limit has been used by the client, so the tab need not hold it.
    """

    __slots__ = ("_used", "_window", "expected", "limit")

    def __init__(self, window: int) -> None:
        self._window = window
        self._used = 0
        self.expected = 0
        self.limit = window

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
        if self.advance(offset, len(payload)):
            return payload
        if offset > self.expected:
            raise FlowBroken(f"bytes {self.expected} to {offset} are missing")
        end = offset + len(payload)
        if end > self.limit:
            raise FlowBroken(f"bytes up to {end} came, allowed were {self.limit}")
        if end <= self.expected:
            return b""
        fresh = payload[self.expected - offset :]
        self.expected = end
        return fresh

    def use(self, count: int) -> int | None:
        """Note that the client has taken `count` bytes; a new limit if it is time to tell the tab.

        A quarter of the window at a time: often enough that the tab never waits, seldom enough that
        credit costs nothing.
        """
        self._used += count
        limit = self._used + self._window
        if limit - self.limit < self._window // 4:
            return None
        self.limit = limit
        return limit
