"""Reads the body of a request up to a limit; what is beyond it is dropped as it comes, never kept."""

from dataclasses import dataclass

from starlette.types import Receive

# The site refuses bodies above roughly this size (reported 2025-07; the exact value is unknown).
BODY_LIMIT = 5 * 1024 * 1024


class ClientLeftError(ConnectionError):
    """The client left before its request was whole."""


@dataclass(frozen=True, slots=True)
class Body:
    """data: empty when the body was too large. size: what the client really sent."""

    data: bytes
    size: int

    @property
    def too_large(self) -> bool:
        return self.size > BODY_LIMIT


async def read_body(receive: Receive) -> Body:
    """Read to the end even when it is too much: a client that is still sending reads no answer.

    Raises ClientLeftError.
    """
    kept, size, more = bytearray(), 0, True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientLeftError("the client left while it was sending")
        data = message.get("body", b"")
        size += len(data)
        more = message.get("more_body", False)
        if size <= BODY_LIMIT:
            kept += data
        else:
            kept.clear()
    return Body(bytes(kept), size)
