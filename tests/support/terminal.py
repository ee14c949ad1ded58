"""Our command in a terminal, with a person who reads it and types. For systems that have such terminals."""

import asyncio
import os
import re
import signal
import sys
import termios
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress

PATIENCE = 30.0

_CONTROL = re.compile(r"\x1b\[[0-9;?]*[a-zA-Z]|\x1b\][^\x07]*\x07|\r")


class Terminal:
    """One run of the command."""

    def __init__(self, master: int, process: asyncio.subprocess.Process) -> None:
        self._master = master
        self._process = process
        self._news = asyncio.Event()
        self._closed = asyncio.Event()
        self._read_to = 0
        # Everything that came, as it came.
        self.raw = ""

    @property
    def text(self) -> str:
        """Everything that came, without colours and cursor movements."""
        return _CONTROL.sub("", self.raw)

    async def until(self, text: str) -> None:
        """Return when this has been printed, after what was waited for before."""
        async with asyncio.timeout(PATIENCE):
            while (found := self.text.find(text, self._read_to)) < 0:
                self._news.clear()
                await self._news.wait()
        self._read_to = found + len(text)

    def type(self, text: str) -> None:
        """Press these keys."""
        os.write(self._master, text.encode())

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        self._process.send_signal(signal.SIGINT)

    async def interrupted(self) -> int:
        """Press Ctrl-C until the command ends; its exit code.

        Python's line editor misses a signal that comes just before it begins to listen (3.11).
        """
        async with asyncio.timeout(PATIENCE):
            while self._process.returncode is None:
                self.interrupt()
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._process.wait(), 1)
        return await self.ends()

    async def ends(self) -> int:
        """The exit code, when the command has ended and all it said has come."""
        async with asyncio.timeout(PATIENCE):
            await self._closed.wait()
            return await self._process.wait()

    def take(self) -> bool:
        """Read what has come. False when nothing more will."""
        try:
            data = os.read(self._master, 65_536)
        except OSError:  # Linux says so when the other end is closed
            data = b""
        self.raw += data.decode(errors="replace")
        self._news.set()
        if not data:
            self._closed.set()
        return bool(data)


@asynccontextmanager
async def terminal(
    *arguments: str,
    columns: int = 100,
    environ: Mapping[str, str] | None = None,
    python: str = sys.executable,
) -> AsyncIterator[Terminal]:
    """`lmarena-bridge` with these arguments; it is ended if it has not ended itself."""
    master, slave = os.openpty()
    termios.tcsetwinsize(slave, (40, columns))
    inherited = {name: value for name, value in os.environ.items() if name not in ("COLUMNS", "NO_COLOR")}
    process = await asyncio.create_subprocess_exec(
        *(python, "-m", "lmarena_bridge", *arguments),
        stdin=slave,
        stdout=slave,
        stderr=slave,
        env={**inherited, "TERM": "xterm-256color", **(environ or {})},
        start_new_session=True,
    )
    os.close(slave)
    shown = Terminal(master, process)
    loop = asyncio.get_running_loop()
    loop.add_reader(master, lambda: shown.take() or loop.remove_reader(master))
    try:
        yield shown
    finally:
        loop.remove_reader(master)
        if process.returncode is None:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        os.close(master)
