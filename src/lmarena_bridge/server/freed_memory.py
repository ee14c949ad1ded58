"""Memory that large requests leave behind: kept while there is work, given back when there is none.

glibc hands every large block back to the kernel when it is freed and fetches it anew, page by page, for the
next request: more than half of what a request with a picture of 10 MB cost in a prototype (perf.md 4). Other
systems and C libraries do as they like.
"""

import asyncio
import ctypes
import sys
from collections.abc import Callable
from typing import Final

# Numbers of <malloc.h>. More than 32 MiB is refused for the second.
_M_TRIM_THRESHOLD: Final = -1
_M_MMAP_THRESHOLD: Final = -3
_KEPT_BYTES: Final = 256 * 1024 * 1024
_FROM_HEAP_BYTES: Final = 32 * 1024 * 1024

_EVERY_SECONDS: Final = 30.0


def _glibc() -> ctypes.CDLL | None:
    """The C library of this process, if it is glibc: others have no malloc_trim."""
    if sys.platform != "linux":
        return None
    library = ctypes.CDLL(None)
    return library if hasattr(library, "mallopt") and hasattr(library, "malloc_trim") else None


def keep_freed_memory() -> bool:
    """Whether the C library took it."""
    library = _glibc()
    if library is None:
        return False
    limits = ((_M_TRIM_THRESHOLD, _KEPT_BYTES), (_M_MMAP_THRESHOLD, _FROM_HEAP_BYTES))
    return all(library.mallopt(*limit) for limit in limits)


def give_back() -> bool:
    """Whether there was something to give back."""
    library = _glibc()
    return library is not None and bool(library.malloc_trim(0))


async def give_back_when_idle(is_idle: Callable[[], bool], *, every: float = _EVERY_SECONDS) -> None:
    """Until cancelled. Costs less than a millisecond while nothing is to be given back."""
    while True:
        await asyncio.sleep(every)
        if is_idle():
            give_back()
