"""Imports as they go where some packages are not installed."""

import sys
from collections.abc import Generator
from contextlib import contextmanager
from typing import Any, cast


@contextmanager
def without(*packages: str) -> Generator[None, None, None]:
    """Within this context `import package` raises ImportError; what is imported already stays.

    For libraries that load others on the mere chance of being asked for more: structlog loads rich and
    pygments for tracebacks in colours (4 MB), and greenlet (1 MB). No other thread may import meanwhile.
    """
    # None stands for "there is none": https://docs.python.org/3/reference/import.html#the-module-cache
    modules = cast(dict[str, Any], sys.modules)
    hidden = [each for each in packages if each not in modules]
    modules.update(dict.fromkeys(hidden))
    try:
        yield
    finally:
        for each in hidden:
            del modules[each]
