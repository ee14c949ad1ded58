"""What a message can ask the arena to do: `#arena:NAME` or `#arena:NAME=VALUE`, in the last user message.

`DIRECTIVE_GROUPS` below is the whole list. Several directives in one message add up
(`#arena:heartbeat #arena:cut=3`); of two that refuse, the first one named wins. Unknown ones are ignored.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

_DIRECTIVE = re.compile(r"#arena:([a-z0-9-]+)(?:=([^\s]+))?")

DIRECTIVE_GROUPS: Final[Mapping[str, Mapping[str, str]]] = {
    "Speed and pieces": {
        "pace=MS": "that many milliseconds between two pieces",
        "slow=SECONDS": "waits before it answers at all",
        "silent=SECONDS": "sends the headers, then waits before the first byte",
        "bytes-one-by-one": "every byte on its own",
        "cut=N": "pieces of N bytes, whatever they cut",
        "lines=N": "N lines in one write",
        "size=BYTES": "that many bytes of text, as fast as you take them (see bulk.py)",
        "line=BYTES": "with size: how much text one line holds (16384)",
    },
    "Things a reader must bear": {
        "heartbeat": "heartbeats between the pieces",
        "unknown-codes": "parts of kinds nobody knows, in between",
        "blank-lines": "empty lines in between",
        "carriage-returns": "lines that end in CR LF",
        "data-prefix": "every line begins with “data: ”",
        "both-sides": "the other side of a battle talks in between",
        "surrogates": "an emoji whose two halves come in two pieces",
        "line-separators": "U+2028, U+2029, U+0085 and a vertical tab inside the text",
        "brackets": "text full of quotes, braces and backslashes",
        "quoted-challenge": "text that quotes a challenge page word for word",
        "usage": "token counts in the last line",
        "finish=REASON": "that finish reason (length, content-filter, error, unknown …)",
    },
    "Ends that are none": {
        "torn": "ends in the middle of a line",
        "torn-utf8": "ends in the middle of a character",
        "no-finish": "ends after a whole line, without the finishing one",
        "hang": "sends one piece, then nothing for ever",
        "reset": "sends one piece, then breaks the connection",
        "error-line": "an error part after the first piece",
        "arena-error": "the text hasArenaError",
        "error-object": "a bare JSON object with an error, status 200",
        "empty": "nothing at all, status 200",
    },
    "Refusals": {
        "400": "the message already has feedback",
        "401": "the session belongs to somebody else",
        "403": "the reCAPTCHA check failed",
        "challenge": "403, Cloudflare's waiting page",
        "html": "the same page with status 200",
        "blocked": "403, Cloudflare's block page",
        "404": "the model is gone",
        "413": "the body is too large",
        "422": "the content was refused",
        "429": "too many requests, retry-after 0; 429=SECONDS sets when the limit ends",
        "429-json": "too many requests for this model, as JSON",
        "500": "internal error",
        "502": "bad gateway",
        "503": "unavailable",
        "504": "gateway timeout",
        "times=N": "misbehaves for the first N requests with this very message, then answers",
    },
    "Pictures": {
        "images=N": "N pictures instead of one",
        "inline": "the picture itself in the stream instead of a link (part 2)",
        "file": "the picture itself as a file part (part k)",
        "expired": "a link that has already died",
    },
}
"""Heading to usage to explanation; the arena's front page shows them so."""

DIRECTIVES: Final[Mapping[str, str]] = {
    usage: meaning for group in DIRECTIVE_GROUPS.values() for usage, meaning in group.items()
}
"""Usage to explanation."""

_KNOWN: Final = frozenset(usage.partition("=")[0] for usage in DIRECTIVES)


@dataclass(frozen=True, slots=True)
class Directives:
    """The directives of one message, in the order in which they stand there."""

    given: Mapping[str, str]

    def __contains__(self, name: str) -> bool:
        return name in self.given

    def number(self, name: str, default: float) -> float:
        """The value of a directive as a number; `default` when it is not given, or is no sensible number."""
        value = self.given.get(name, "")
        return float(value) if re.fullmatch(r"\d{1,12}(\.\d{1,6})?", value) else default

    def count(self, name: str, default: int) -> int:
        return int(self.number(name, default))

    def as_written(self) -> list[str]:
        """`["cut=3", "usage"]`"""
        return [f"{name}={value}" if value else name for name, value in self.given.items()]

    def word(self, name: str, default: str) -> str:
        return self.given.get(name) or default


def read_directives(message: str) -> Directives:
    found = {name: value for name, value in _DIRECTIVE.findall(message) if name in _KNOWN}
    return Directives(found)


def without_directives(message: str) -> str:
    """What is left of a message; one without directives is left to the letter, but for blanks around it."""
    if not _DIRECTIVE.search(message):
        return message.strip()
    return re.sub(r"[ \t]{2,}", " ", _DIRECTIVE.sub("", message)).strip()
