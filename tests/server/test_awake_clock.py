from lmarena_bridge.server.awake_clock import awake_clock


class Wall:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def felt(*away: float) -> list[float]:
    """How far the clock has come after each of these absences."""
    wall = Wall()
    clock = awake_clock(wall)
    began = clock()
    moved = []
    for seconds in away:
        wall.now += seconds
        moved.append(clock() - began)
    return moved


def test_while_the_process_runs_it_is_a_clock_like_any_other() -> None:
    assert felt(1, 1, 0.25, 3) == [1, 2, 2.25, 5.25]


def test_of_a_night_it_has_lived_some_seconds() -> None:
    assert felt(1, 8 * 3600, 1) == [1, 5, 6]


def test_it_never_goes_back() -> None:
    moved = felt(5, 100, 0, 4.1, 0, 3)
    assert moved == sorted(moved)
