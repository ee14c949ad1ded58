"""What a server says on standard output: without rich, of which 3 MB would stay in memory with the server."""

import os
from functools import partial
from typing import Final, TextIO

import click

link: Final = partial(click.style, fg="cyan")
bold: Final = partial(click.style, bold=True)
bold_link: Final = partial(click.style, fg="cyan", bold=True)
quiet: Final = partial(click.style, dim=True)
warning: Final = partial(click.style, fg="yellow")


def say(text: str) -> None:
    """Print it; without its colours where they are not seen or not wanted."""
    click.echo(text, color=None if colours_are_wanted() else False)


def shows_colours(stream: TextIO) -> bool:
    """Whether what goes there is seen by somebody who wants colours."""
    return stream.isatty() and colours_are_wanted()


def colours_are_wanted() -> bool:
    """As people say it for all programs of a terminal: https://no-color.org, and TERM."""
    return not os.environ.get("NO_COLOR") and os.environ.get("TERM") not in ("dumb", "unknown")
