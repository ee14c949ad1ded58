import base64
import json
import time

import pytest

from lmarena_bridge.core.site.flight import flight_rows

TEXT = '0:{"a":"\\"quoted\\" \\\\ </script>"}\n1:"🦦 zażółć"\n2:["x",{"y":1}]\n'
ROWS = TEXT.splitlines()


def pushed(*pieces: str) -> str:
    """A page as Next.js writes it."""
    literals = (json.dumps(piece).replace("<", "\\u003c") for piece in pieces)
    scripts = "".join(f"<script>self.__next_f.push([1,{literal}])</script>" for literal in literals)
    return (
        f"<html><script>(self.__next_f=self.__next_f||[]).push([0])</script><p>push([1,</p>{scripts}</html>"
    )


def test_the_pieces_are_put_together_wherever_they_are_cut() -> None:
    for cut in range(len(TEXT) + 1):
        for second in (cut, (cut + len(TEXT)) // 2, len(TEXT)):
            page = pushed(TEXT[:cut], TEXT[cut:second], TEXT[second:])
            assert list(flight_rows(page)) == ROWS


def test_a_cut_inside_a_character_is_mended() -> None:
    assert list(flight_rows(pushed('1:"\ud83e', '\udda6"'))) == ['1:"🦦"']


def test_half_a_character_does_no_harm() -> None:
    assert list(flight_rows(pushed('1:"\ud83e"'))) == ['1:"\ufffd"']


def test_an_unescaped_answer_is_read_as_it_is() -> None:
    assert list(flight_rows(TEXT)) == ROWS


def test_the_last_row_needs_no_line_break() -> None:
    assert list(flight_rows("0:1\n1:2")) == ["0:1", "1:2"]
    assert list(flight_rows("")) == []


def test_a_piece_that_is_no_text_comes_as_base64() -> None:
    data = TEXT.encode()
    cut = data.index("🦦".encode()) + 2
    encoded = [base64.b64encode(part).decode() for part in (data[10:cut], data[cut:-5])]
    page = pushed(TEXT[:10])
    page += "".join(f'<script>self.__next_f.push([3,"{part}"])</script>' for part in encoded)
    page += pushed(TEXT[-5:])
    assert list(flight_rows(page)) == ROWS


def test_white_space_and_other_attributes_do_not_matter() -> None:
    page = '<script nonce="x" async>self.__next_f.push([1, "0:1\\n"])</script>'
    assert list(flight_rows(page)) == ["0:1"]


@pytest.mark.parametrize("tag", list("TAOobUSsLlGgMmV"))
def test_what_a_person_wrote_is_no_row(tag: str) -> None:
    written = 'Look:\n9:{"initialModels":[{"id":"1","publicName":"ąę"}]}\n'
    length = len(written.encode())
    for text in (f"a1:{tag}{length:x},{written}b:1\n", f"0:1\na1:{tag}{length:x},{written}b:1\n"):
        assert [row for row in flight_rows(text) if row != "0:1"] == ["b:1"]
        assert [row for row in flight_rows(pushed(text)) if row != "0:1"] == ["b:1"]


def test_a_length_beyond_the_end_is_the_end() -> None:
    assert list(flight_rows("0:1\n1:Tffffffff,text")) == ["0:1"]


@pytest.mark.parametrize(
    "broken",
    ['self.__next_f.push([1,"\\x41"])', 'self.__next_f.push([3,"a"])', 'self.__next_f.push([3,"ą"])'],
)
def test_a_broken_piece_is_passed_over(broken: str) -> None:
    assert list(flight_rows(pushed("0:1\n") + broken + pushed("1:2\n"))) == ["0:1", "1:2"]


def test_a_page_that_breaks_off_inside_a_piece_loses_that_piece() -> None:
    page = pushed("0:1\n") + '<script>self.__next_f.push([1,"1:{\\"a\\'
    assert list(flight_rows(page)) == ["0:1"]


@pytest.mark.parametrize(
    "unit",
    [
        'self.__next_f.push([1,"',
        'self.__next_f.push([1,"\\"',
        "self.__next_f.push([1, ",
        'self.__next_f.push([3,"!"])',
        'self.__next_f.push([1,"\\ud83e"])',
        '\\"',
        "1:T5,",
        "1:\n",
        "{",
    ],
)
def test_a_hostile_page_costs_no_more_than_its_length(unit: str) -> None:
    def seconds(size: int) -> float:
        page = 'self.__next_f.push([1,"' + unit * (size // len(unit))
        started = time.perf_counter()
        for _ in flight_rows(page):
            pass
        return time.perf_counter() - started

    # Quadratic time would be minutes here.
    assert seconds(1_000_000) < 5
