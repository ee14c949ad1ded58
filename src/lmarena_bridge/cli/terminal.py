"""Where commands print, and whether somebody is there to be asked."""

import sys

from rich.console import Console


def terminal(*, stderr: bool = False) -> Console:
    """Standard output for results, standard error for progress; lines are as long as they are."""
    return Console(highlight=False, soft_wrap=True, stderr=stderr)


def is_terminal() -> bool:
    """Whether a person sits at both ends and can be asked."""
    return sys.stdin.isatty() and sys.stdout.isatty()


def shown(text: str) -> str:
    """A text of the site or of a file, without what a terminal would obey."""
    return "".join(each if each.isprintable() or each == "\u200d" else "\ufffd" for each in text)
