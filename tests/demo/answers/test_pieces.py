from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.demo.answers.pieces import pieces


@given(st.text())
def test_the_pieces_joined_are_the_text(text: str) -> None:
    assert "".join(pieces(text)) == text


def test_a_piece_is_one_to_three_words() -> None:
    cut = pieces("one two three four five six seven")
    assert len(cut) > 2
    assert all(1 <= len(piece.split()) <= 3 for piece in cut)


def test_nothing_has_no_pieces() -> None:
    assert pieces("") == []
