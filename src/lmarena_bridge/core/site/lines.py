"""Bytes cut anywhere into whole lines. Splits at `\\n` alone: U+2028 and its kind are text in JSON."""

from lmarena_bridge.core.errors import MalformedStream

# A line may hold a whole picture in base64; anything longer is no answer.
MAX_LINE_BYTES = 64 * 1024 * 1024


class LineSplitter:
    """Holds back the unfinished last line. Costs the same for a line in one piece or in thousands."""

    __slots__ = ("_held", "_size")

    def __init__(self) -> None:
        self._held: list[bytes] = []
        self._size = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that these bytes complete, without their ends. Raises MalformedStream."""
        lines = data.split(b"\n")
        if len(lines) == 1:
            self._hold(data)
            return []
        if self._held:
            lines[0] = self.rest() + lines[0]
        self._hold(lines.pop())
        return lines

    def rest(self) -> bytes:
        """The unfinished line, which is then no longer held."""
        held, self._held, self._size = self._held, [], 0
        return b"".join(held)

    def _hold(self, data: bytes) -> None:
        if data:
            self._held.append(data)
            self._size += len(data)
            if self._size > MAX_LINE_BYTES:
                raise MalformedStream(
                    f"LMArena sent a line of more than {MAX_LINE_BYTES // 1024 // 1024} MiB. Try again."
                )
