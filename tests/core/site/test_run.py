import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.chat.events import ReasoningDelta, TextDelta
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.run import read_run
from lmarena_bridge.core.site.stream import StreamParser

RUN = b'a0:"'


def line(text: str) -> bytes:
    return b"a0:" + msgspec.json.encode(text) + b"\n"


def burst(*texts: str) -> bytes:
    return b"".join(map(line, texts))


@pytest.mark.parametrize(
    "texts",
    [
        ["one", "two"],
        ["ends with a colon:", '"quoted"', "C:\\", "a\\\\", "\\", '\\"', "zażółć 🌉", " ", "a,b", '","'],
        ["line\nbreak", "\u2028", "a0:", 'a0:"', "x" * 1000],
    ],
)
def test_many_lines_are_many_texts(texts: list[str]) -> None:
    data = burst(*texts)
    assert read_run(data, RUN) == (texts, len(data))


def test_blanks_behind_a_text_are_none_of_it() -> None:
    data = line("one") + b'a0:"two" \r\n' + line("three")
    assert read_run(data, RUN) == (["one", "two", "three"], len(data))


def test_what_comes_after_the_last_line_of_the_run_is_left() -> None:
    data = burst("one", "two")
    assert read_run(data + b'ad:{"finishReason":"stop"}\n', RUN) == (["one", "two"], len(data))
    assert read_run(data + b'a0:"not whole', RUN) == (["one", "two"], len(data))
    assert read_run(data + b"a0:", RUN) == (["one", "two"], len(data))


@pytest.mark.parametrize(
    "data",
    [
        b"",
        line("one"),
        b"a2:[]\n" + burst("one", "two"),
        line("one") + b'ag:"thought"\n' + line("two"),
        line("one") + b'a0:"two" "three"\n' + line("four"),
        line("one") + b'a0:"two""three"\n' + line("four"),
        line("one") + b'"two"\n' + line("three"),
        line("one") + b"\n" + line("two"),
        line("one") + b'a0:"two"\x0b\n' + line("three"),
        line("one") + b'a0:"two\ta0:"\n' + line("three"),
        line("one") + b'a0:"\n' + line("two"),
        line("one") + b'a0:"a","b"\n' + line("two"),
        line("one") + b'a0:"half \\ud83c"\n' + line("two"),
        line("one") + b'a0:"\xff"\n' + line("two"),
        # Neither of two lines is a text, but together they would be two.
        b'a0:"a\\"\n' + b'a0:","b"\n',
        b'a0:"a\\\\\\"\n' + b'a0:","b"\n',
    ],
)
def test_what_is_not_as_simple_as_that_is_left_to_others(data: bytes) -> None:
    assert read_run(data, RUN) == ([], 0)


ODD = st.sampled_from(
    [
        b"\r",
        b"\n",
        b"\t",
        b'""',
        b"a0:",
        b'"',
        b"\\",
        b",",
        b"a",
        b'\\"',
        b"\n",
        b'\na0:"',
        b'"\na0:"',
        b'"\n',
        b" ",
    ]
)


@given(st.lists(ODD, max_size=30))
def test_a_burst_is_read_as_its_lines_are(pieces: list[bytes]) -> None:
    """Whatever the bytes are: one call for all of them, or one for each line, which is never a burst."""
    data = line("begun" * 60) + b'a0:"' + b"".join(pieces) + b'"\n' + line("end")
    at_once, by_line = outcome([data]), outcome([each + b"\n" for each in data.split(b"\n")[:-1]])
    assert at_once == by_line


def outcome(pieces: list[bytes]) -> tuple[str, str]:
    """The text, and how it ended."""
    parser, text = StreamParser("a"), ""
    try:
        for piece in [*pieces, b""]:
            for event in parser.feed(piece):
                assert isinstance(event, TextDelta | ReasoningDelta)
                text += event.text
    except BridgeError as error:
        return text, error.message
    return text, ""
