"""What a server says on standard output: without rich, of which 3 MB would stay in memory with the server."""

import os
from typing import TextIO

import click


def say(text: str) -> None:
    """Print it; without its colours where they are not seen or not wanted."""
    click.echo(text, color=None if _colours_are_wanted() else False)


def bold(text: str) -> str:
    """What is to be typed or chosen."""
    return click.style(text, bold=True)


def link(text: str, *, main: bool = False) -> str:
    """An address; `main`: one of the two that matter."""
    return click.style(text, fg="cyan", bold=main)


def quiet(text: str) -> str:
    """What few will look at."""
    return click.style(text, dim=True)


def warning(text: str) -> str:
    """What nobody may overlook."""
    return click.style(text, fg="yellow")


def shows_colours(stream: TextIO) -> bool:
    """Whether what goes there is seen by somebody who wants colours."""
    return stream.isatty() and _colours_are_wanted()


def _colours_are_wanted() -> bool:
    """As people say it for all programs of a terminal: https://no-color.org, and TERM."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in ("dumb", "unknown")
