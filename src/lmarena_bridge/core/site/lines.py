"""Bytes cut anywhere into whole lines. Splits at `\\n` alone: U+2028 and its kind are text in JSON."""

from typing import Final

import msgspec

from lmarena_bridge.core.errors import MalformedStream

# A line may hold a whole picture in base64; anything longer is no answer. About: what completes a line is
# not counted, for this bounds memory and is no rule of the format.
MAX_LINE_BYTES: Final = 64 * 1024 * 1024


class LineSplitter(msgspec.Struct):
    """Holds back the unfinished last line. Costs the same for a line in one piece or in thousands."""

    longest: int = MAX_LINE_BYTES
    # The pieces of a line that has begun and not ended, and their size.
    held: list[bytes] = []
    size: int = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The lines that these bytes complete, without their ends."""
        lines = data.split(b"\n")
        unfinished = lines.pop()
        if lines and self.held:
            self.held.append(lines[0])
            lines[0] = self.rest()
        if unfinished:
            self.held.append(unfinished)
            self.size += len(unfinished)
        return lines

    def check(self) -> None:
        """Raise MalformedStream if the unfinished line has grown beyond all measure."""
        if self.size > self.longest:
            raise MalformedStream(
                f"LMArena sent a line of more than {self.longest // 1024 // 1024} MiB, which no answer has. "
                "Try again; if it stays, look for an update of LMArena Bridge."
            )

    def rest(self) -> bytes:
        """The unfinished line, which is then no longer held."""
        held, self.held, self.size = self.held, [], 0
        return b"".join(held)
