"""A piece of a response that has begun, written without waiting for anybody.

The one place that reaches into uvicorn (pinned to 0.54 for such reasons): an ASGI `send` is a coroutine, and
driving one for each piece of a stream costs more than the write itself (3 µs of 12, 2026-11-25). Where `send`
is not uvicorn's own, there is no such writer, and everything goes through `send`.
"""

from typing import Self

from uvicorn.protocols.http.httptools_impl import RequestResponseCycle

from lmarena_bridge.server.wire import Send


class ResponseWriter:
    """Writes chunks of one response. Only while `is_ready`."""

    __slots__ = ("_cycle",)

    def __init__(self, cycle: RequestResponseCycle) -> None:
        self._cycle = cycle

    @classmethod
    def of(cls, send: Send) -> Self | None:
        cycle = getattr(send, "__self__", None)
        return cls(cycle) if isinstance(cycle, RequestResponseCycle) else None

    @property
    def is_ready(self) -> bool:
        """Whether the response is on its way, in chunks, and its client keeps up."""
        cycle = self._cycle
        return (
            cycle.chunked_encoding is True
            and not cycle.flow.write_paused
            and not cycle.disconnected
            and not cycle.response_complete
        )

    def write(self, data: bytes) -> None:
        self._cycle.transport.write(b"%x\r\n%b\r\n" % (len(data), data))
