"""Reads the value behind an opening marker while it comes."""

import json
import re

from lmarena_bridge.core.chat.calling.found import Written
from lmarena_bridge.core.chat.calling.loose_json import NotJson, read_json
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.value_end import ValueEnd

_BEFORE = re.compile(r"[\[{]|</?tool_call", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"""name\s*=\s*["']?([\w.-]+)""")
_ALONE = re.compile(r"""[^\w<]*([\w.-]+)[^\w]*""")
_FENCE = re.compile(r"`{3,}[\w-]*")


class ValueReader:
    """Reads one value. What it is given may only grow."""

    def __init__(self, markers: Markers, hint: str = "") -> None:
        """`hint`: a name that stood before an earlier value between the same markers."""
        self._pattern = rf"</?tool_call_{markers.nonce}"
        self._edge = re.compile(self._pattern, re.IGNORECASE)
        self._hint = hint
        self._start = 0
        self._end: ValueEnd | None = None
        # Where the brackets of a value match that is no strict JSON all the same.
        self._sloppy: int | None = None

    def read(self, text: str, *, whole: bool) -> tuple[Written, int] | None:
        """The call and the place behind it; None as long as it is not whole. `whole`: nothing more comes.

        Strict JSON ends where it ends, even if its strings contain markers; anything else ends at a marker.
        """
        end = self._end or self._begun(text)
        if end is None:
            return self._without_value(text, whole=whole)
        return self._strictly(text, end) or self._loosely(text, end, whole=whole)

    def _begun(self, text: str) -> ValueEnd | None:
        before = _BEFORE.search(text)
        if before is not None and before[0] in "[{":
            self._start = before.start()
            self._hint = _hint(text[: self._start]) or self._hint
            self._end = ValueEnd(self._start, self._pattern)
        return self._end

    def _without_value(self, text: str, *, whole: bool) -> tuple[Written, int] | None:
        marker = self._edge.search(text)
        if marker is None and not whole:
            return None
        end = marker.start() if marker else len(text)
        fault = "no JSON object stands between the markers"
        return Written(text[:end].lstrip(">").strip(), fault=fault), end

    def _strictly(self, text: str, value_end: ValueEnd) -> tuple[Written, int] | None:
        end = value_end.find(text) if self._sloppy is None else None
        if end is None:
            return None
        body = text[self._start : end]
        try:
            return Written(body, json.loads(body), self._hint), end
        except (ValueError, RecursionError):
            self._sloppy = end
            return None

    def _loosely(self, text: str, value_end: ValueEnd, *, whole: bool) -> tuple[Written, int] | None:
        edge = value_end.edge
        if self._sloppy is not None:
            marker = self._edge.search(text, self._sloppy)
            edge = marker.start() if marker else None
        elif whole:
            edge = value_end.edge or value_end.last_edge()
        if edge is None and not whole:
            return None
        end = len(text) if edge is None else edge
        body = text[self._start : end]
        try:
            return Written(body, read_json(body, whole=edge is not None), self._hint), end
        except NotJson as error:
            return Written(body.strip(), fault=str(error)), end


def _hint(header: str) -> str:
    """The name of a tool that stands between the marker and the value, as an attribute or alone; or ""."""
    found = _ATTRIBUTE.search(header) or _ALONE.fullmatch(_FENCE.sub("", header))
    return found[1] if found else ""
