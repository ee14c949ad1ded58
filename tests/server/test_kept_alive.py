"""By a clock that is turned: nothing waits."""

import asyncio
from collections.abc import Callable

from lmarena_bridge.server.kept_alive import KeptAlive
from lmarena_bridge.server.rounds import Waiting

SIGN = b": still there"


class Turns:
    """Rounds that go on when they are told to."""

    def __init__(self) -> None:
        self._waiting: dict[Callable[[], None], float] = {}

    def add(self, waiting: Waiting, at: float) -> None:
        assert waiting.look not in self._waiting
        self._waiting[waiting.look] = at

    def remove(self, waiting: Waiting, at: float) -> None:
        if waiting.look in self._waiting:
            assert self._waiting.pop(waiting.look) == at

    async def go(self, times: int = 1) -> None:
        for _ in range(times):
            waiting, self._waiting = self._waiting, {}
            for look in waiting:
                look()
            for _ in range(5):
                await asyncio.sleep(0)

    def awaited(self) -> int:
        return len(self._waiting)


class Told(KeptAlive):
    """A stream that was silent for so many seconds when it began, and after each sign."""

    def __init__(self, turns: Turns, *silent: float) -> None:
        self.looks_after = turns
        self._silent = list(silent)
        self.written: list[bytes] = []
        self.hear()

    def hear(self) -> None:
        ago = self._silent.pop(0) if self._silent else 0.0
        self.said_at = asyncio.get_running_loop().time() - ago

    async def write(self, data: bytes) -> None:
        self.written.append(data)
        self.hear()


async def said(*silent: float) -> int:
    """How many signs were given while the rounds were made."""
    turns = Turns()
    stream = Told(turns, *silent)
    with stream.kept_alive(SIGN):
        await turns.go(10)
        assert turns.awaited() == 1
    assert turns.awaited() == 0
    assert set(stream.written) <= {SIGN}
    return len(stream.written)


async def test_a_sign_is_given_when_it_is_due_and_then_waited_for_the_next() -> None:
    assert await said(11.0) == 1
    assert await said(11.0, 11.0) == 2


async def test_nothing_is_said_before_it_is_due() -> None:
    assert await said() == 0
    assert await said(5.0, 1000.0) == 0


async def test_nor_if_something_else_was_said_in_the_meantime() -> None:
    turns = Turns()
    stream = Told(turns, 11.0)
    with stream.kept_alive(SIGN):
        stream.hear()
        await turns.go(10)
    assert not stream.written


async def test_it_ends_with_its_context_even_in_mid_sentence() -> None:
    class Stuck(Told):
        begun = asyncio.Event()

        async def write(self, data: bytes) -> None:
            self.begun.set()
            await asyncio.Event().wait()

    turns = Turns()
    stream = Stuck(turns, 11.0)
    with stream.kept_alive(SIGN):
        await turns.go()
        assert stream.begun.is_set()
        before = len(asyncio.all_tasks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before - 1
    assert turns.awaited() == 0
