"""By the loop's own clock, which is asked to be elsewhere: nothing waits."""

import asyncio

from lmarena_bridge.server.kept_alive import KeptAlive


async def said(due: list[float], within: int = 20) -> int:
    """How many signs were given while the loop went round, `due` being told one after the other."""
    now, signs = asyncio.get_running_loop().time(), 0

    async def say() -> None:
        nonlocal signs
        signs += 1

    with KeptAlive(lambda: now + (due.pop(0) if due else 1000.0), say):
        for _ in range(within):
            await asyncio.sleep(0)
    for _ in range(within):
        await asyncio.sleep(0)
    return signs


async def test_a_sign_is_given_when_it_is_due_and_then_waited_for_the_next() -> None:
    assert await said([-1.0, -1.0]) == 1
    assert await said([-1.0, -1.0, -1.0, -1.0]) == 2


async def test_nothing_is_said_before_it_is_due() -> None:
    assert await said([]) == 0
    assert await said([-1.0, 1000.0]) == 0


async def test_it_ends_with_its_context_even_in_mid_sentence() -> None:
    never = asyncio.Event()
    begun = asyncio.Event()

    async def say() -> None:
        begun.set()
        await never.wait()

    with KeptAlive(lambda: 0.0, say):
        async with asyncio.timeout(5):
            await begun.wait()
        before = len(asyncio.all_tasks())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    assert len(asyncio.all_tasks()) == before - 1
