"""What is wrong in a file of the person's configuration, and where."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Literal

from lmarena_bridge.core.config.jsonc_tree import Document, Path
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.sentences import Sentence, Template, verbatim

Severity = Literal["error", "warning"]

_PLACE: Final = Template("file.place", "{file}, line {line}, column {column}")
_PROBLEM: Final = Template("file.problem", "{place}: {problem}")


@dataclass(frozen=True, slots=True)
class Problem:
    """An error stops the file from being used, a warning does not.

    Line and column count from 1; 0 means that no place can be named.
    """

    severity: Severity
    file: str
    message: Sentence
    line: int = 0
    column: int = 0
    key: str = ""

    @property
    def where(self) -> Sentence:
        """The file, and the place in it if one can be named."""
        if not self.line:
            return verbatim(self.file)
        return _PLACE(file=self.file, line=str(self.line), column=str(self.column))

    @property
    def sentence(self) -> Sentence:
        """Where it is and what it is."""
        return _PROBLEM(place=self.where, problem=self.message)

    def __str__(self) -> str:
        return self.sentence.text


class Report:
    """Collects the problems of one file while it is read, so that a person hears of all at once."""

    def __init__(self, file: str, document: Document) -> None:
        self._file = file
        self._document = document
        self._problems: list[Problem] = []

    @property
    def problems(self) -> tuple[Problem, ...]:
        return tuple(self._problems)

    def error(self, path: Path, message: Sentence) -> None:
        """The value at `path` is wrong."""
        self._add("error", path, message, self._document.position(path))

    def warning(self, path: Path, message: Sentence) -> None:
        """The name at `path` is not as it should be."""
        self._add("warning", path, message, self._document.name_position(path))

    def _add(self, severity: Severity, path: Path, message: Sentence, position: tuple[int, int]) -> None:
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
    said = found[0].sentence if len(found) == 1 else "\n".join(map(str, found))
    return ConfigError(said, param=found[0].key or None)
