"""What a person sees while a capture waits for the click."""

import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any, Final

from rich.console import Console
from rich.status import Status
from rich.text import Text

from lmarena_bridge.cli.link import Link
from lmarena_bridge.cli.terminal import shown, terminal
from lmarena_bridge.core.errors import BridgeError

# By then the server has told the tabs, or has refused.
_FIRST_LOOK_SECONDS: Final = 0.3
_LOOK_SECONDS: Final = 0.5
_SITE: Final = "https://lmarena.ai"


@contextmanager
def waiting(link: Link, *, seconds: float) -> Iterator[None]:
    """Says on standard error what to do, again when the tabs change; on a terminal with the time left."""
    console = terminal(stderr=True)
    over = threading.Event()
    with Status("Waiting for your click …", console=console) as status:
        telling = _Telling(link, console, status, time.monotonic() + seconds)
        thread = threading.Thread(target=telling.until, args=(over,), daemon=True)
        thread.start()
        try:
            yield
        finally:
            over.set()
            thread.join()


def instruction(tabs: Sequence[Mapping[str, Any]]) -> Text:
    """What to do next, with these tabs (as /readyz tells them)."""
    connected = [tab for tab in tabs if tab["connected"]]
    if not connected:
        return Text(f"No LMArena tab is connected: open {_SITE} in the browser that has the userscript.")
    browsers = ", ".join(dict.fromkeys(shown(tab["browser"]) for tab in connected))
    count = len(connected)
    where = "The title of your tab begins" if count == 1 else f"The titles of your {count} tabs begin"
    return Text.assemble(
        f"{where} with 🎯 ({browsers}).\n",
        ("Click Retry", "bold"),
        ", the round arrow, under the last answer of the chat you want, and let it answer to the end.",
    )


class _Telling:
    """Looks at the tabs from time to time and tells what is new."""

    def __init__(self, link: Link, console: Console, status: Status, end: float) -> None:
        self._link = link
        self._console = console
        self._status = status
        self._end = end
        self._told = Text()

    def until(self, over: threading.Event) -> None:
        pause = _FIRST_LOOK_SECONDS
        while not over.wait(pause):
            pause = _LOOK_SECONDS
            with suppress(BridgeError):  # whoever waits for the click is told the same
                self._look()

    def _look(self) -> None:
        told = instruction(self._link.get("/readyz")["tabs"])
        if told != self._told:
            self._told = told
            self._console.print(told)
        left = max(0, round(self._end - time.monotonic()))
        self._status.update(f"Waiting for your click … {left} s left. Ctrl-C stops.")
