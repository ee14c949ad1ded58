"""What one answer looks like, and how a request says so.

The load client puts a marker into its last message. Whatever is under test carries the message on, so the
fake tab (or the fake upstream) at the far end reads the marker and answers to order: one long-lived far end
serves all scenarios.
"""

import re
from functools import lru_cache
from typing import Final

import msgspec

_MARKER: Final = re.compile(rb"#order (\d+) (\d+) (\d+) (\d+) (\d+) (\d+)#")
# The moment of sending, in nanoseconds of the machine's monotonic clock, stands in the text itself.
STAMP: Final = re.compile(rb"~(\d{16,19})~")
BLANK_STAMP: Final = "~" + "0" * 16 + "~"
_FILLING: Final = (
    'Lorem ipsum dolor sit amet, zażółć gęślą jaźń; he said "yes" and\n'
    "print('a\\tb') 🌉 then went on: consectetur adipiscing elit, sed do eiusmod. "
)


class Order(msgspec.Struct, frozen=True):
    """One answer: `fragments` texts of `size` characters each, `delay_us` apart (0: as fast as possible).

    `per_message` fragments travel in one message of the tab; `thoughts` are reasoning fragments before the
    text; `cut`: the stream is cut every so many bytes instead, wherever its lines end.
    """

    fragments: int = 100
    size: int = 24
    delay_us: int = 0
    per_message: int = 1
    thoughts: int = 0
    cut: int = 0

    def marker(self) -> str:
        return "#order " + " ".join(map(str, msgspec.structs.astuple(self))) + "#"


def find_order(message: bytes) -> Order:
    """The order in a message; a single fragment if there is none."""
    at = message.rfind(b"#order ")
    found = _MARKER.match(message, at) if at >= 0 else None
    return _order(found[0]) if found else Order(fragments=1)


@lru_cache(maxsize=64)
def _order(marker: bytes) -> Order:
    return Order(*map(int, marker.strip(b"#").split()[1:]))


@lru_cache(maxsize=64)
def texts(order: Order) -> tuple[str, ...]:
    """The fragments; the first, and all of a paced answer, begin with room for a stamp."""
    filling = _FILLING * (order.size // len(_FILLING) + 2)
    found: list[str] = []
    at = 0
    for index in range(order.fragments):
        stamp = BLANK_STAMP if index == 0 or order.delay_us else ""
        room = max(0, order.size - len(stamp))
        found.append(stamp + filling[at : at + room])
        at = (at + room) % len(_FILLING)
    return tuple(found)


def blank_stamps(text: str) -> str:
    return re.sub(r"~\d{16,19}~", BLANK_STAMP, text)
