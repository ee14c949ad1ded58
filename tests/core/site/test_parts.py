import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.events import CitationFound, Finished, FinishReason, ImageProduced, Usage
from lmarena_bridge.core.errors import SiteRefused
from lmarena_bridge.core.site.parts import (
    READERS,
    PartEvent,
    arena_error,
    decode,
    decode_text,
    read_sources,
)
from lmarena_bridge.core.site.said import Said

PNG = "iVBORw0KGgo="
LINK = "https://example.org/a[1].png?X-Amz-Expires=3600"


def read(code: str, value: object) -> list[PartEvent]:
    return list(READERS[ord(code)](value))


def finish(**fields: object) -> PartEvent:
    (event,) = read("d", fields)
    return event


# -- JSON ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "value", [None, True, 7, -1.5, "zażółć 🎯\u2028", [], [{"type": "image"}], {"a": [1]}]
)
def test_proper_json_is_decoded(value: object) -> None:
    assert decode(memoryview(json.dumps(value).encode())) == value
    assert decode(memoryview(json.dumps(value, ensure_ascii=False).encode())) == value


@pytest.mark.parametrize(
    ("payload", "value"),
    [
        (b'"\\ud83d"', "\ud83d"),
        (b'["\\ude00", 1]', ["\ude00", 1]),
        (b'"caf\xe9"', "caf\ufffd"),
        (b'{"n": Infinity}', {"n": float("inf")}),
        (b'"a"\r', "a"),
    ],
)
def test_so_is_what_javascript_and_broken_lines_make_of_it(payload: bytes, value: object) -> None:
    assert decode(memoryview(payload)) == value


@pytest.mark.parametrize(
    "payload", [b"", b'"torn', b"{'a': 1}", b'"a" "b"', b"\xff", b"[" * 100_000, b"9" * 5000]
)
def test_anything_else_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):
        decode(memoryview(payload))


@given(st.binary())
def test_no_bytes_at_all_raise_another_error(payload: bytes) -> None:
    try:
        decode(memoryview(payload))
    except ValueError as error:
        assert str(error)


@pytest.mark.parametrize(
    ("payload", "text"),
    [(b'"a\\nb"', "a\nb"), (b'""', ""), (b'"\\ud83d"', "\ud83d"), (b'"caf\xe9"', "caf\ufffd")],
)
def test_texts_may_hold_halves_of_characters(payload: bytes, text: str) -> None:
    assert decode_text(memoryview(payload)) == text


@pytest.mark.parametrize("payload", [b"[]", b"{}", b"7", b"null", b'"torn', b""])
def test_a_text_part_without_a_text_is_a_value_error(payload: bytes) -> None:
    with pytest.raises(ValueError):
        decode_text(memoryview(payload))


# -- 2 and k: pictures ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("item", "picture"),
    [
        ({"image": LINK, "mimeType": "image/png"}, ImageProduced(LINK, "image/png")),
        ({"image": LINK, "mimeType": "IMAGE/WEBP"}, ImageProduced(LINK, "image/webp")),
        ({"image": LINK}, ImageProduced(LINK, "image/png")),
        ({"image": LINK, "mimeType": "text/html"}, ImageProduced(LINK, "image/png")),
        ({"image": LINK, "data": PNG}, ImageProduced(LINK, "image/png")),
        ({"image": "http://example.org/\ud83d"}, ImageProduced("http://example.org/\ufffd", "image/png")),
        (
            {"image": f"data:image/gif;base64,{PNG}", "mimeType": "image/png"},
            ImageProduced(f"data:image/gif;base64,{PNG}", "image/gif"),
        ),
        (
            {"data": PNG, "mimeType": "image/jpeg"},
            ImageProduced(f"data:image/jpeg;base64,{PNG}", "image/jpeg"),
        ),
        ({"data": PNG}, ImageProduced(f"data:image/png;base64,{PNG}", "image/png")),
        (
            {"image": "", "data": PNG, "mimeType": "image/svg+xml"},
            ImageProduced(f"data:image/svg+xml;base64,{PNG}", "image/svg+xml"),
        ),
    ],
)
def test_a_picture_is_an_address_or_base64(item: dict[str, str], picture: ImageProduced) -> None:
    assert read("2", [{"type": "image", **item}]) == [picture]


@pytest.mark.parametrize(
    "item",
    [
        {"type": "heartbeat"},
        {"type": "video", "url": "https://example.org/v.mp4"},
        {"type": "webdev", "event": {"type": "init"}},
        {"type": "image"},
        {"type": "image", "image": 7},
        {"type": "image", "image": "javascript:alert(1)"},
        {"type": "image", "image": "data:text/html;base64,PGI+"},
        {"type": "image", "image": "data:image/svg+xml,<svg/>"},
        {"type": "image", "data": ""},
        {"type": "image", "data": PNG, "mimeType": "text/html"},
        {"type": "image", "data": PNG, "mimeType": "image/png) ![x](https://example.org"},
        {"type": "image", "data": "QUJD) ![x](https://example.org"},
        {"type": "image", "data": "A" * 100_000 + ")"},
        {"type": "image", "data": "QUJDé"},
        {"image": LINK},
        "image",
        None,
    ],
)
def test_whatever_is_no_picture_is_passed_over(item: object) -> None:
    assert read("2", [item]) == []


