import gc
import weakref

from lmarena_bridge.server.collector import collected_seldom


class Circle:
    def __init__(self) -> None:
        self.own = self


def test_what_was_there_is_passed_over_only_while_a_server_runs() -> None:
    before = gc.get_threshold()
    circle = Circle()
    there = weakref.ref(circle)
    with collected_seldom():
        assert gc.get_threshold() != before
        del circle
        gc.collect()
        assert there() is not None
    gc.collect()
    assert there() is None
    assert gc.get_threshold() == before


def test_it_ends_with_an_error_as_well() -> None:
    before = gc.get_threshold()
    try:
        with collected_seldom():
            raise KeyError
    except KeyError:
        pass
    assert gc.get_threshold() == before
    assert gc.get_freeze_count() == 0
