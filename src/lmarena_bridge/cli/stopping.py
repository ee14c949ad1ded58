"""Being told by the person, or the system, that it is enough."""

import asyncio
import contextlib
import signal
from collections.abc import Generator

_SIGNALS = (signal.SIGINT, signal.SIGTERM)


@contextlib.contextmanager
def told_to_stop() -> Generator[asyncio.Event, None, None]:
    """An event for the first Ctrl-C or SIGTERM; a second one ends the process then and there.

    Enter it before telling the person that the program is there: from then on they may want it to stop.
    """
    told = asyncio.Event()
    loop = asyncio.get_running_loop()

    def tell(*_: object) -> None:
        for number in _SIGNALS:
            signal.signal(number, signal.SIG_DFL)
        loop.call_soon_threadsafe(told.set)

    def forget() -> None:
        for number, handler in before.items():
            signal.signal(number, handler)

    # Not the loop's own add_signal_handler: Windows has none.
    before = {number: signal.signal(number, tell) for number in _SIGNALS}
    try:
        yield told
    finally:
        # Who was told is stopping from now on, beyond this context: a second signal still means at once.
        if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL:
            forget()
