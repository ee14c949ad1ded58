"""Performs the steps of an answer on a response, for as long as somebody is listening."""

import asyncio
from collections.abc import Coroutine, Iterable, Iterator
from typing import Any

from starlette.types import Message, Receive, Send

from lmarena_bridge.demo.performance import Hang, Pause, Reset, Step, Write
from lmarena_bridge.demo.refusals import Refusal
from lmarena_bridge.demo.wire.exchange import RESET


async def play(steps: Iterator[Step], send: Send, *, can_reset: bool) -> None:
    """Send the body of a response whose head is sent. Awaits every write, so a slow reader slows it down.

    can_reset: the server knows our extension (wire/exchange.py); else a reset is an answer left unfinished.
    """
    for step in steps:
        match step:
            case Write(data):
                await send({"type": "http.response.body", "body": data, "more_body": True})
            case Pause(seconds):
                await asyncio.sleep(seconds)
            case Hang():
                await asyncio.Event().wait()
            case Reset():
                if can_reset:
                    await send({"type": RESET})
                return
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def head(status: int, headers: Iterable[tuple[str, str]]) -> Message:
    encoded = [(name.encode("latin-1"), value.encode("latin-1")) for name, value in headers]
    return {"type": "http.response.start", "status": status, "headers": encoded}


async def send_refusal(refusal: Refusal, send: Send) -> None:
    body = refusal.body.encode("utf-8")
    length = ("content-length", str(len(body)))
    await send(head(refusal.status, [("content-type", refusal.content_type), length, *refusal.headers]))
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def while_present(work: Coroutine[Any, Any, None], receive: Receive) -> None:
    """Do `work` until it is done, or until the client leaves: then it is cancelled at once."""
    async with asyncio.TaskGroup() as group:
        working = group.create_task(_unless_gone(work))
        leaving = group.create_task(_left(receive))
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        working.cancel()
        leaving.cancel()


async def _unless_gone(work: Coroutine[Any, Any, None]) -> None:
    try:
        await work
    except OSError:
        # The server's word for a client that left while we were sending (ASGI 2.4).
        return


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
