"""The sentence in which the site says what is wrong, whatever shape it has (site-protocol.md 7.1, 7.2)."""

import json
from dataclasses import dataclass
from typing import Any, Literal

_LONGEST = 300
_MOST_ISSUES = 3


@dataclass(frozen=True, slots=True)
class Said:
    """What the body of a refusal says. `words`: one line, short and clean, "" if it has none for a person.

    `shape`: "error" for a JSON object with an `error`, "schema" for one that lists what Zod found wrong in
    our request, "page" for HTML, "text" for anything else.
    """

    words: str
    shape: Literal["error", "schema", "page", "text"]

    @property
    def quoted(self) -> str:
        """` (it says: "…")`, or nothing if nothing was said."""
        return f' (it says: "{self.words}")' if self.words else ""


def said_by_site(text: str) -> Said:
    """What the first characters of a body say."""
    if text.lstrip()[:1] == "<":
        return Said("", "page")
    try:
        body = json.loads(text)
    except (ValueError, RecursionError):
        return Said(_clean(text), "text")
    return said_in_json(body)


def said_in_json(body: object) -> Said:
    """What a value of the site's JSON says: `"…"`, `{"error": …}` or `{"message": …}`."""
    match body:
        case str(text):
            return Said(_clean(text), "text")
        case {"error": {"issues": [*issues]}}:
            return Said(_clean("; ".join(map(_issue, issues[:_MOST_ISSUES]))), "schema")
        case {"error": {"message": str(text)}} | {"error": str(text)} | {"error": _, "message": str(text)}:
            return Said(_clean(text), "error")
        case {"error": error}:
            return Said(_clean(_as_json(error)), "error")
        case {"message": str(text)}:
            return Said(_clean(text), "text")
        case _:
            return Said(_clean(_as_json(body)), "text")


def _issue(issue: Any) -> str:
    """`messages.0.metadata: Expected object, received null`."""
    match issue:
        case {"path": [*steps], "message": str(message)}:
            return f"{'.'.join(str(step) for step in steps if isinstance(step, str | int))}: {message}"
        case _:
            return _as_json(issue)


def _as_json(value: object) -> str:
    try:
        return json.dumps(value)
    except RecursionError:
        return ""


def _clean(text: str) -> str:
    """One line of bearable length, without control characters and halves of characters."""
    text = text[: 4 * _LONGEST]
    line = " ".join("".join(each if each.isprintable() else " " for each in text).split())
    return line if len(line) <= _LONGEST else f"{line[:_LONGEST]}…"
