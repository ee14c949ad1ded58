import base64

import pytest
from hypothesis import given
from hypothesis import strategies as st

from filebed.beds import PNG, cut_at, data_uri
from lmarena_bridge.filebed.data_uri import DataUri
from lmarena_bridge.filebed.problems import BadUpload


def decoded(*pieces: bytes) -> tuple[bytes, str]:
    uri = DataUri()
    out = b"".join([uri.feed(piece) for piece in pieces])
    uri.finish()
    return out, uri.content_type


def test_a_uri_is_the_same_at_every_cut() -> None:
    text = data_uri(PNG, "image/png").encode()
    for at in range(len(text) + 1):
        assert decoded(*cut_at(text, [at])) == (PNG, "image/png")


def test_a_uri_byte_by_byte() -> None:
    text = data_uri(PNG, "image/png").encode()
    assert decoded(*cut_at(text, range(1, len(text)))) == (PNG, "image/png")


@given(data=st.binary(max_size=200), cuts=st.lists(st.integers(0, 300), max_size=5))
def test_any_bytes_come_back(data: bytes, cuts: list[int]) -> None:
    text = data_uri(data).encode()
    assert decoded(*cut_at(text, sorted(min(cut, len(text)) for cut in cuts)))[0] == data


@pytest.mark.parametrize(
    ("header", "content_type"),
    [
        ("data:image/png;base64,", "image/png"),
        ("DATA:image/png;BASE64,", "image/png"),
        ("data:;base64,", ""),
        ("data:text/plain;charset=utf-8;base64,", "text/plain"),
    ],
)
def test_headers_as_programs_write_them(header: str, content_type: str) -> None:
    assert decoded(header.encode() + b"YWJj") == (b"abc", content_type)


def test_line_breaks_in_the_base64_are_no_damage() -> None:
    assert decoded(b"data:;base64,YW\r\nJj\n", b"ZGVm\n") == (b"abcdef", "")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "YWJj",
        "data:image/png",
        "data:image/png;base64",
        "data:text/plain,hello",
        "https://example.org/a,b",
        "data:;base64,YWJ",
        "data:;base64,Y",
        "data:;base64,YWJj=",
        "data:;base64,YW=j",
        "data:;base64,YQ==YWJj",
        "data:;base64,====",
        "data:;base64,YW!j",
        "data:;base64,YW_j",
        "data:;base64,ĄĘ",
        "data:" + "x" * 2000 + ";base64,YWJj",
        "x" * 5000,
    ],
)
def test_what_is_damaged_is_refused_at_every_cut(text: str) -> None:
    data = text.encode()
    for at in (*range(min(len(data), 40)), len(data)):
        with pytest.raises(BadUpload):
            decoded(*cut_at(data, [at]))


def test_nothing_but_a_few_bytes_is_held() -> None:
    uri = DataUri()
    given = sum(len(uri.feed(part)) for part in (b"data:;base64,", *[base64.b64encode(b"x" * 3000)] * 50))
    assert given == 150_000
