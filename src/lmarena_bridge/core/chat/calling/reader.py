"""Reads an answer while it streams: prose is handed on at once, a call when it is whole.

What the parts look like is told in `markers.py`. Held back is only what may be the beginning of a call: a
piece of a marker, and the line breaks and the fence that may stand right before one.
"""

import re
from typing import Final

from lmarena_bridge.core.chat.calling.foreign import ForeignCalls
from lmarena_bridge.core.chat.calling.found import Found, Invented, Prose, Unmarked
from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.prose import ProseScan
from lmarena_bridge.core.chat.calling.value_reader import ValueReader

_THOUGHT: Final = ("<think>", "<thinking>")
_THOUGHT_OVER = re.compile(r"</think(?:ing)?>")
_LONGEST_END: Final = len("</thinking>")
_FENCE = re.compile(r"`{1,2}\Z|`{3,}[\w-]*\s*")
# Brackets, commas and fences too many behind a value.
_TOO_MANY: Final = "}],;`"


class CallReader:
    """Reads one answer: pieces of it in, what they hold out.

    It always does one step of the grammar; a step that returns False waits for more of the answer.
    """

    def __init__(self, markers: Markers, foreign: ForeignCalls) -> None:
        self._markers = markers
        self._foreign = foreign
        self._scan = ProseScan(markers, foreign)
        self._closer = re.compile(rf"</tool_calls?(?:_{markers.nonce})?\s*>", re.IGNORECASE)
        self._closers: Final = (f"</tool_call_{markers.nonce}>", "</tool_call>", "</tool_calls>")
        self._value = ValueReader(markers)
        self._step = self._beginning
        self._found: list[Found] = []
        self._rest = ""
        self._whole = False
        # Up to where the text of an unmarked call was looked at.
        self._looked = 0
        # Of the call that was read last: whether it stood in a fence, whether its closing marker came, and
        # the name before it.
        self._fenced = False
        self._closed = False
        self._hint = ""

    def feed(self, text: str) -> list[Found]:
        """What the next piece of the answer makes certain."""
        self._rest += text
        return self._go_on()

    def close(self) -> list[Found]:
        """The same when nothing more comes."""
        self._whole = True
        return self._go_on()

    def _go_on(self) -> list[Found]:
        while self._rest and self._step():
            pass
        found, self._found = self._found, []
        return found

    def _beginning(self) -> bool:
        """The very first of the answer decides whether it is thoughts, bare JSON or prose."""
        text = self._rest.lstrip()
        fence = _FENCE.match(text)
        body = text[fence.end() :] if fence else text
        bare = self._foreign.is_bare(body)
        open_ended = not body or bare is None or any(each.startswith(text) for each in _THOUGHT)
        if text.startswith(_THOUGHT):
            self._step = self._thoughts
        elif open_ended and not self._whole:
            return False
        else:
            self._step = self._unmarked if bare else self._prose
        return True

    def _thoughts(self) -> bool:
        """What stands between <think> and </think> holds no calls."""
        over = _THOUGHT_OVER.search(self._rest)
        if over is not None:
            self._say(over.end())
            self._step = self._prose
            return True
        half = self._rest.rfind("<", -_LONGEST_END)
        self._say(len(self._rest) if half < 0 or self._whole else half)
        return False

    def _prose(self) -> bool:
        sight = self._scan.look(self._rest)
        start = sight.start
        if self._whole and sight.then == "prose":
            self._say(len(self._rest))
            return False
        self._say(sight.said)
        self._rest = self._rest[start - sight.said :]
        match sight.then:
            case "prose":
                return False
            case "call":
                self._fenced, self._closed, self._hint = sight.fenced, False, ""
                self._value = ValueReader(self._markers)
                self._step = self._call
            case "foreign":
                self._step = self._unmarked
            case "result":
                self._found.append(Invented())
                self._step = self._over
            case _:  # an end of nothing
                self._step = self._marker_end
        return True

    def _call(self) -> bool:
        read = self._value.read(self._rest, whole=self._whole)
        if read is None:
            return False
        written, end = read
        self._hint = written.hint
        self._found.append(written)
        self._rest = self._rest[end:]
        self._step = self._behind_call
        return True

    def _behind_call(self) -> bool:
        """Passes over what ends a call, to what follows it."""
        self._rest = self._rest.lstrip()
        closer = self._closer.match(self._rest)
        if closer is not None:
            self._closed = True
            self._rest = self._rest[closer.end() :]
        elif any(each.startswith(self._rest.lower()) for each in self._closers):
            self._rest = "" if self._whole else self._rest
            return False
        elif not self._closed and self._rest[0] in _TOO_MANY:
            self._rest = self._rest[1:]
        elif not self._closed and self._rest[0] in "{[":
            self._value = ValueReader(self._markers, self._hint)
            self._step = self._call
        elif self._fenced and "```".startswith(self._rest[:3]):
            return self._behind_fence()
        else:
            self._step = self._prose
        return True

    def _behind_fence(self) -> bool:
        if len(self._rest) < len("```") and not self._whole:
            return False
        self._fenced = False
        self._rest = self._rest[len("```") :]
        return True

    def _marker_end(self) -> bool:
        """Passes over the bracket of a marker that ends nothing."""
        self._rest = self._rest.removeprefix(">")
        self._step = self._prose
        return True

    def _unmarked(self) -> bool:
        over, self._looked = self._foreign.over(self._rest, self._looked)
        if over is not None:
            self._say(over)
            self._looked = 0
            self._step = self._prose
            return True
        if self._whole:
            self._found.append(Unmarked(self._rest))
            self._rest = ""
        return False

    def _over(self) -> bool:
        self._rest = ""
        return False

    def _say(self, length: int) -> None:
        """The next so many characters are prose."""
        if length:
            text, self._rest = self._rest[:length], self._rest[length:]
            self._scan.said(text)
            self._found.append(Prose(text))
