"""Our command line, its output in a pipe."""

import asyncio
import contextlib
import io
import os
import sys
from dataclasses import dataclass

from lmarena_bridge.cli.main import main


@dataclass(frozen=True)
class Done:
    """What a command said and how it left."""

    code: int
    out: str
    err: str


def command(*arguments: str) -> Done:
    """Run it in this process, to its end. For tests that run nothing else meanwhile."""
    out, err = io.StringIO(), io.StringIO()
    code: int | str | None = 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main(arguments)
        except SystemExit as left:
            code = left.code
    return Done(int(code or 0), out.getvalue(), err.getvalue())


async def command_beside(*arguments: str) -> Done:
    """The same as a process of its own, while this one serves."""
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "lmarena_bridge", *arguments),
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.PIPE,
        env={**os.environ, "PYTHONIOENCODING": "utf-8"},
    )
    out, err = await asyncio.wait_for(process.communicate(), 30)
    return Done(process.returncode or 0, out.decode(), err.decode())
