"""The questions of `session capture`, for people at a terminal."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Final, TypeVar

import click
from rich.columns import Columns
from rich.console import Console
from rich.text import Text

from lmarena_bridge.cli.terminal import shown
from lmarena_bridge.core.config.sessions import Mode, Side

T = TypeVar("T")

# Longer lists are shown when they are asked for.
_MOST: Final = 12


def ask_mode(console: Console, last: Mode) -> Mode:
    """In which kind of chat the person will click; `last` is the one of the last time."""
    modes: tuple[Mode, ...] = ("direct_chat", "battle")
    labels = ("in a direct chat: one model answers", "in a battle: two answers side by side")
    return modes[_ask_number(console, "Where will you click Retry?", labels, modes.index(last))]


def ask_target(console: Console, last: Side) -> Side:
    """On which side of a battle."""
    sides: tuple[Side, ...] = ("A", "B")
    labels = ("A, the left answer (search models answer here only)", "B, the right answer")
    return sides[_ask_number(console, "On which side?", labels, sides.index(last))]


def ask_append(console: Console, model: str, count: int) -> bool:
    """Whether the model keeps the sessions it has."""
    have = "a session" if count == 1 else f"{count} sessions"
    labels = ("keep and add: they take turns", "replace")
    return _ask_number(console, f"{shown(model)} has {have} already.", labels, 0) == 0


def ask_model(console: Console, known: Sequence[str]) -> str | None:
    """The model whose session it shall be; None: all that have none of their own."""
    console.print(Text("Which model answers there?", "bold"))
    console.print(Text("  Enter alone: every model without a session of its own."))
    if len(known) <= _MOST:
        _show(console, known)
    else:
        console.print(Text(f"  A name, or a part of one; ? shows all {len(known)}."))
    with _completing(known):
        while True:
            answer = str(click.prompt("Model", default="", show_default=False)).strip()
            if not answer:
                return None
            if answer == "?":
                _show(console, known)
                continue
            found = matching(answer, known)
            if len(found) == 1:
                return found[0]
            if found:
                _show(console, found)
            elif ask_new(console, answer, known):
                return answer


def ask_new(console: Console, name: str, known: Sequence[str]) -> bool:
    """Whether a name that no file knows is meant."""
    near = get_close_matches(name, known, n=3, cutoff=0.5)
    nearest = f" Near: {', '.join(map(shown, near))}." if near else ""
    console.print(Text(f"There is no model {shown(name)!r} in your files yet.{nearest}", "yellow"))
    return click.confirm("Set it up under this name?", default=False)


def matching(typed: str, known: Sequence[str]) -> list[str]:
    """The name itself, else all names with this in them, whatever the case."""
    if typed in known:
        return [typed]
    return [name for name in known if typed.casefold() in name.casefold()]


def _ask_number(console: Console, question: str, labels: Sequence[str], default: int) -> int:
    console.print(Text(question, "bold"))
    for number, label in enumerate(labels, 1):
        console.print(Text(f"  {number}  {label}"))
    while True:
        answer = click.prompt("Number", default=str(default + 1)).strip()
        if answer.isdecimal() and 1 <= int(answer) <= len(labels):
            return int(answer) - 1
        console.print(Text(f"Type a number from 1 to {len(labels)}.", "yellow"))


def _show(console: Console, names: Sequence[str]) -> None:
    console.print(Columns([Text(f"  {shown(name)}", "cyan") for name in names], padding=(0, 1)))


@contextmanager
def _completing(names: Sequence[str]) -> Iterator[None]:
    """The Tab key completes names, where the system's line editor can do that."""
    try:
        import readline
    except ImportError:  # Windows
        yield
        return
    before, delimiters = readline.get_completer(), readline.get_completer_delims()
    readline.set_completer(lambda typed, state: completion(typed, state, names))
    readline.set_completer_delims("")
    # macOS has libedit under the same name.
    libedit = "libedit" in (readline.__doc__ or "")
    readline.parse_and_bind("bind ^I rl_complete" if libedit else "tab: complete")
    try:
        yield
    finally:
        readline.set_completer(before)
        readline.set_completer_delims(delimiters)


def completion(typed: str, state: int, names: Sequence[str]) -> str | None:
    """The completion number `state`, as readline asks for them one by one."""
    fitting = [name for name in names if name.casefold().startswith(typed.casefold())]
    return fitting[state] if state < len(fitting) else None
