import json
from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.events import CitationFound
from lmarena_bridge.core.site.citations import CitationReader

# As recorded on 2025-12-01.
RECORDED = {
    "url": "https://example.org/a",
    "id": "1",
    "charLocation": [73, 414],
    "title": "A page",
    "favicon": "https://example.org/favicon.ico",
}
A = CitationFound("https://example.org/a", "A page")
B = CitationFound("https://example.org/b", "")


def part(arguments: str, call: str = "citation-source") -> dict[str, str]:
    return {"toolCallId": call, "argsTextDelta": arguments}


def found(*parts: object) -> list[CitationFound]:
    reader = CitationReader()
    return [event for each in parts for event in reader(each)]


ONE = json.dumps({"source": RECORDED})
TWO = json.dumps({"source": [RECORDED, {"url": "https://example.org/b"}]})


def test_a_source_is_found() -> None:
    assert found(part(ONE)) == [A]


def test_a_list_of_sources_is_found() -> None:
    assert found(part(TWO)) == [A, B]


def test_sources_of_one_call_after_another_are_found() -> None:
    assert found(part(ONE), part(TWO), part(ONE)) == [A, A, B, A]


def test_arguments_that_come_in_pieces_are_put_together_at_every_cut() -> None:
    for arguments, sources in ((ONE, [A]), (TWO, [A, B])):
        for first, second in combinations(range(len(arguments) + 1), 2):
            pieces = (arguments[:first], arguments[first:second], arguments[second:])
            assert found(*map(part, pieces)) == sources
        assert found(*map(part, arguments)) == sources


def test_pieces_of_several_calls_may_come_in_turns() -> None:
    assert found(part(ONE[:20], "x"), part(TWO[:30], "y"), part(ONE[20:], "x"), part(TWO[30:], "y")) == [
        A,
        A,
        B,
    ]


def test_a_character_cut_in_half_between_two_pieces_is_whole_again() -> None:
    front, back = '{"source":{"url":"https://example.org/a","title":"\ud83d', '\ude00 \ud83d"}}'
    assert found(part(front), part(back)) == [CitationFound("https://example.org/a", "😀 \ufffd")]


def test_a_beginning_that_is_never_finished_spoils_nothing() -> None:
    assert found(part(ONE[:40]), part(ONE), part(ONE)) == [A, A]


def test_arguments_without_a_source_spoil_nothing() -> None:
    assert found(part('{"source":null}'), part(ONE)) == [A]
    assert found(part('{"query":"x"}'), part(ONE)) == [A]
    assert found(part("[1]}"), part(ONE)) == [A]
    assert found(part('"}"'), part(ONE)) == [A]


@pytest.mark.parametrize(
    "arguments",
    [
        "",
        "{}",
        "}",
        "[]",
        "null",
        '{"source":7}',
        '{"source":[7,null,{}]}',
        '{"source":{"url":""}}',
        '{"source":{"url":7}}',
        '["}"]',
        "[" * 100_000 + "}",
        '{"source":' * 100_000 + "}",
    ],
)
def test_other_arguments_are_no_source(arguments: str) -> None:
    assert found(part(arguments)) == []


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "text",
        [],
        [part(ONE)],
        {},
        {"toolCallId": "x"},
        {"argsTextDelta": ONE},
        {"toolCallId": 1, "argsTextDelta": ONE},
    ],
)
def test_other_values_are_no_source(value: object) -> None:
    assert found(value) == []


def test_the_arguments_of_another_tool_are_forgotten_when_they_grow_too_long() -> None:
    pages = [part('{"html":"'), *(part("x" * 1000) for _ in range(70))]
    assert found(*pages, part(ONE)) == [A]
    # What was forgotten is not what comes next: the end of it completes nothing.
    assert found(part('{"source":{"url":"https://example.org/b","x":"'), *pages[1:], part('"}}')) == []


def test_calls_without_number_are_not_all_remembered() -> None:
    begun = [part("{", f"call {number}") for number in range(64)]
    assert found(*begun, part(ONE[:40], "one too many"), part(ONE[40:], "one too many")) == []
    assert found(*begun[1:], part(ONE[:40], "not too many"), part(ONE[40:], "not too many")) == [A]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(st.characters()),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["source", "url", "title"]), inner, max_size=3)
    ),
)


@given(st.lists(JSON.map(json.dumps) | st.text() | st.sampled_from([ONE[:30], ONE[30:]])))
def test_whatever_comes_gives_sources_that_can_be_written(pieces: list[str]) -> None:
    for source in found(*map(part, pieces)):
        assert source.url
        f"{source.url}{source.title}".encode()
