"""What is asked of each contestant. The names stand in the tables of docs/performance.md."""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Final, Literal

from benchmarks.asking import Load
from benchmarks.order import Order


@dataclass(frozen=True)
class Scenario:
    """`load` without a port. `beside`: what burdens the server while `load` is measured."""

    about: str
    load: Load
    beside: Load | None = None
    kind: Literal["load", "idle"] = "load"
    # Whether what other scenarios left behind would spoil it: memory.
    fresh: bool = False


_HUNDRED: Final = Order()
_PACED: Final = Order(fragments=50, delay_us=20_000)


def _burst(concurrency: int, *, stream: bool = True, order: Order = _HUNDRED) -> Scenario:
    how = "streamed" if stream else "whole"
    about = f"{concurrency} at once, {how}, {order.fragments} fragments as fast as possible"
    return Scenario(about, Load(0, order, concurrency, stream))


def _paced(concurrency: int) -> Scenario:
    return Scenario(f"{concurrency} streams, 50 fragments/s each", Load(0, _PACED, concurrency, seconds=3))


def _image(size: int) -> Scenario:
    about = f"an image of {size // 1_000_000} MB in base64"
    return Scenario(about, Load(0, Order(fragments=5), image=size, most=200), fresh=True)


def _history(count: int) -> Scenario:
    return Scenario(f"a history of {count} messages of 2 kB", Load(0, Order(fragments=5), history=count))


def _thoughts(count: int) -> Scenario:
    return Scenario(
        f"{count} lines of reasoning, one connection", Load(0, Order(fragments=1, thoughts=count))
    )


def _beside(about: str, beside: Load) -> Scenario:
    return Scenario(f"16 paced streams while {about}", Load(0, _PACED, 16, seconds=3), beside, fresh=True)


# No message of our tab is larger than 256 KiB.
_LINE: Final = Order(fragments=1, size=1_000_000, cut=200_000)

SCENARIOS: Final[Mapping[str, Scenario]] = MappingProxyType(
    {
        **{f"s{count}": _burst(count) for count in (1, 16, 64, 256)},
        **{f"n{count}": _burst(count, stream=False) for count in (16, 64)},
        **{f"one{count}": _burst(count, order=Order(fragments=1)) for count in (1, 16)},
        "long16": _burst(16, order=Order(fragments=1000)),
        **{f"p{count}": _paced(count) for count in (16, 64, 256)},
        **{f"think{count}": _thoughts(count) for count in (500, 2000)},
        "line": Scenario("1 MB in one line, in the largest messages there are", Load(0, _LINE)),
        "cut": Scenario("1 MB in one line, cut into 16 kB", Load(0, Order(1, 1_000_000, cut=16_384))),
        "hist200": _history(200),
        "hist2000": _history(2000),
        **{f"img{size}": _image(size * 1_000_000) for size in (1, 10, 50)},
        "idle": Scenario("2,000 open streams that say nothing", Load(0), kind="idle", fresh=True),
        "held": _beside("requests with 10 MB images pass", Load(0, Order(fragments=5), 1, image=10_000_000)),
        "slow": _beside(
            "a client reads 50 MB at 2 MB/s", Load(0, Order(50_000, 1000), seconds=0, read_rate=2_000_000)
        ),
        "firehose": _beside("64 bursts pass", Load(0, Order(), 64)),
    }
)
QUICK: Final = ("s1", "s16", "n16", "p16", "one1", "one16")
# What a floor is good for: it understands no files, no reasoning and no cut lines.
PLAIN: Final = frozenset(
    ("s1", "s16", "s64", "s256", "n16", "n64", "p16", "p64", "p256", "one1", "one16", "long16")
)
GATEWAY: Final = frozenset(("s16", "n16", "p64", "one1", "one16"))
# Where compression matters: what goes to the tab is large.
LARGE: Final = frozenset(("hist200", "hist2000", "img1", "img10"))
# The peers know no reasoning, and take seconds for a long line that comes in pieces.
PEERS: Final = frozenset(SCENARIOS) - {"think500", "think2000", "line", "cut"}
