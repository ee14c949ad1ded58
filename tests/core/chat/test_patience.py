import pytest

from lmarena_bridge.core.chat.patience import Patience
from lmarena_bridge.core.errors import TabSilent


def test_a_client_gets_a_sign_of_life_each_time_it_was_quiet_for_long_enough() -> None:
    patience = Patience(100.0, quiet=10, longest=1000)
    assert [patience.wants_sign(now) for now in (105, 109.9, 110, 119, 120.5)] == [
        False,
        False,
        True,
        False,
        True,
    ]


def test_what_comes_of_the_answer_is_a_sign_itself() -> None:
    patience = Patience(0.0, quiet=10, longest=1000)
    patience.heard_at = 9
    assert not patience.wants_sign(18)
    assert patience.wants_sign(19)


def test_signs_of_life_alone_are_no_answer() -> None:
    patience = Patience(0.0, quiet=10, longest=60)
    assert all(patience.wants_sign(now) for now in range(10, 60, 10))
    with pytest.raises(TabSilent, match=r"For 60 s .* answer_wait_seconds"):
        patience.wants_sign(60)


def test_each_word_begins_the_wait_anew() -> None:
    patience = Patience(0.0, quiet=10, longest=60)
    patience.heard_at = 59
    assert patience.wants_sign(118)
    with pytest.raises(TabSilent):
        patience.wants_sign(119)
