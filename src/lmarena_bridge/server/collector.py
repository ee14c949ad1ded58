"""Python's collector of circles, while a server runs: it looks seldom, and not at what was there before."""

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

# A request makes some thousand objects and hardly a circle: looking every 700 finds nothing new.
_OBJECTS_BETWEEN_LOOKS: Final = 10_000
_LOOKS_BETWEEN_LARGER_ONES: Final = 20


@contextmanager
def collected_seldom() -> Iterator[None]:
    """What lives now lives on: the collector need not look at it again (perf.md 4).

    Afterwards it does, or a program that starts one server after another would keep each of them.
    """
    before = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(_OBJECTS_BETWEEN_LOOKS, _LOOKS_BETWEEN_LARGER_ONES, _LOOKS_BETWEEN_LARGER_ONES)
    try:
        yield
    finally:
        gc.set_threshold(*before)
        gc.unfreeze()
