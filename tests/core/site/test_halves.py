import pytest
from hypothesis import given
from hypothesis import strategies as st

from lmarena_bridge.core.site.halves import HalfKeeper, whole

UTF16_UNITS = st.lists(
    st.one_of(st.integers(0, 0xFFFF), st.sampled_from([0xD83D, 0xDE00, 0xD800, 0xDFFF, 0x61])), max_size=20
)


def javascript(units: list[int]) -> str:
    """A string of JavaScript, halves of characters and all."""
    return b"".join(unit.to_bytes(2, "little") for unit in units).decode("utf-16-le", "surrogatepass")


@pytest.mark.parametrize("text", ["", "plain", "zażółć 🎯 哦"])
def test_a_text_of_whole_characters_stays_as_it_is(text: str) -> None:
    keeper = HalfKeeper()
    assert whole(text) == text
    assert keeper.mend(text) == text
    assert not keeper.held
    assert keeper.flush() == ""


def test_a_character_cut_in_half_comes_with_its_second_half() -> None:
    keeper = HalfKeeper()
    assert keeper.mend("a\ud83d") == "a"
    assert keeper.held
    assert keeper.mend("\ude00b") == "😀b"
    assert not keeper.held


def test_halves_that_stand_together_are_one_character() -> None:
    assert whole("\ud83d\ude00") == "😀"
    assert HalfKeeper().mend("\ud83d\ude00") == "😀"


@pytest.mark.parametrize(
    ("text", "shown"),
    [("\ude00", "\ufffd"), ("a\ude00\ud83db", "a\ufffd\ufffdb"), ("\ud83d\ud83d\ude00", "\ufffd😀")],
)
def test_a_half_on_its_own_becomes_a_replacement_character(text: str, shown: str) -> None:
    assert whole(text) == shown
    assert HalfKeeper().mend(text) == shown


def test_a_first_half_whose_second_never_comes_is_replaced() -> None:
    keeper = HalfKeeper()
    assert keeper.mend("\ud83d") == ""
    assert keeper.mend("x") == "\ufffdx"
    keeper.mend("\ud83d")
    assert keeper.flush() == "\ufffd"
    assert keeper.flush() == ""


def test_an_empty_delta_keeps_the_half() -> None:
    keeper = HalfKeeper()
    keeper.mend("\ud83d")
    assert keeper.mend("") == ""
    assert keeper.mend("\ude00") == "😀"


@given(deltas=st.lists(UTF16_UNITS))
def test_where_a_text_is_cut_makes_no_difference(deltas: list[list[int]]) -> None:
    keeper = HalfKeeper()
    pieces = [keeper.mend(javascript(units)) for units in deltas]
    mended = "".join([*pieces, keeper.flush()])
    assert mended == whole("".join(map(javascript, deltas)))
    assert mended.encode("utf-8").decode("utf-8") == mended


@pytest.mark.parametrize("character", ["\U00010000", "\U0010ffff", "😀"])
def test_each_half_of_the_first_and_the_last_character_is_known(character: str) -> None:
    units = character.encode("utf-16-le")
    first, second = (javascript([int.from_bytes(unit, "little")]) for unit in (units[:2], units[2:]))
    keeper = HalfKeeper()
    assert [keeper.mend(first), keeper.mend(second)] == ["", character]
