import json

import pytest
from openai.types import Completion as Official

from core.api.official import official
from lmarena_bridge.core.api.openai.text_answers import TextEncoder, TextHead, text_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    CitationFound,
    Finished,
    FinishReason,
    ReasoningDelta,
    TextDelta,
    Usage,
)
from lmarena_bridge.core.errors import TabLost

HEAD = TextHead("cmpl-1", 1_760_000_000, "a-model")
STOP = Finished(FinishReason.STOP, Usage(3, 5))


def encoder(*before: str, include_usage: bool = False, lists_sources: bool = True) -> TextEncoder:
    return TextEncoder(HEAD, before or ("",), include_usage=include_usage, lists_sources=lists_sources)


def data(stream: bytes) -> list[str]:
    return [record.removeprefix("data: ") for record in stream.decode().split("\n\n")[:-1]]


def told(stream: bytes) -> list[tuple[str, int, str | None]]:
    """Every piece, its index, and the reason; read as a client that validates each record may read it."""
    pieces = []
    for record in data(stream):
        parsed = json.loads(record)
        # The official type has no null reason, although it comes with every piece (openai 3.54).
        for choice in parsed["choices"]:
            pieces.append((choice["text"], choice["index"], choice["finish_reason"]))
            choice["finish_reason"] = choice["finish_reason"] or "stop"
        assert official(Official, json.dumps(parsed)).id == "cmpl-1"
    return pieces


def test_all_answers_make_one_object() -> None:
    completions = [
        Completion("upon a time", FinishReason.STOP, usage=Usage(3, 5)),
        Completion("", FinishReason.LENGTH, usage=Usage(3, 0)),
    ]
    parsed = official(Official, text_body(completions, HEAD, ("Once ", "")))
    assert (parsed.object, parsed.created, parsed.model) == ("text_completion", 1_760_000_000, "a-model")
    assert [(choice.index, choice.text, choice.finish_reason) for choice in parsed.choices] == [
        (0, "Once upon a time", "stop"),
        (1, "", "length"),
    ]
    assert parsed.usage is not None
    assert parsed.usage.total_tokens == 11


def test_a_stream_gives_the_pieces_and_then_the_reason() -> None:
    encoding = encoder()
    stream = encoding.encode([TextDelta("upon "), TextDelta("a")]) + encoding.encode(
        [TextDelta("\u2028"), STOP]
    )
    assert told(stream) == [("upon a", 0, None), ("\u2028", 0, None), ("", 0, "stop")]
    assert b"usage" not in stream
    assert encoding.done() == b"data: [DONE]\n\n"


def test_the_prompt_stands_in_front_when_it_is_wanted() -> None:
    encoding = encoder("Once ", "Twice ")
    assert told(encoding.encode([TextDelta("upon")], 0)) == [("Once upon", 0, None)]
    assert told(encoding.encode([TextDelta(" a"), STOP], 0)) == [(" a", 0, None), ("", 0, "stop")]
    with pytest.raises(ValueError, match="not finished"):
        encoding.done()
    assert told(encoding.encode([STOP], 1)) == [("Twice ", 1, "stop")]
    assert encoding.done() == b"data: [DONE]\n\n"


def test_usage_comes_at_the_end_when_asked_for() -> None:
    encoding = encoder(include_usage=True)
    first, end = data(encoding.encode([TextDelta("a"), STOP]))
    assert (json.loads(first)["usage"], json.loads(end)["usage"]) == (None, None)
    usage, done = data(encoding.done())
    assert json.loads(usage)["choices"] == []
    assert json.loads(usage)["usage"]["total_tokens"] == 8
    assert done == "[DONE]"


def test_what_is_no_text_shows_nothing() -> None:
    events: list[ChatEvent] = [ReasoningDelta("Hm"), CitationFound("https://example.org/", "Example")]
    assert encoder().encode(events) == b""
    listing = encoder().encode([*events, STOP])
    assert told(listing)[0][0].startswith("Sources:")
    assert told(encoder(lists_sources=False).encode([*events, STOP])) == [("", 0, "stop")]


def test_an_error_and_a_sign_of_life() -> None:
    error, done = data(encoder().error(TabLost("gone")))
    assert json.loads(error)["error"]["code"] == "tab_lost"
    assert done == "[DONE]"
    assert encoder().keep_alive == b": keep-alive\n\n"
