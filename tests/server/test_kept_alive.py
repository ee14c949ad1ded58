"""By the loop's own clock, which is asked to be elsewhere: nothing waits."""

import asyncio

from lmarena_bridge.server.kept_alive import KeptAlive

SIGN = b": still there"


class Told:
    """A stream that says when signs are due, in seconds from now, one after the other."""

    def __init__(self, *due: float) -> None:
        self._now = asyncio.get_running_loop().time()
        self._due = list(due)
        self.written: list[bytes] = []

    @property
    def sign_due(self) -> float:
        return self._now + (self._due.pop(0) if self._due else 1000.0)

    async def write(self, data: bytes) -> None:
        self.written.append(data)


async def said(*due: float, within: int = 20) -> int:
    """How many signs were given while the loop went round."""
    stream = Told(*due)
    with KeptAlive(stream, SIGN):
        for _ in range(within):
            await asyncio.sleep(0)
    for _ in range(within):
        await asyncio.sleep(0)
    assert set(stream.written) <= {SIGN}
    return len(stream.written)


async def test_a_sign_is_given_when_it_is_due_and_then_waited_for_the_next() -> None:
    assert await said(-1.0, -1.0) == 1
    assert await said(-1.0, -1.0, -1.0, -1.0) == 2


async def test_nothing_is_said_before_it_is_due() -> None:
    assert await said() == 0
    assert await said(-1.0, 1000.0) == 0


async def test_it_ends_with_its_context_even_in_mid_sentence() -> None:
    class Stuck(Told):
        begun = asyncio.Event()

        async def write(self, data: bytes) -> None:
            self.begun.set()
            await asyncio.Event().wait()

    stream = Stuck(-1.0, -1.0)
    with KeptAlive(stream, SIGN):
        async with asyncio.timeout(5):
            await stream.begun.wait()
        before = len(asyncio.all_tasks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before - 1
