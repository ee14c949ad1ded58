"""Cuts an answer into the words and short phrases in which a model sends it."""

import re

_WORD = re.compile(r"\s*\S+\s*?(?=\s|$)|\s+")


def pieces(text: str) -> list[str]:
    """`text` in pieces of one to three words; joined they are `text` again."""
    words = _WORD.findall(text)
    cut: list[str] = []
    while words:
        size = 1 + len(words) % 3
        cut.append("".join(words[:size]))
        words = words[size:]
    return cut
