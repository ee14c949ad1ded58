"""The command itself: look, tell, ask the site for one word if the person agrees, end with the next thing."""

import time
from collections.abc import Mapping
from pathlib import Path
from typing import Final

import click
from rich.console import Console
from rich.status import Status
from rich.table import Table
from rich.text import Text

from lmarena_bridge.cli.ask import answer
from lmarena_bridge.cli.doctor import words
from lmarena_bridge.cli.doctor.facts import gather
from lmarena_bridge.cli.doctor.finding import Finding
from lmarena_bridge.cli.doctor.findings import Question, findings, next_thing, question
from lmarena_bridge.cli.running import run
from lmarena_bridge.cli.terminal import is_terminal, shown, terminal
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.sentences import Sentence, plain
from lmarena_bridge.storage.home import Home

_QUESTION: Final = "Say hello in one word."
# Enough to see that it is an answer.
_SHOWN: Final = 60
_STYLES: Final[Mapping[str, str]] = {
    "ok": "green",
    "warning": "yellow",
    "error": "bold red",
    "skipped": "dim",
}


def doctor(path: Path, *, yes: bool) -> bool:
    """Print how each link of the chain is. Says whether none is broken."""
    console = terminal()
    facts = gather(Home(path))
    found = findings(facts)
    for finding in found:
        _print(console, finding)
    last, use = _answer(question(facts, found), yes=yes)
    _print(console, last)
    found.append(last)
    console.print(Text.assemble("\n", ("Next: ", "bold"), str(next_thing(found) or use or "")))
    return all(finding.state != "error" for finding in found)


def _answer(question: Question | None, *, yes: bool) -> tuple[Finding, Sentence | None]:
    """The last link, and what to do if nothing is wrong."""
    if question is None:
        return Finding(words.ANSWER, "skipped", words.ANSWER_LATER()), None
    model = shown(question.model)
    if not yes and not (is_terminal() and click.confirm(f"Ask {model} for one word?", default=True)):
        return Finding(words.ANSWER, "skipped", words.NOBODY_ASKED()), words.TRY()
    return _ask(question), words.USE(url=f"{question.url}/v1", model=model)


def _ask(question: Question) -> Finding:
    model = shown(question.model)
    pieces: list[str] = []

    async def collect() -> None:
        said = answer(question.url, question.model, _QUESTION, question.key)
        pieces.extend([piece async for piece in said])

    begun = time.monotonic()
    try:
        with Status(f"Asking {model} …", console=terminal(stderr=True)):
            run(collect())
    except BridgeError as error:
        advice = plain(shown(error.message), f"error.{error.code}")
        return Finding(words.ANSWER, "error", words.NO_ANSWER(model=model), advice)
    text = shown(" ".join("".join(pieces).split()))
    said = text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"
    seconds = f"{time.monotonic() - begun:.1f}"
    return Finding(words.ANSWER, "ok", words.ANSWERED(model=model, seconds=seconds, said=said))


def _print(console: Console, finding: Finding) -> None:
    """Long lines stay in their column on a terminal, and in one line in a pipe."""
    state = Text(f"{finding.state:9}", _STYLES[finding.state])
    if not console.is_terminal:
        console.print(Text.assemble(state, f"{finding.link!s:10}{finding.said}"))
        return
    row = Table.grid(padding=0)
    for width in (9, 10, max(20, console.width - 19)):
        row.add_column(width=width, overflow="fold")
    row.add_row(state, Text(finding.link.text, "bold"), Text(finding.said.text))
    console.print(row)
