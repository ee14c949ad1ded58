"""Where prose ends and a call may begin."""

import re
from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls
from lmarena_bridge.core.chat.calling.markers import Markers

_FENCE = re.compile(r"`{3,}[\w-]*|`{1,2}")
_FENCE_LINE = re.compile(r"^[ \t]*`{3,}", re.MULTILINE)

Next = Literal["prose", "call", "result", "stray", "foreign"]


@dataclass(frozen=True, slots=True)
class Sight:
    """`said` characters are prose; `then` something begins whose text starts at `start`.

    With "prose" nothing is known to begin, and the rest must wait. `fenced`: a fence stands before it that is
    its own.
    """

    said: int
    then: Next
    start: int
    fenced: bool = False


class ProseScan:
    """Looks through prose. It is told what of it was said, for a fence may have been opened there."""

    def __init__(self, markers: Markers, foreign: ForeignCalls) -> None:
        self._foreign = foreign
        self._marker = re.compile(rf"<(/?)tool_(call|result)_{markers.nonce}", re.IGNORECASE)
        self._beginnings: Final = tuple(
            f"{bracket}tool_{kind}_{markers.nonce}" for bracket in ("<", "</") for kind in ("call", "result")
        )
        self._at_line = True
        self._in_fence = False

    def said(self, text: str) -> None:
        """`text` is gone; the next look is at what follows it."""
        self._in_fence = self._fence_open(text)
        self._at_line = text.endswith("\n")

    def look(self, text: str) -> Sight:
        """What the text holds first besides prose."""
        marker = self._marker.search(text)
        until = marker.start() if marker else len(text)
        foreign = self._foreign.begins(text[:until], self._at_line)
        if foreign is not None and not self._fence_open(text[:foreign]):
            lead = self._lead(text[:foreign])
            return Sight(lead, "foreign", lead)
        if marker is None:
            certain = self._lead(text[: self._certain(text)])
            return Sight(certain, "prose", certain)
        lead = self._lead(text[:until])
        fenced = "`" in text[lead:until]
        match marker[1], marker[2].lower():
            case "", "call":
                return Sight(lead, "call", marker.end(), fenced)
            case "", "result":
                return Sight(lead, "result", marker.end())
            case _:
                return Sight(until, "stray", marker.end())

    def _certain(self, text: str) -> int:
        """Up to where no marker has begun."""
        half = text.rfind("<")
        tail = text[half:].lower() if half >= 0 else ""
        begun = tail and any(beginning.startswith(tail) for beginning in self._beginnings)
        foreign = len(text) if self._fence_open(text) else self._foreign.may_begin(text, self._at_line)
        return min(half if begun else len(text), foreign)

    def _lead(self, text: str) -> int:
        """Where begins what belongs to a call right behind the text: line breaks, a line opening a fence."""
        end = len(text.rstrip())
        line = text.rfind("\n", 0, end) + 1
        begins_line = line > 0 or self._at_line
        if (
            begins_line
            and _FENCE.fullmatch(text[line:end].strip(" \t"))
            and not self._fence_open(text[:line])
        ):
            return len(text[:line].rstrip())
        return end if "\n" in text[end:] or (end == 0 and self._at_line) else len(text)

    def _fence_open(self, text: str) -> bool:
        """Whether a fence is open at the end of the text."""
        fences = len(_FENCE_LINE.findall(text))
        if fences and not self._at_line and not text.startswith("\n") and _FENCE_LINE.match(text):
            fences -= 1  # the text begins within a line
        return self._in_fence ^ (fences % 2 == 1)
