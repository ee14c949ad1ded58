"""Waiting for the person, or the system, to say that it is enough."""

import asyncio
import contextlib
import signal
from collections.abc import Generator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


async def until_told_to_stop() -> None:
    """Return on the first Ctrl-C or SIGTERM; a second one then ends the process at once."""
    with _signals() as told:
        await told.wait()


@contextlib.contextmanager
def _signals() -> Generator[asyncio.Event, None, None]:
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(*_: object) -> None:
        loop.call_soon_threadsafe(told.set)

    # Not the loop's own add_signal_handler: Windows has none.
    before = {number: signal.signal(number, tell) for number in _SIGNALS}
    try:
        yield told
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
