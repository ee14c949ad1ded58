import pytest

from lmarena_bridge.demo.directives import read_directives
from lmarena_bridge.demo.performance import Hang, Pause, Reset, Step, Write, perform

LINES = ['a0:"Zażółć "\n', 'a0:"gęślą"\n', 'a0:" jaźń 🦦"\n', 'ad:{"finishReason":"stop"}\n']
WHOLE = "".join(LINES).encode("utf-8")


def steps(directives: str, pace_ms: float | None = 0) -> list[Step]:
    return list(perform(iter(LINES), read_directives(directives), "a", pace_ms))


def sent(directives: str) -> bytes:
    return b"".join(step.data for step in steps(directives) if isinstance(step, Write))


def test_each_line_is_one_write_with_a_lively_pause_behind() -> None:
    done = steps("", None)
    assert [step.data for step in done if isinstance(step, Write)] == [line.encode() for line in LINES]
    pauses = [step.seconds for step in done if isinstance(step, Pause)]
    assert len(pauses) == 4
    assert all(0.015 <= pause <= 0.040 for pause in pauses)


def test_the_pace_can_be_set_by_the_arena_and_by_the_message() -> None:
    assert Pause(0.2) in steps("", 200)
    assert Pause(0.005) in steps("#arena:pace=5", 200)
    assert not any(isinstance(step, Pause) for step in steps("", 0))


def test_a_big_answer_does_not_dawdle() -> None:
    assert not any(isinstance(step, Pause) for step in steps("#arena:size=9", None))


def test_silence_comes_before_the_first_byte() -> None:
    assert steps("#arena:silent=2")[0] == Pause(2)


@pytest.mark.parametrize(("directive", "size"), [("bytes-one-by-one", 1), ("cut=3", 3)])
def test_writes_are_cut_anywhere_and_lose_nothing(directive: str, size: int) -> None:
    writes = [step.data for step in steps(f"#arena:{directive}") if isinstance(step, Write)]
    assert max(map(len, writes)) == size
    assert b"".join(writes) == WHOLE


def test_many_lines_can_be_one_write() -> None:
    assert steps("#arena:lines=3", None) == [Write(WHOLE)]


def test_what_stands_between_the_lines() -> None:
    assert sent("#arena:heartbeat").count(b'a2:[{"type":"heartbeat"}]\n') == 4
    unknown = sent("#arena:unknown-codes")
    assert all(code in unknown for code in (b"\nae:", b"\na8:", b"\nah:")) and unknown.startswith(b"af:")
    assert sent("#arena:blank-lines").startswith(b"\na0:")
    assert sent("#arena:carriage-returns") == WHOLE.replace(b"\n", b"\r\n")
    assert sent("#arena:data-prefix").startswith(b'data: a0:"')


def test_a_torn_answer_ends_in_the_middle_of_its_last_line_of_text() -> None:
    torn = sent("#arena:torn")
    assert WHOLE.startswith(torn)
    assert torn.count(b"\n") == 2 and not torn.endswith(b"\n")


def test_an_answer_can_end_in_the_middle_of_a_character() -> None:
    torn = sent("#arena:torn-utf8")
    with pytest.raises(UnicodeDecodeError, match="unexpected end of data"):
        torn.decode("utf-8")


def test_an_answer_can_end_without_its_finish() -> None:
    assert sent("#arena:no-finish").decode("utf-8") == "".join(LINES[:-1])


@pytest.mark.parametrize(("directive", "last"), [("hang", Hang()), ("reset", Reset())])
def test_one_piece_and_then_trouble(directive: str, last: Step) -> None:
    assert steps(f"#arena:{directive}") == [Write(LINES[0].encode("utf-8")), last]


def test_errors_inside_a_good_answer() -> None:
    error = 'a3:"An error occurred in the practice arena"\n'
    assert sent("#arena:error-line").decode("utf-8") == LINES[0] + error
    assert sent("#arena:error-object") == b'{"error":"Something went wrong in the practice arena"}'
    assert steps("#arena:empty") == []


def test_directives_add_up() -> None:
    done = steps("#arena:cut=4 #arena:heartbeat #arena:no-finish")
    # The finishing line is left out; its heartbeat is not.
    assert sent("#arena:cut=4 #arena:heartbeat #arena:no-finish").count(b"heartbeat") == 4
    assert all(len(step.data) <= 4 for step in done if isinstance(step, Write))
