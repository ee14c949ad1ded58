import json

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lmarena_bridge.core.api.body import decode_body
from lmarena_bridge.core.errors import InvalidRequest


class Inner(msgspec.Struct):
    word: str


class Sample(msgspec.Struct):
    text: str
    count: int | float | None = None
    flag: bool | None = None
    inner: list[Inner] | None = None
    table: dict[str, int] | None = None
    small: msgspec.UnsetType | int = msgspec.UNSET


DECODER = msgspec.json.Decoder(Sample)


def read(body: bytes | str) -> Sample:
    return decode_body(DECODER, body.encode() if isinstance(body, str) else body)


def refusal(body: bytes | str) -> tuple[str | None, str]:
    with pytest.raises(InvalidRequest) as caught:
        read(body)
    return caught.value.param, caught.value.message


def test_a_good_body_is_read_and_unknown_fields_are_passed_over() -> None:
    body = '{"foo": {"bar": [1, 2]}, "text": "hi", "count": 1.0, "text": "ho"}'
    assert read(body) == Sample("ho", 1.0)


@pytest.mark.parametrize(
    ("body", "param", "message"),
    [
        ("{}", "text", "`text` is missing: every request needs it."),
        (
            '{"text":"","inner":[{"word":""},{}]}',
            "inner[1].word",
            "`inner[1].word` is missing: every request needs it.",
        ),
        ('{"text":5}', "text", "`text` must be a string, not a number."),
        ('{"text":"","count":"5"}', "count", "`count` must be a number or null, not a string."),
        ('{"text":"","flag":1}', "flag", "`flag` must be true or false or null, not a number."),
        ('{"text":"","inner":{}}', "inner", "`inner` must be a list or null, not an object."),
        ('{"text":"","inner":[[]]}', "inner[0]", "`inner[0]` must be an object, not a list."),
        ('{"text":null}', "text", "`text` must be a string, not null."),
        ('{"text":true}', "text", "`text` must be a string, not true or false."),
        ('{"text":"","count":1e999}', "count", "`count` cannot be used: Number out of range."),
        ("[]", None, "The body must be an object, not a list."),
        ('"text"', None, "The body must be an object, not a string."),
        ("null", None, "The body must be an object, not null."),
    ],
)
def test_a_wrong_value_is_named_with_its_path_in_plain_words(
    body: str, param: str | None, message: str
) -> None:
    assert refusal(body) == (param, message)


@pytest.mark.parametrize("body", ["", " \r\n\t"])
def test_an_empty_body_is_refused(body: str) -> None:
    assert refusal(body) == (None, "The body is empty: send one JSON object.")


@pytest.mark.parametrize(
    "body",
    [
        "{",
        '{"text":"hi"} x',
        '{"text":"hi",}',
        '{"text":"hi","count":NaN}',
        '{"text":"hi","x":Infinity}',
        '{"text":"a\nb"}',
        r'{"text":"\q"}',
        r'{"text":"\ud83"}',
        '{"text":"hi"}'.encode("utf-16"),
        b"\xef\xbb\xbf{}",
        "text=hi",
    ],
)
def test_what_is_no_json_is_refused(body: bytes | str) -> None:
    param, message = refusal(body)
    assert param is None
    assert message.startswith("The body is not valid JSON: ")


@pytest.mark.parametrize("body", [b'{"text":"\xff"}', b'{"text":"\xed\xa0\x80"}'])
def test_what_is_no_utf_8_is_refused(body: bytes) -> None:
    assert refusal(body) == (None, "The body is not valid UTF-8: send JSON in UTF-8.")


@pytest.mark.parametrize("level", ["[", '{"a":'])
def test_endless_nesting_is_refused(level: str) -> None:
    param, message = refusal('{"text":"hi","x":' + level * 100_000)
    assert param is None
    assert message.startswith("The body is nested too deeply")


@pytest.mark.parametrize("levels", [128, 129, 900])
def test_more_levels_than_anybody_needs_are_refused_though_they_can_be_read(levels: int) -> None:
    body = '{"text":"hi","x":' + "[" * (levels - 1) + "]" * (levels - 1) + "}"
    if levels <= 128:
        assert read(body).text == "hi"
    else:
        assert refusal(body) == (
            None,
            "The body is nested too deeply: send at most 128 levels of lists and objects.",
        )


@pytest.mark.parametrize(
    ("escaped", "text"),
    [
        (r"\ud83d", "\ufffd"),
        (r"\ude00", "\ufffd"),
        (r"\ude00\ud83d", "\ufffd\ufffd"),
        (r"\ud83d\ud83d\ude00", "\ufffd😀"),
        (r"\uD83D\uDE00 \uD83D", "😀 \ufffd"),
        (r"\ud83dA", "\ufffdA"),
        (r"\\\ud83d", "\\\ufffd"),
        (r"\\ud83d \ud83d", "\\ud83d \ufffd"),
        (r"\"\n\ud83d", '"\n\ufffd'),
    ],
)
def test_half_a_surrogate_pair_becomes_a_replacement_character(escaped: str, text: str) -> None:
    assert read(f'{{"text":"{escaped}"}}').text == text


def test_a_wrong_value_beside_half_a_surrogate_pair_is_still_named() -> None:
    assert refusal(r'{"text":"\ud83d","flag":1}')[0] == "flag"
    assert refusal(r'{"text":"\ud83d",}')[1].startswith("The body is not valid JSON")


@given(st.text(st.sampled_from('\ud83d\ude00\ud800\udfff\\"u') | st.characters()))
@settings(deadline=None)
def test_any_text_that_json_can_hold_is_read(text: str) -> None:
    # Python writes each half of a pair as an escape, so the halves that belong together meet in the JSON.
    whole = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    assert read(json.dumps({"text": text})).text == whole
