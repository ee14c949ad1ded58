import pytest

from lmarena_bridge.core.chat.calling.markers import Markers, markers


def test_the_markers_of_a_request_carry_its_nonce() -> None:
    made = markers("A1B2-c3d4-e5f6-0000")
    assert made == Markers("a1b2c3d4")
    assert made.open == "<tool_call_a1b2c3d4>"
    assert made.close == "</tool_call_a1b2c3d4>"
    assert made.result == "<tool_result_a1b2c3d4"
    assert made.result_close == "</tool_result_a1b2c3d4>"


@pytest.mark.parametrize("nonce", ["", "short", "a1b2c3d>", "A1B2C3D4", "a b c d e", "x" * 33])
def test_a_nonce_that_could_be_guessed_or_would_break_the_grammar_is_refused(nonce: str) -> None:
    with pytest.raises(ValueError, match="nonce"):
        Markers(nonce)
