"""Small sums: finds one in a sentence and works it out exactly."""

import re
from collections.abc import Callable, Mapping
from fractions import Fraction

_NUMBER = r"\d{1,15}(?:[.,]\d{1,9})?"
_SUM = re.compile(rf"[-(\s]*{_NUMBER}[\s)]*(?:[-+*/×x÷·^][-(\s]*{_NUMBER}[\s)]*)+")
_TOKEN = re.compile(rf"{_NUMBER}|[-+*/()^]")
_DATE = re.compile(r"\d{4}-\d\d-\d\d")
_SIGNS = str.maketrans({"×": "*", "x": "*", "·": "*", "÷": "/", ",": "."})

Operation = Callable[[Fraction, Fraction], Fraction]


def _power(base: Fraction, exponent: Fraction) -> Fraction:
    if exponent.denominator != 1 or abs(exponent) > 64:
        raise ValueError("only small whole powers")
    return Fraction(base ** int(exponent))


_LEVELS: tuple[Mapping[str, Operation], ...] = (
    {"+": lambda left, right: left + right, "-": lambda left, right: left - right},
    {"*": lambda left, right: left * right, "/": lambda left, right: left / right},
    {"^": _power},
)


def worked_out(question: str) -> str | None:
    """`12 * 4` in a sentence as `12 * 4 = 48`; None when there is no sum, or none that can be done."""
    found = _SUM.search(question)
    if not found or _DATE.search(question):
        return None
    shown = found[0].strip()
    try:
        value = _evaluate(_TOKEN.findall(shown.translate(_SIGNS)))
    except (ValueError, ZeroDivisionError, IndexError):
        return None
    return f"{shown} = {_shown(value)}"


def _evaluate(tokens: list[str]) -> Fraction:
    value = _level(tokens, 0)
    if tokens:
        raise ValueError("something is left over")
    return value


def _level(tokens: list[str], depth: int) -> Fraction:
    if depth == len(_LEVELS):
        return _factor(tokens)
    value = _level(tokens, depth + 1)
    while tokens and tokens[0] in _LEVELS[depth]:
        operation = _LEVELS[depth][tokens.pop(0)]
        value = operation(value, _level(tokens, depth + 1))
    return value


def _factor(tokens: list[str]) -> Fraction:
    first = tokens.pop(0)
    if first == "-":
        return -_factor(tokens)
    if first != "(":
        return Fraction(first)
    value = _level(tokens, 0)
    if tokens.pop(0) != ")":
        raise ValueError("a bracket is not closed")
    return value


def _shown(value: Fraction) -> str:
    if value.denominator == 1:
        return str(value.numerator)
    return f"{float(value):.10g}"
