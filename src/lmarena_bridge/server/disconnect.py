"""Stop working for a client that has gone.

Nobody else does: a handler that awaits is not cancelled when its client leaves, neither before the first
byte nor inside a `send()` that cannot go on (measured 2026-11-22 with uvicorn 0.54, style.md C14).
"""

import asyncio
from collections.abc import Awaitable

from lmarena_bridge.server.exchange import exchange_of
from lmarena_bridge.server.wire import ClientLeft, Receive


async def while_client_stays(receive: Receive, work: Awaitable[None]) -> bool:
    """Run `work`, which handles its own errors; False if the client left and it was cancelled.

    The request's body must have been read: whatever `receive` says after it is the client's leaving.
    """
    exchange, task = exchange_of(receive), asyncio.current_task()
    if exchange is None or task is None:
        return await _while_nothing_is_received(receive, work)
    exchange.cancel_when_left(task)
    try:
        await work
    except asyncio.CancelledError:
        # Somebody else may want this task to end as well.
        if not exchange.has_left or task.uncancel():
            raise
    finally:
        exchange.cancel_when_left(None)
    return not exchange.has_left


def until_client_leaves(receive: Receive, work: Awaitable[None]) -> Awaitable[None]:
    """As `while_client_stays`, for the last that is done for a request: nobody asks how it ended.

    Where the request is an exchange of ours it is no layer, which would live as long as the answer does.
    """
    exchange = exchange_of(receive)
    if exchange is None or not exchange.end_when_left():
        return _stay(receive, work)
    return work


async def _stay(receive: Receive, work: Awaitable[None]) -> None:
    await while_client_stays(receive, work)


async def _while_nothing_is_received(receive: Receive, work: Awaitable[None]) -> bool:
    stayed = True
    try:
        async with asyncio.TaskGroup() as group:
            watcher = group.create_task(_raise_when_left(receive))
            await work
            watcher.cancel()
    except* ClientLeft:
        stayed = False
    return stayed


async def _raise_when_left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    raise ClientLeft
