"""`config check`: what the files say, and what is wrong with them."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final, TypeVar

from rich.console import Console
from rich.text import Text

from lmarena_bridge.core.config.files import UNREADABLE, Reading, read_models, read_sessions, read_settings
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.problem import Problem, errors
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import SETTINGS, Settings
from lmarena_bridge.storage.home import Home

T = TypeVar("T")

_STYLES: Final[Mapping[str, str]] = {
    "ok": "green",
    "missing": "dim",
    "warning": "yellow",
    "error": "bold red",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """What one file says: a line of the overview, and the problems that stand below it."""

    file: str
    said: str
    problems: tuple[Problem, ...] = ()
    missing: bool = False

    @property
    def state(self) -> str:
        if self.missing:
            return "missing"
        if not self.problems:
            return "ok"
        return "error" if errors(self.problems) else "warning"


def check(path: Path, console: Console | None = None) -> bool:
    """Print what the files of a home say and what is wrong. Says whether they can be used."""
    console = console or Console(highlight=False)
    findings = find(Home(path))
    problems = [problem for finding in findings for problem in finding.problems]
    for line in (
        Text(str(path), "bold"),
        *map(_overview, findings),
        *map(_explain, problems),
        _sum(problems),
    ):
        console.print(line, soft_wrap=True)
    return not errors(problems)


def find(home: Home) -> tuple[Finding, ...]:
    """What each file of a home says."""
    return (
        _find(home.settings, read_settings, _say_settings),
        _find(home.models, read_models, _say_models),
        _find(home.sessions, read_sessions, _say_sessions),
    )


def _find(path: Path, read: Callable[[bytes], Reading[T]], say: Callable[[T], str]) -> Finding:
    try:
        reading = read(path.read_bytes())
    except FileNotFoundError:
        return Finding(path.name, "the next start of the server creates it", missing=True)
    except OSError as error:
        problem = Problem("error", path.name, UNREADABLE(why=error.strerror or str(error)))
        return Finding(path.name, "cannot be read", (problem,))
    said = "cannot be used" if reading.value is None else say(reading.value)
    return Finding(path.name, said, reading.problems)


def _say_settings(settings: Settings) -> str:
    changed = [name for name, setting in SETTINGS.items() if getattr(settings, name) != setting.default]
    return f"changed: {', '.join(changed)}" if changed else "everything at its default"


def _say_models(models: Mapping[str, ModelEntry]) -> str:
    kinds = Counter(entry.kind for entry in models.values())
    said = ", ".join(f"{times} {kind}" for kind, times in kinds.items())
    return f"{_count(len(models), 'model')}: {said}" if models else "no models yet"


def _say_sessions(sessions: Mapping[str, tuple[SessionEntry, ...]]) -> str:
    entries = sum(map(len, sessions.values()))
    if not entries:
        return "no sessions; every model uses session_id and message_id of config.jsonc"
    return f"{_count(entries, 'session')} for {_count(len(sessions), 'model')}"


def _overview(finding: Finding) -> Text:
    state = (f"{finding.state:9}", _STYLES[finding.state])
    return Text.assemble("  ", f"{finding.file:25}", state, finding.said)


def _explain(problem: Problem) -> Text:
    severity = (f"{problem.severity:9}", _STYLES[problem.severity])
    return Text.assemble("\n  ", severity, f"{problem.where}\n{'':11}{problem.message}")


def _sum(problems: list[Problem]) -> Text:
    bad = len(errors(problems))
    counts = {"error": bad, "warning": len(problems) - bad}
    said = " and ".join(_count(number, thing) for thing, number in counts.items() if number)
    return Text(f"\n{said or 'Nothing is wrong'}.", _STYLES["error" if bad else "warning" if said else "ok"])


def _count(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
