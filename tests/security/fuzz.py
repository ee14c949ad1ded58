"""A small mutator of our own: the same seed, the same inputs."""

import random
from typing import Final

_PIECES: Final = (
    b"\r\n",
    b"\0",
    b"\r\n\r\n",
    b"{",
    b"[",
    b'"',
    b"\xff\xfe",
    b"9" * 30,
    b":",
    b"Content-Length: 5\r\n",
    b"Transfer-Encoding: chunked\r\n",
    b"\\ud800",
    b"1e999",
    b"null",
    b"-",
    b"[" * 300,
    b"\xf0\x9f\xa6\x94"[:3],
)


class Mutator:
    """Spoils bytes in one to five places."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def spoil(self, data: bytes) -> bytes:
        spoilt = bytearray(data)
        for _ in range(self._random.randrange(1, 6)):
            self._once(spoilt)
        return bytes(spoilt)

    def pick(self, data: tuple[bytes, ...]) -> bytes:
        """One of these, spoilt."""
        return self.spoil(self._random.choice(data))

    def _once(self, data: bytearray) -> None:
        at, way = self._random.randrange(len(data) + 1), self._random.random()
        if way < 0.3 and data:
            data[at % len(data)] = self._random.randrange(256)
        elif way < 0.5:
            data[at:at] = self._random.randbytes(self._random.randrange(1, 5))
        elif way < 0.7:
            del data[at : at + self._random.randrange(1, 8)]
        elif way < 0.85:
            other = self._random.randrange(len(data) + 1)
            data[at:at] = data[other : other + self._random.randrange(20)]
        else:
            data[at:at] = self._random.choice(_PIECES)
