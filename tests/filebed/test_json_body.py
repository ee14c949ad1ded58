import json

import pytest

from filebed.beds import PNG, as_json, cut_at, data_uri
from lmarena_bridge.filebed.json_body import JsonBody
from lmarena_bridge.filebed.problems import BadUpload

KNOWN = as_json(PNG, "image/png", file_name='a "name\\".png', api_key="the key")


def read(*pieces: bytes) -> tuple[bytes, str, str]:
    body = JsonBody()
    out = b"".join([body.feed(piece) for piece in pieces])
    body.finish()
    return out, body.content_type, body.api_key


def test_the_known_json_is_the_same_at_every_cut() -> None:
    for at in range(len(KNOWN) + 1):
        assert read(*cut_at(KNOWN, [at])) == (PNG, "image/png", "the key")


def test_the_known_json_byte_by_byte() -> None:
    assert read(*cut_at(KNOWN, range(1, len(KNOWN)))) == (PNG, "image/png", "the key")


def test_the_fields_come_in_any_order_with_any_white_space() -> None:
    fields = {
        "api_key": "k",
        "file_data": data_uri(b"abc"),
        "more": [1, {"file_data": "x"}],
        "file_name": "n",
    }
    for order in (list(fields), list(reversed(fields))):
        text = json.dumps({name: fields[name] for name in order}, indent=3).encode()
        assert read(*cut_at(text, range(1, len(text)))) == (b"abc", "application/octet-stream", "k")


@pytest.mark.parametrize("wanted", [("/", "\\/"), ("+", "\\u002b"), ("=", "\\u003D"), (";", "\\u003b")])
def test_escapes_that_some_programs_write_mean_what_they_mean(wanted: tuple[str, str]) -> None:
    data = bytes(range(256))
    text = as_json(data).decode()
    head, tail = text.split("data:")
    escaped = f"{head}data:{tail.replace(*wanted)}".encode()
    assert escaped != text.encode()
    for at in range(len(escaped)):
        assert read(*cut_at(escaped, [at]))[0] == data


def test_a_key_of_any_script_is_read() -> None:
    assert read(as_json(b"x", api_key="zażółć 🔑"))[2] == "zażółć 🔑"
    assert (
        read(json.dumps({"file_data": data_uri(b"x"), "api_key": "🔑"}, ensure_ascii=False).encode())[2]
        == "🔑"
    )


def test_without_a_key_it_is_empty() -> None:
    assert read(as_json(b"x"))[2] == ""
    assert read(as_json(b"x", api_key=None))[2] == ""


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b'"file_data"',
        b'{"file_data": null}',
        b'{"file_data": 5}',
        b'{"file_data": {"a": "data:;base64,YWJj"}}',
        b'{"file_data": ["data:;base64,YWJj"]}',
        b'[{"file_data": "data:;base64,YWJj"}]',
        b'{"a": {"file_data": "data:;base64,YWJj"}}',
        b'{"file_data": ""}',
        b'{"file_data": "abc"}',
        b'{"file_data": "data:;base64,YWJj"',
        b'{"file_data": "data:;base64,YWJj',
        b'{"file_data": "data:;base64,YWJj\\',
        b'{"file_data": "data:;base64,YWJj\\u00',
        b'{"file_data": "data:;base64,YW\\u0119Jj"}',
        b'{"file_data": "data:;base64,YW\\qJj"}',
        b'{"file_data": "data:;base64,YWJj"} x',
        b'{"file_data": "data:;base64,YWJj"}}',
        b'{"file_data": "data:;base64,YWJj", "file_data": "data:;base64,YWJj"}',
        b'{"file_data": "data:;base64,YWJj", "api_key": 5}',
        b'{"file_data": "data:;base64,YWJj", "api_key": "' + b"k" * 70_000 + b'"}',
        b'{"file_data" "data:;base64,YWJj"}',
        b'{"file\\u005fdata": "data:;base64,YWJj"}',
        b'{"a": "file_data", "b" : "data:;base64,YWJj"}',
        b'{"api_key": "\xff", "file_data": "data:;base64,YWJj"}',
        b'\xff\xfe{"file_data": "data:;base64,YWJj"}',
        b"[" * 70_000,
        b" " * 70_000,
    ],
)
def test_anything_else_is_refused_at_every_cut(text: bytes) -> None:
    for at in (*range(min(len(text), 80)), len(text)):
        with pytest.raises(BadUpload):
            read(*cut_at(text, [at]))
