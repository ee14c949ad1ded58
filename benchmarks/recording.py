"""What it costs that the dashboard knows of each request: `python -m benchmarks.recording [ANSWERS]`.

The same short answers, in turn: unwatched, watched, watched and written into the history (rows without
texts, as by default, in a file that is open). CPU time of an answer, on the thread of the event loop and of
the whole process: the rest is the history's own thread. Medians of some rounds.
"""

import asyncio
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from lmarena_bridge.bridge import World
from lmarena_bridge.cli.assembly import real_world
from lmarena_bridge.core.chat.events import ChatEvent, Finished, FinishReason, Take, TextDelta
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.at_once import Giving
from lmarena_bridge.server.board.watch import Watch, limits_of
from lmarena_bridge.storage.history import History

ROUNDS = 5
# The history's line takes more than these; what does not fit is lost, and would cost nothing.
AT_ONCE = 2000
REQUEST = ChatRequest(model="a-model", messages=(Message(role=Role.USER, content="Hello!"),))
ANSWER: tuple[Sequence[ChatEvent], ...] = (
    (TextDelta("Hello"),),
    (TextDelta(", you."),),
    (Finished(FinishReason.STOP),),
)


@dataclass(frozen=True)
class Files:
    """Stands for the configuration's."""

    latest: Config


async def told(take: Take, way: ShortWay | None) -> None:
    """Stands for the bridge."""
    for batch in ANSWER:
        take(batch)


def main(answers: int) -> None:
    world = real_world()
    ways = {"unwatched": _unwatched, "watched": _watched(world, False), "recorded": _watched(world, True)}
    taken: dict[str, list[tuple[float, float]]] = {name: [] for name in ways}
    for _ in range(ROUNDS):
        for name, way in ways.items():
            taken[name].append(way(answers))
    print(f"{'CPU µs an answer':<18}{'loop':>8}{'process':>9}")
    for name, times in taken.items():
        loop, process = (statistics.median(each) * 1e6 / answers for each in zip(*times, strict=True))
        print(f"{name:<18}{loop:>8.1f}{process:>9.1f}")


def _unwatched(answers: int) -> tuple[float, float]:
    return asyncio.run(_timed(lambda take: told(take, None), answers, lambda: None))


def _watched(world: World, record: bool) -> Callable[[int], tuple[float, float]]:
    def way(answers: int) -> tuple[float, float]:
        config = Config(Settings(record_requests=record), {}, {})
        with tempfile.TemporaryDirectory() as folder:
            history = History(Path(folder) / "history.db", limits_of(config.settings), print)
            watch = Watch(world, history, configs=Files(config), changed=lambda: None)
            history.start()

            def timed(answers: int) -> tuple[float, float]:
                give = lambda take: watch.watched(told, REQUEST, take, None, None)  # noqa: E731
                return asyncio.run(_timed(give, answers, history.settled))

            try:
                timed(AT_ONCE)
                return timed(answers)
            finally:
                history.stop()

    return way


async def _timed(give: Giving, answers: int, settle: Callable[[], None]) -> tuple[float, float]:
    loop, process = time.thread_time(), time.process_time()
    for number in range(answers):
        await give(lambda _: None)
        if number % AT_ONCE == AT_ONCE - 1:
            await asyncio.to_thread(settle)
    return time.thread_time() - loop, time.process_time() - process


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 10_000)
