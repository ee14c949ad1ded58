"""Encodes lines of the site's answer stream: side, code of the part, a colon, one JSON value, a line feed.

Codes as recorded until December 2025 (AI SDK v4 data stream parts with `a` or `b` in front).
"""

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from lmarena_bridge.demo.models import Side

_LONE_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Source:
    """A page that a search model cites; its fields are the ones the site sends."""

    id: str
    url: str
    title: str
    start: int
    end: int

    def as_site_object(self) -> dict[str, object]:
        return {
            "url": self.url,
            "id": self.id,
            "charLocation": [self.start, self.end],
            "title": self.title,
            "favicon": "https://example.org/favicon.ico",
        }


def line(side: Side, code: str, value: object) -> str:
    """Any part. The JSON is as `JSON.stringify` makes it: characters as they are, half emoji as escapes."""
    json_text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return f"{side}{code}:{_LONE_SURROGATE.sub(_escaped, json_text)}\n"


def _escaped(half: re.Match[str]) -> str:
    return f"\\u{ord(half[0]):04x}"


def text(side: Side, delta: str) -> str:
    return line(side, "0", delta)


def reasoning(side: Side, delta: str) -> str:
    return line(side, "g", delta)


def error(side: Side, message: str) -> str:
    return line(side, "3", message)


def heartbeat(side: Side) -> str:
    return line(side, "2", [{"type": "heartbeat"}])


def image(side: Side, url: str) -> str:
    return line(side, "2", [{"type": "image", "image": url, "mimeType": "image/png"}])


def inline_image(side: Side, base64_png: str) -> str:
    return line(side, "2", [{"type": "image", "data": base64_png, "mimeType": "image/png"}])


def file(side: Side, base64_png: str) -> str:
    return line(side, "k", {"data": base64_png, "mimeType": "image/png"})


def citation(side: Side, sources: Sequence[Source]) -> str:
    """One source as an object, several as a list; both forms were recorded (December 2025)."""
    objects = [source.as_site_object() for source in sources]
    arguments = json.dumps(
        {"source": objects[0] if len(objects) == 1 else objects}, ensure_ascii=False, separators=(",", ":")
    )
    return line(side, "c", {"toolCallId": "citation-source", "argsTextDelta": arguments})


def finish(side: Side, reason: str = "stop", usage: tuple[int, int] | None = None) -> str:
    """The end of one side. usage: tokens of prompt and completion; the site leaves it out."""
    value: dict[str, object] = {"finishReason": reason}
    if usage:
        value["usage"] = {"promptTokens": usage[0], "completionTokens": usage[1]}
    return line(side, "d", value)
