"""Telling systemd how the server is, where it asks for it (sd_notify(3)): one datagram a message."""

import asyncio
import os
import socket
from collections.abc import Mapping


def notify(state: str, environ: Mapping[str, str] = os.environ) -> None:
    """`READY=1`, `STOPPING=1` or `WATCHDOG=1`; nothing happens where no systemd listens."""
    address = environ.get("NOTIFY_SOCKET", "")
    if not address.startswith(("/", "@")):
        return
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as datagrams:
        datagrams.setblocking(False)
        try:
            datagrams.sendto(state.encode(), address.replace("@", "\0", 1))
        except OSError:
            return  # whoever asked does not listen any more


async def keep_alive(environ: Mapping[str, str] = os.environ) -> None:
    """Tell the watchdog, twice as often as it asks, that the event loop turns; until cancelled."""
    asked = environ.get("WATCHDOG_USEC", "")
    if not asked.isdecimal() or int(asked) == 0:
        return
    while True:
        notify("WATCHDOG=1", environ)
        await asyncio.sleep(int(asked) / 2_000_000)
