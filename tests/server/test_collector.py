import gc
import weakref
from collections.abc import Iterator

import pytest

from lmarena_bridge.server.collector import collected_seldom


class Circle:
    def __init__(self) -> None:
        self.own = self


@pytest.fixture(autouse=True)
def usual() -> Iterator[tuple[int, int, int]]:
    """Python's own figures, whatever was set before."""
    before, figures = gc.get_threshold(), (700, 10, 10)
    gc.set_threshold(*figures)
    yield figures
    gc.set_threshold(*before)


def test_what_was_there_is_passed_over_only_while_a_server_runs(usual: tuple[int, int, int]) -> None:
    circle = Circle()
    there = weakref.ref(circle)
    with collected_seldom():
        assert gc.get_threshold() > usual
        del circle
        gc.collect()
        assert there() is not None
    gc.collect()
    assert there() is None
    assert gc.get_threshold() == usual


def test_it_ends_with_an_error_as_well(usual: tuple[int, int, int]) -> None:
    try:
        with collected_seldom():
            raise KeyError
    except KeyError:
        pass
    assert gc.get_threshold() == usual
