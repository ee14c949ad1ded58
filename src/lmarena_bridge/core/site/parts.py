"""What the parts of a stream say: the code letter decides which reader understands the JSON behind it.

The codes are those of the AI SDK's data stream, version 4, as far as the site uses them (site-protocol.md
6.2, recorded 2025-11 and -12). Whatever is not in the table says nothing to us and is passed over.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from types import MappingProxyType
from typing import Final

import msgspec

from lmarena_bridge.core.chat.events import CitationFound, Finished, FinishReason, ImageProduced, Usage
from lmarena_bridge.core.errors import SiteRefused
from lmarena_bridge.core.site.said import quoted, said_by_site

PartEvent = ImageProduced | CitationFound | Finished
Reader = Callable[[object], Iterator[PartEvent]]

_JSON: Final = msgspec.json.Decoder()

# `tool-calls` is a stop: no tool call of ours is behind it, and clients loop on one without calls
# (clients.md 0.1). `unknown` was recorded with search models and in battles, on whole answers.
_REASONS: Final[Mapping[object, FinishReason]] = MappingProxyType(
    {"length": FinishReason.LENGTH, "content-filter": FinishReason.CONTENT_FILTER}
)


def decode(payload: bytes) -> object:
    """The JSON value of a part. Raises ValueError if it is none."""
    try:
        return _JSON.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        # Half a surrogate pair or NaN: no proper JSON, but JavaScript writes it. Damaged UTF-8 costs a
        # character, not the answer.
        return json.loads(payload.decode("utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def arena_error(said: object) -> SiteRefused:
    """An error that the site tells inside its stream."""
    sentence = said if isinstance(said, str) else json.dumps(said)
    return SiteRefused(
        f"LMArena or the model reported an error{quoted(said_by_site(sentence))}. Try again; if it stays, "
        "try the model on the site itself.",
        code="arena_error",
        retryable=True,
    )


def _read_data(value: object) -> Iterator[PartEvent]:
    """`[{type, …}, …]`: pictures; heartbeats and what later versions add are passed over."""
    for item in value if isinstance(value, list) else ():
        if isinstance(item, dict) and item.get("type") == "image":
            yield from _picture(item.get("image"), item.get("data"), item.get("mimeType"))


def _read_file(value: object) -> Iterator[PartEvent]:
    """`{data, mimeType}`: a file in base64, of which we know pictures."""
    if isinstance(value, dict):
        yield from _picture(None, value.get("data"), value.get("mimeType"))


def _picture(url: object, data: object, kind: object) -> Iterator[PartEvent]:
    content_type = kind if isinstance(kind, str) and kind.startswith("image/") else None
    if isinstance(url, str) and url.startswith(("https://", "http://", "data:image/")):
        yield ImageProduced(url, content_type or "image/png")
    elif isinstance(data, str) and data and content_type is not None:
        yield ImageProduced(f"data:{content_type};base64,{data}", content_type)


def _read_source(value: object) -> Iterator[PartEvent]:
    """`{url, title?}`, or a list of such."""
    for item in value if isinstance(value, list) else (value,):
        if isinstance(item, dict):
            url, title = item.get("url"), item.get("title")
            if isinstance(url, str) and url:
                yield CitationFound(url, title if isinstance(title, str) else "")


def _read_error(value: object) -> Iterator[PartEvent]:
    raise arena_error(value)


def _read_finish(value: object) -> Iterator[PartEvent]:
    """`{finishReason, usage?}`."""
    finish = value if isinstance(value, dict) else {}
    reason = finish.get("finishReason")
    if reason == "error":
        raise arena_error("the model failed")
    yield Finished(_REASONS.get(reason, FinishReason.STOP), _usage(finish.get("usage")))


def _usage(value: object) -> Usage | None:
    """The counts, if both are there; the SDK sends null or NaN for what it does not know."""
    if not isinstance(value, dict):
        return None
    prompt, completion = value.get("promptTokens"), value.get("completionTokens")
    if type(prompt) is int and type(completion) is int:
        return Usage(prompt, completion)
    return None


class CitationReader:
    """`{toolCallId, argsTextDelta}`: the arguments are JSON text of their own, which may come in pieces."""

    __slots__ = ("_pieces",)

    # Sources are some hundred bytes each; a tool call that grows beyond this is none.
    _LONGEST = 256 * 1024

    def __init__(self) -> None:
        self._pieces: dict[str, str] = {}

    def __call__(self, value: object) -> Iterator[PartEvent]:
        if not isinstance(value, dict):
            return
        call, delta = value.get("toolCallId"), value.get("argsTextDelta")
        if not isinstance(call, str) or not isinstance(delta, str):
            return
        for text in (delta, self._pieces.get(call, "") + delta):
            if (source := _source(text)) is not None:
                self._pieces.pop(call, None)
                yield from _read_source(source)
                return
        self._pieces[call] = (self._pieces.get(call, "") + delta)[: self._LONGEST]


def _source(text: str) -> object:
    """The `source` of complete arguments; None if they are incomplete or of another tool."""
    if not text.endswith("}"):
        return None
    try:
        arguments = json.loads(text)
    except (ValueError, RecursionError):
        return None
    return arguments.get("source") if isinstance(arguments, dict) else None


READERS: Final[Mapping[int, Reader]] = MappingProxyType(
    {
        ord("2"): _read_data,
        ord("k"): _read_file,
        ord("h"): _read_source,
        ord("3"): _read_error,
        ord("d"): _read_finish,
    }
)
