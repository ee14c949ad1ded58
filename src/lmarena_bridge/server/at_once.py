"""Several answers to one request, read at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial

from lmarena_bridge.core.chat.events import ChatEvent, Take

# An answer that can be had: asked for when somebody comes to take it.
Giving = Callable[[Take], Awaitable[None]]
# Takes several, each by its index.
TakeOf = Callable[[int, Sequence[ChatEvent]], Awaitable[None] | None]


@dataclass(frozen=True, slots=True)
class Failures:
    """What went wrong: with the answer of an index, or, `fatal`, with the whole."""

    by_index: Mapping[int, Exception]
    fatal: Exception | None


async def at_once(answers: Sequence[Giving], take: TakeOf, *, tolerant: bool) -> Failures:
    """Give all batches of all answers to `take` as they come; returns when all have ended.

    The first failure ends all answers; when `tolerant`, only the failure of all of them does.
    """
    failed: dict[int, Exception] = {}

    async def read(index: int, answer: Giving) -> None:
        try:
            await answer(partial(take, index))
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
                for index, answer in enumerate(answers):
                    group.create_task(read(index, answer))
    first = next(iter(failed.values()), None)
    hopeless = not tolerant or len(failed) == len(answers)
    return Failures(failed, first if hopeless else None)
