"""Several answers to one request, read at the same time."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping, Sequence
from contextlib import aclosing, suppress
from dataclasses import dataclass

from lmarena_bridge.core.chat.events import ChatEvent

Batches = AsyncGenerator[Sequence[ChatEvent], None]
Take = Callable[[int, Sequence[ChatEvent]], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Failures:
    """What went wrong: with the answer of an index, or, `fatal`, with the whole."""

    by_index: Mapping[int, Exception]
    fatal: Exception | None


async def at_once(answers: Sequence[Batches], take: Take, *, tolerant: bool) -> Failures:
    """Give all batches of all answers to `take` as they come; returns when all have ended.

    The first failure ends all answers; when `tolerant`, only the failure of all of them does.
    """
    failed: dict[int, Exception] = {}

    async def read(index: int, batches: Batches) -> None:
        try:
            async with aclosing(batches):
                async for batch in batches:
                    await take(index, batch)
        except Exception as error:
            failed[index] = error
            if not tolerant:
                raise

    if len(answers) == 1:  # mostly there is one, and a task of its own would cost more than to read it
        with suppress(Exception):  # it is in `failed`
            await read(0, answers[0])
    else:
        with suppress(ExceptionGroup):  # its members are in `failed`
            async with asyncio.TaskGroup() as group:
                for index, batches in enumerate(answers):
                    group.create_task(read(index, batches))
    first = next(iter(failed.values()), None)
    hopeless = not tolerant or len(failed) == len(answers)
    return Failures(failed, first if hopeless else None)
