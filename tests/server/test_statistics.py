from lmarena_bridge.server.board.statistics import SPANS, steps


def row(
    at: float, status: int = 200, first: float | None = 0.5, total: float = 1.5
) -> dict[str, float | int | None]:
    return {"started": at, "status": status, "first": first, "total": total, "tokens": 50}


def test_each_step_has_its_own_figures_and_the_last_one_is_now() -> None:
    now = 1_000_000.0
    found = steps([row(now - 61), row(now, first=2.0, total=3.0), row(now - 99_999)], now=now, span="hour")
    assert len(found) == 60
    assert found[-1].at <= now < found[-1].at + 60
    assert [step.answered for step in found[-3:]] == [0, 1, 1]
    assert (found[-1].first, found[-1].speed, found[-1].tokens) == (2.0, 50.0, 50)
    assert (found[0].first, found[0].first_slow, found[0].speed) == (None, None, None)


def test_a_failure_is_one_but_a_client_that_left_is_none() -> None:
    found = steps([row(999.0, 429, None), row(999.0, 499), row(999.0)], now=1000.0, span="hour")
    assert (found[-1].answered, found[-1].failed) == (1, 1)


def test_the_slow_ones_are_told_beside_the_middle() -> None:
    rows = [row(999.0, first=each / 100, total=each / 100) for each in range(100)]
    last = steps(rows, now=1000.0, span="day")[-1]
    assert (last.first, last.first_slow, last.speed) == (0.5, 0.95, None)


def test_every_span_is_made_of_whole_steps() -> None:
    assert all(length % each == 0 for length, each in SPANS.values())