def test_all_pictures_of_a_line_count() -> None:
    items = [{"type": "image", "image": f"https://example.org/{n}"} for n in range(3)]
    assert [
        event.url for event in read("2", [*items, {"type": "heartbeat"}]) if isinstance(event, ImageProduced)
    ] == [
        "https://example.org/0",
        "https://example.org/1",
        "https://example.org/2",
    ]


def test_a_picture_of_ten_megabytes_is_one_like_any_other() -> None:
    data = "QUJD" * 2_500_000
    assert read("2", [{"type": "image", "data": data}]) == [
        ImageProduced(f"data:image/png;base64,{data}", "image/png")
    ]


@pytest.mark.parametrize("value", [None, {}, "heartbeat", 7])
def test_data_that_is_no_list_is_passed_over(value: object) -> None:
    assert read("2", value) == []


def test_a_file_is_shown_if_it_is_a_picture() -> None:
    assert read("k", {"data": PNG, "mimeType": "image/png"}) == [
        ImageProduced(f"data:image/png;base64,{PNG}", "image/png")
    ]


@pytest.mark.parametrize(
    "value",
    [{"data": PNG, "mimeType": "application/pdf"}, {"data": PNG}, {"mimeType": "image/png"}, [], None],
)
def test_other_files_are_passed_over(value: object) -> None:
    assert read("k", value) == []


# -- h and c: sources ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "sources"),
    [
        ({"url": "https://a.example", "title": "A"}, [CitationFound("https://a.example", "A")]),
        (
            {"sourceType": "url", "id": "1", "url": "https://a.example"},
            [CitationFound("https://a.example", "")],
        ),
        ({"url": "https://a.example", "title": None}, [CitationFound("https://a.example", "")]),
        (
            {"url": "https://a.example/\ud83d", "title": "\ude00"},
            [CitationFound("https://a.example/\ufffd", "\ufffd")],
        ),
        (
            [{"url": "https://a.example"}, {"title": "no address"}, {"url": ""}, {"url": 7}, 7, {"url": "b"}],
            [CitationFound("https://a.example", ""), CitationFound("b", "")],
        ),
        ([], []),
        (None, []),
        ("https://a.example", []),
    ],
)
def test_a_source_has_an_address_and_perhaps_a_title(value: Any, sources: list[CitationFound]) -> None:
    assert list(read_sources(value)) == sources
    assert read("h", value) == sources


# -- 3 and d: the end ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("An error occurred", "An error occurred"),
        ('{"error":{"message":"Overloaded"}}', "Overloaded"),
        ({"message": "Overloaded"}, "Overloaded"),
        ({"error": "Overloaded"}, "Overloaded"),
        ("torn \ud83d\n\x1b[31m line", "torn [31m line"),
    ],
)
def test_an_error_says_what_the_site_says(value: object, words: str) -> None:
    with pytest.raises(SiteRefused) as raised:
        read("3", value)
    assert f'(it says: "{words}")' in raised.value.message
    assert (raised.value.status, raised.value.code, raised.value.retryable) == (502, "arena_error", True)


def test_an_error_without_words_still_says_what_to_do() -> None:
    message = arena_error(Said("", "text")).message
    assert "it says" not in message
    assert "try the model on the site itself" in message


@pytest.mark.parametrize(
    ("reason", "finished"),
    [
        ("stop", FinishReason.STOP),
        ("unknown", FinishReason.STOP),
        ("other", FinishReason.STOP),
        ("tool-calls", FinishReason.STOP),
        ("a reason of tomorrow", FinishReason.STOP),
        (None, FinishReason.STOP),
        (["stop"], FinishReason.STOP),
        ("length", FinishReason.LENGTH),
        ("content-filter", FinishReason.CONTENT_FILTER),
    ],
)
def test_each_reason_has_a_word_that_clients_know(reason: object, finished: FinishReason) -> None:
    assert finish(finishReason=reason) == Finished(finished)


def test_a_finish_that_is_an_error_is_one() -> None:
    with pytest.raises(SiteRefused, match="the model failed") as raised:
        finish(finishReason="error", usage={"promptTokens": 1, "completionTokens": 2})
    assert raised.value.code == "arena_error"


@pytest.mark.parametrize("value", [None, [], "stop", {}])
def test_a_finish_without_a_reason_is_a_stop(value: object) -> None:
    assert read("d", value) == [Finished(FinishReason.STOP)]


@pytest.mark.parametrize(
    ("prompt", "completion", "usage"),
    [
        (10, 20, Usage(10, 20)),
        (0, 0, Usage(0, 0)),
        (10.0, 20.0, Usage(10, 20)),
        (None, 20, None),
        (10, None, None),
        (10, float("nan"), None),
        (float("inf"), 20, None),
        (-1, 20, None),
        (True, 20, None),
        ("10", "20", None),
        (10**20, 1, None),
    ],
)
def test_usage_counts_if_both_numbers_are_there(
    prompt: object, completion: object, usage: Usage | None
) -> None:
    event = finish(finishReason="stop", usage={"promptTokens": prompt, "completionTokens": completion})
    assert event == Finished(FinishReason.STOP, usage)


@pytest.mark.parametrize("usage", [None, {}, [], 7, {"promptTokens": 1}])
def test_usage_may_be_missing(usage: object) -> None:
    assert finish(finishReason="stop", usage=usage) == Finished(FinishReason.STOP)
