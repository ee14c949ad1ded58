from lmarena_bridge.server.trickle import Trickle


def test_some_pass_at_once_then_one_now_and_then_that_counts_the_others() -> None:
    trickle = Trickle(burst=3, every=10.0)
    assert [trickle.passed(1000.0) for _ in range(5)] == [0, 0, 0, None, None]
    assert trickle.passed(1009.0) is None
    assert trickle.passed(1010.0) == 3
    assert trickle.passed(1010.0) is None


def test_a_long_pause_makes_no_longer_burst() -> None:
    trickle = Trickle(burst=2, every=10.0)
    for _ in range(2):
        trickle.passed(0.0)
    assert [trickle.passed(1e6) for _ in range(3)] == [0, 0, None]
