"""What the parts of a stream say: the code letter decides which reader understands the JSON behind it.

The codes are those of the AI SDK's data stream, version 4, as far as the site uses them (site-protocol.md
6.2, recorded 2025-11 and -12). Whatever is not in the table says nothing to us and is passed over unread.
"""

import json
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Any, Final

import msgspec

from lmarena_bridge.core.chat.events import CitationFound, Finished, FinishReason, ImageProduced, Usage
from lmarena_bridge.core.errors import SiteRefused
from lmarena_bridge.core.site.halves import whole
from lmarena_bridge.core.site.said import Said, said_by_site, said_in_json

PartEvent = ImageProduced | CitationFound | Finished
Reader = Callable[[Any], Iterable[PartEvent]]

# Side, code and a colon stand before the JSON of a part.
CODE_SIZE: Final = len("a0:")

_JSON: Final = msgspec.json.Decoder()
_STRING: Final = msgspec.json.Decoder(str)

# `tool-calls` is a stop: no tool call of ours is behind it, and clients loop on one without calls
# (clients.md 0.1). `unknown` was recorded with search models and in battles, on whole answers.
_REASONS: Final[Mapping[str, FinishReason]] = MappingProxyType(
    {"length": FinishReason.LENGTH, "content-filter": FinishReason.CONTENT_FILTER}
)
_PICTURE_TYPE: Final = re.compile(r"image/[a-z0-9][a-z0-9.+-]{0,60}")
# All recorded pictures are PNG, whether they say so or not.
_USUAL_TYPE: Final = "image/png"
_BASE64: Final = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/="
# Small enough for the processor's cache, and for not costing memory.
_PIECE: Final = 64 * 1024


def decode(payload: memoryview) -> Any:
    """The JSON value of a part. Raises ValueError if it is none.

    A view, not bytes: a picture of 10 MB need not be copied to take its code off.
    """
    try:
        return _JSON.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        pass
    # Halves of a surrogate pair and NaN are no proper JSON, but JavaScript writes them. Damaged UTF-8
    # costs a character, not the answer.
    try:
        return json.loads(str(payload, "utf-8", "replace"))
    except RecursionError as error:
        raise ValueError("nested too deeply") from error


def decode_text(payload: memoryview) -> str:
    """The text of a part, which may hold halves of characters. Raises ValueError if it is none."""
    try:
        return _STRING.decode(payload)
    except (msgspec.DecodeError, UnicodeDecodeError):
        text = decode(payload)
    if not isinstance(text, str):
        raise ValueError("a text part that holds no text")
    return text


def arena_error(said: Said) -> SiteRefused:
    """An error that the site tells inside its stream."""
    return SiteRefused(
        f"LMArena or the model reported an error{said.quoted}. Try again; if it stays, try the model on the "
        "site itself.",
        code="arena_error",
        retryable=True,
    )


def _read_data(value: Any) -> Iterator[PartEvent]:
    """`[{type, …}, …]`: pictures; heartbeats and what later versions add are passed over."""
    for item in value if isinstance(value, list) else ():
        match item:
            case {"type": "image", "image": str(url)} if url:
                yield from _linked(url, item.get("mimeType"))
            case {"type": "image", "data": str(data)}:
                yield from _inline(data, item.get("mimeType") or _USUAL_TYPE)


def _read_file(value: Any) -> Iterator[PartEvent]:
    """`{data, mimeType}`: a file in base64, of which we know pictures."""
    match value:
        case {"data": str(data), "mimeType": str(kind)}:
            yield from _inline(data, kind)


def _linked(url: str, kind: object) -> Iterator[PartEvent]:
    if url.startswith(("https://", "http://")):
        yield ImageProduced(whole(url), _picture_type(kind) or _USUAL_TYPE)
    elif url.startswith("data:") and ";base64," in url[:100]:
        head, _, data = url.partition(";base64,")
        yield from _inline(data, head.removeprefix("data:"))


def _inline(data: str, kind: object) -> Iterator[PartEvent]:
    """A picture in base64. Anything else must not get into an address that is shown unread."""
    content_type = _picture_type(kind)
    if content_type and data and _is_base64(data):
        yield ImageProduced(f"data:{content_type};base64,{data}", content_type)


def _is_base64(data: str) -> bool:
    pieces = (data[start : start + _PIECE] for start in range(0, len(data), _PIECE))
    return data.isascii() and not any(piece.encode("ascii").translate(None, _BASE64) for piece in pieces)


def _picture_type(kind: object) -> str | None:
    kind = kind.lower() if isinstance(kind, str) else ""
    return kind if _PICTURE_TYPE.fullmatch(kind) else None


def read_sources(value: Any) -> Iterator[CitationFound]:
    """`{url, title?}`, or a list of such."""
    for item in value if isinstance(value, list) else (value,):
        match item:
            case {"url": str(url)} if url:
                title = item.get("title")
                yield CitationFound(whole(url), whole(title) if isinstance(title, str) else "")


def _read_error(value: Any) -> Iterator[PartEvent]:
    raise arena_error(said_by_site(value) if isinstance(value, str) else said_in_json(value))


def _read_finish(value: Any) -> Iterable[PartEvent]:
    """`{finishReason, usage?}`."""
    finish = value if isinstance(value, dict) else {}
    reason, usage = finish.get("finishReason"), finish.get("usage")
    if reason == "error":
        raise arena_error(Said("the model failed", "text"))
    known = _REASONS.get(reason) if isinstance(reason, str) else None
    return (Finished(known or FinishReason.STOP, None if usage is None else _usage(usage)),)


def _usage(value: object) -> Usage | None:
    """The counts, if both are there; the SDK sends null or NaN for what it does not know."""
    match value:
        case {"promptTokens": int() | float() as prompt, "completionTokens": int() | float() as completion}:
            if _is_count(prompt) and _is_count(completion):
                return Usage(int(prompt), int(completion))
    return None


def _is_count(number: float) -> bool:
    return not isinstance(number, bool) and 0 <= number < 1e15


READERS: Final[Mapping[int, Reader]] = MappingProxyType(
    {
        ord("2"): _read_data,
        ord("k"): _read_file,
        ord("h"): read_sources,
        ord("3"): _read_error,
        ord("d"): _read_finish,
    }
)
