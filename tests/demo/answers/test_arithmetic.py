import pytest

from lmarena_bridge.demo.answers.arithmetic import worked_out


@pytest.mark.parametrize(
    ("question", "result"),
    [
        ("What is 12 * 4?", "12 * 4 = 48"),
        ("2+2", "2+2 = 4"),
        ("17 × 23", "17 × 23 = 391"),
        ("3x5", "3x5 = 15"),
        ("(1 + 2) * 3 please", "(1 + 2) * 3 = 9"),
        ("1 + 2 * 3", "1 + 2 * 3 = 7"),
        ("10 - 4 - 3", "10 - 4 - 3 = 3"),
        ("7 / 2", "7 / 2 = 3.5"),
        ("1 / 3", "1 / 3 = 0.3333333333"),
        ("2,5 * 2", "2,5 * 2 = 5"),
        ("0.1 + 0.2", "0.1 + 0.2 = 0.3"),
        ("2^10", "2^10 = 1024"),
        ("2 ^ -1", "2 ^ -1 = 0.5"),
        ("-3 + 5", "-3 + 5 = 2"),
        ("8 ÷ 2", "8 ÷ 2 = 4"),
    ],
)
def test_sums_are_worked_out(question: str, result: str) -> None:
    assert worked_out(question) == result


@pytest.mark.parametrize(
    "question",
    ["", "hello", "42", "1 / 0", "0 ^ -1", "2 ^ 1000", "2 ^ 0.5", "(1 + 2", "1 + 2)", "on 2026-01-02", "5 -"],
)
def test_what_is_no_sum_is_left_alone(question: str) -> None:
    assert worked_out(question) is None
