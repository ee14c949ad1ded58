"""Several answers to one request, read at the same time."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from functools import partial

import msgspec

from lmarena_bridge.core.chat.events import ChatEvent, Take

# An answer that can be had: asked for when somebody comes to take it.
Giving = Callable[[Take], Awaitable[None]]
# Takes several, each by its index.
TakeOf = Callable[[int, Sequence[ChatEvent]], Awaitable[None] | None]


class Failures(msgspec.Struct, frozen=True):
    """What went wrong: with the answer of an index, or, `fatal`, with the whole."""

    by_index: Mapping[int, Exception]
    fatal: Exception | None


async def at_once(answers: Sequence[Giving], take: TakeOf, *, tolerant: bool) -> Failures:
    """Give all batches of all answers to `take` as they come; returns when all have ended.

    The first failure ends all answers; when `tolerant`, only the failure of all of them does.
    """
    failed: dict[int, Exception] = {}
    if len(answers) == 1:  # mostly there is one, and a task of its own would cost more than to read it
        try:
            await answers[0](partial(take, 0))
        except Exception as error:
            failed[0] = error
    else:
        with suppress(ExceptionGroup):  # its members are in `failed`
            async with asyncio.TaskGroup() as group:
                for index, answer in enumerate(answers):
                    group.create_task(_read(answer, partial(take, index), index, failed, tolerant=tolerant))
    first = next(iter(failed.values()), None)
    hopeless = not tolerant or len(failed) == len(answers)
    return Failures(failed, first if hopeless else None)


async def _read(
    answer: Giving, take: Take, index: int, failed: dict[int, Exception], *, tolerant: bool
) -> None:
    try:
        await answer(take)
    except Exception as error:
        failed[index] = error
        if not tolerant:
            raise
