"""What is wrong in a file of the person's configuration, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from lmarena_bridge.core.config.jsonc_tree import Document, Path
from lmarena_bridge.core.errors import ConfigError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True)
class Problem:
    """An error stops the file from being used, a warning does not.

    Line and column count from 1; 0 means that no place can be named.
    """

    severity: Severity
    file: str
    message: str
    line: int = 0
    column: int = 0
    key: str = ""

    @property
    def where(self) -> str:
        """The file, and the place in it if one can be named."""
        return f"{self.file}, line {self.line}, column {self.column}" if self.line else self.file

    def __str__(self) -> str:
        return f"{self.where}: {self.message}"


class Report:
    """Collects the problems of one file while it is read, so that a person hears of all at once."""

    def __init__(self, file: str, document: Document) -> None:
        self._file = file
        self._document = document
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    def error(self, path: Path, message: str) -> None:
        """The value at `path` is wrong."""
        self._add("error", path, message, self._document.position(path))

    def warning(self, path: Path, message: str) -> None:
        """The name at `path` is not as it should be."""
        self._add("warning", path, message, self._document.name_position(path))

    def _add(self, severity: Severity, path: Path, message: str, position: tuple[int, int]) -> None:
        key = ".".join(map(str, path))
        self._problems.append(Problem(severity, self._file, message, *position, key))


def errors(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity == "error")


def warnings(problems: Iterable[Problem]) -> tuple[Problem, ...]:
    return tuple(problem for problem in problems if problem.severity == "warning")


def config_error(problems: Iterable[Problem]) -> ConfigError | None:
    """All errors among the problems as one, one line each; `param` is the key of the first."""
    found = errors(problems)
    if not found:
        return None
    return ConfigError("\n".join(map(str, found)), param=found[0].key or None)
