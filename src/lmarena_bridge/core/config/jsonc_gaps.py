"""The gaps of a JSONC text: white space and comments between two of its values.

Whoever takes a value out or puts one in may move white space, but no comment may be lost or changed.
"""

import re
from typing import Final

_BLANKS: Final = " \t\r\n"
_COMMENT: Final = r"//[^\r\n]*+|/\*(?:[^*]++|\*(?!/))*+\*/"
_PIECE: Final = re.compile(rf'"(?:[^"\\]++|\\.)*+"|({_COMMENT})', re.DOTALL)
# Comments behind a value that end on its line.
_SAME_LINE: Final = re.compile(
    r"(?:[ \t]*+/\*(?:[^*\r\n]|\*(?!/))*+\*/)*+(?:[ \t]*+//[^\r\n]*+)?[ \t]*+(?=[\r\n])"
)
_NEWLINE: Final = re.compile(r"\r\n|\r|\n")


def comments(text: str) -> tuple[str, ...]:
    """All comments, as they stand. `text` is JSONC, or a piece that begins in no string and no comment."""
    return tuple(piece[1] for piece in _PIECE.finditer(text) if piece[1])


def newlines(text: str) -> int:
    return len(_NEWLINE.findall(text))


def first_newline(text: str) -> str | None:
    """How the first line ends."""
    found = _NEWLINE.search(text)
    return found[0] if found else None


def needs_newline(gap: str) -> bool:
    """Whether the last comment of a gap reaches as far as its line does."""
    said = comments(gap)
    return bool(said) and said[-1].startswith("//")


def split_blanks(gap: str) -> tuple[str, str]:
    """A gap as far as its last comment, and the white space behind that."""
    ends = [piece.end() for piece in _PIECE.finditer(gap)]
    end = ends[-1] if ends else 0
    return gap[:end], gap[end:]


def split_line(gap: str) -> tuple[str, str]:
    """What of a gap belongs to the value before it: the comments on the same line; and the rest."""
    found = _SAME_LINE.match(gap)
    end = found.end() if found else 0
    return gap[:end], gap[end:]


def close_up(left: str, gap: str, *, at_end: bool) -> str:
    """One gap of two, after the value between them is gone.

    Of the white space that meets, the part with more lines stays. `at_end`: a bracket follows, not a value.
    """
    body, blanks = split_blanks(left)
    rest = gap.lstrip(_BLANKS)
    lead = gap[: len(gap) - len(rest)]
    if at_end and not rest and not needs_newline(body):
        return body + lead
    takes_its_place = not newlines(lead) and not rest and not at_end
    kept = blanks if takes_its_place or newlines(blanks) > newlines(lead) else lead
    return body + kept + rest
