"""The latest lines of the log, for the page that shows them; nothing secret is among them.

The log itself holds no prompts and no secrets. That nothing slips through all the same is seen to here a
second time: known secrets are blotted out wherever they stand, and fields that sound like one always.
"""

import re
import threading
from collections import deque
from collections.abc import Iterable, Mapping, MutableMapping
from typing import Any, Final

KEPT_LINES: Final = 400
_LONGEST: Final = 600
_HIDDEN: Final = "•••"
_SOUNDS_SECRET: Final = re.compile(r"key|token|secret|password|cookie|authori|credential", re.IGNORECASE)
# What the line says by itself, and what the logging of others adds for its own use.
_OWN_FIELDS: Final = frozenset({"level", "timestamp", "event", "exc_info", "_record", "_from_structlog"})

Line = Mapping[str, Any]


class LogTail:
    """A ring of lines, and a processor of structlog that fills it. Any thread may log."""

    def __init__(self) -> None:
        self._lines: deque[dict[str, Any]] = deque(maxlen=KEPT_LINES)
        self._secrets: tuple[str, ...] = ()
        self._lock = threading.Lock()
        self._number = 0

    @property
    def last(self) -> int:
        """The number of the latest line; the first has 1."""
        return self._number

    def hide(self, secrets: Iterable[str]) -> None:
        """These are blotted out, too, from now on and in the lines that are here already."""
        with self._lock:
            new = {secret for secret in secrets if secret} - set(self._secrets)
            if not new:
                return
            self._secrets = (*self._secrets, *new)
            for line in self._lines:
                line["text"] = self._clean(line["text"])
                line["more"] = [[name, self._clean(value)] for name, value in line["more"]]

    def after(self, number: int) -> list[Line]:
        """The lines since that one, as far as they are still here: `{number, time, level, text, more}`."""
        with self._lock:
            return [line for line in self._lines if line["number"] > number]

    def __call__(self, _: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
        """structlog's way to call a processor; the event goes on as it came."""
        line: dict[str, Any] = {
            "time": str(event.get("timestamp", "")),
            "level": str(event.get("level", "info")),
            "text": self._clean(str(event.get("event", ""))),
            "more": [self._field(name, value) for name, value in event.items() if name not in _OWN_FIELDS],
        }
        if failure := _failure(event.get("exc_info")):
            line["more"].append(["failure", self._clean(failure)])
        with self._lock:
            self._number += 1
            self._lines.append({"number": self._number, **line})
        return event

    def _field(self, name: str, value: object) -> list[str]:
        secret = _SOUNDS_SECRET.search(name) is not None
        return [str(name), _HIDDEN if secret else self._clean(str(value))]

    def _clean(self, text: str) -> str:
        for secret in self._secrets:
            text = text.replace(secret, _HIDDEN)
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _failure(info: object) -> str:
    """The kind and words of what went wrong; where in the code is the terminal's to say."""
    match info:
        case BaseException() as error:
            return f"{type(error).__name__}: {error}"
        case (_, BaseException() as error, _):
            return f"{type(error).__name__}: {error}"
        case _:
            return ""
