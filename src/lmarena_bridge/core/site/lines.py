"""Bytes cut anywhere into whole lines. Splits at `\\n` alone: U+2028 and its kind are text in JSON."""

from typing import Final

from lmarena_bridge.core.errors import MalformedStream

# A line may hold a whole picture in base64; anything longer is no answer. About: what completes a line is
# not counted, for this bounds memory and is no rule of the format.
MAX_LINE_BYTES: Final = 64 * 1024 * 1024


class LineSplitter:
    """Holds back the unfinished last line. Costs the same for a line in one piece or in thousands."""

    __slots__ = ("_held", "_longest", "_size")

    def __init__(self, longest: int = MAX_LINE_BYTES) -> None:
        self._held: list[bytes] = []
        self._size = 0
        self._longest = longest

    @property
    def holds(self) -> bool:
        """Whether a line has begun and not ended."""
        return bool(self._held)

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that these bytes complete, without their ends."""
        lines = data.split(b"\n")
        unfinished = lines.pop()
        if lines and self._held:
            self._held.append(lines[0])
            lines[0] = self.rest()
        if unfinished:
            self._held.append(unfinished)
            self._size += len(unfinished)
        return lines

    def check(self) -> None:
        """Raise MalformedStream if the unfinished line has grown beyond all measure."""
        if self._size > self._longest:
            raise MalformedStream(
                f"LMArena sent a line of more than {self._longest // 1024 // 1024} MiB, which no answer has. "
                "Try again; if it stays, look for an update of LMArena Bridge."
            )

    def rest(self) -> bytes:
        """The unfinished line, which is then no longer held."""
        held, self._held, self._size = self._held, [], 0
        return b"".join(held)
