import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.api.openai.contents import contents_of


def body_of(*messages: object) -> bytes:
    return json.dumps({"model": "m", "messages": messages}, ensure_ascii=False).encode()


def said(text: str) -> dict[str, object]:
    return {"role": "user", "content": text}


@pytest.mark.parametrize("kind", [bytes, bytearray])
def test_contents_are_told_as_they_were_written(kind: type[bytes | bytearray]) -> None:
    body = '{"messages":[{"content" : "zażółć \\/ \\"x\\"" },{"role":"user"},{"content":"😀","content":"b"}]}'
    assert [bytes(each).decode() for each in contents_of(kind(body.encode()))] == [
        '"zażółć \\/ \\"x\\""',
        "",
        '"b"',
    ]


def test_what_is_plain_ascii_is_written_anew_for_that_costs_nothing() -> None:
    assert contents_of(body_of(said("Hello"))) == ()


@pytest.mark.parametrize("escape", ["\\u0105", "\\ud83d", "\\\\u"])
def test_escapes_by_number_are_not_passed_on(escape: str) -> None:
    assert contents_of(f'{{"messages":[{{"content":"ą{escape}"}}]}}'.encode()) == ()


@given(st.lists(st.text(st.characters(exclude_categories=["Cs", "Cc"]), min_size=1), min_size=1, max_size=4))
def test_they_mean_what_was_said(texts: list[str]) -> None:
    told = contents_of(body_of(*map(said, texts), said("ą")))
    if told:
        assert [msgspec.json.decode(each) for each in told] == [*texts, "ą"]
