"""The files of the home: their names, and how the bytes of each become values."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Final, Generic, TypeVar

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from lmarena_bridge.core.config.jsonc_tree import Container, Document
from lmarena_bridge.core.config.models import ModelEntry, parse_models
from lmarena_bridge.core.config.problem import Problem, Report
from lmarena_bridge.core.config.sessions import SessionEntry, parse_sessions
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.settings_file import parse_settings
from lmarena_bridge.core.sentences import Template

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)

UNREADABLE: Final = Template("file.unreadable", "the file cannot be read ({why})")
_NO_UTF8: Final = Template(
    "file.no.utf8", "the file is not in UTF-8 (line {line}); save it with that encoding"
)
_TWICE: Final = Template("file.twice", '"{name}" is given {times} times; this last one counts')

SETTINGS_FILE: Final = "config.jsonc"
MODELS_FILE: Final = "models.json"
SESSIONS_FILE: Final = "model_endpoint_map.json"


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What became of a file. `value` is None exactly if an error is among the problems."""

    value: T_co | None
    problems: tuple[Problem, ...] = ()


def read_settings(data: bytes, *, listening: str | None = None) -> Reading[Settings]:
    """config.jsonc. An empty file is an error: a key that was set must not vanish with its text.

    `listening`: as in `parse_settings`.
    """
    return _read(SETTINGS_FILE, data, partial(parse_settings, listening=listening))


def read_models(data: bytes) -> Reading[Mapping[str, ModelEntry]]:
    """models.json. An empty file holds no models, as in earlier bridges."""
    return _read(MODELS_FILE, b"{}" if is_blank(data) else data, parse_models)


def read_sessions(data: bytes) -> Reading[Mapping[str, tuple[SessionEntry, ...]]]:
    """model_endpoint_map.json. An empty file holds no sessions, as in earlier bridges."""
    return _read(SESSIONS_FILE, b"{}" if is_blank(data) else data, parse_sessions)


def is_blank(data: bytes) -> bool:
    """Whether a file holds nothing but white space and a byte order mark."""
    return not data.strip(b"\xef\xbb\xbf \t\r\n")


def _read(file: str, data: bytes, parse: Callable[[Document, Report], T]) -> Reading[T]:
    try:
        document = loads(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        return Reading(None, (Problem("error", file, _NO_UTF8(line=str(line))),))
    except JsoncError as error:
        return Reading(None, (Problem("error", file, error.message, error.line, error.column),))
    report = Report(file, document)
    _warn_of_doubles(document, report)
    value = parse(document, report)
    broken = any(problem.severity == "error" for problem in report.problems)
    problems = sorted(report.problems, key=lambda problem: (problem.line, problem.column))
    return Reading(None if broken else value, tuple(problems))


def _warn_of_doubles(document: Document, report: Report) -> None:
    members = document.root.members if isinstance(document.root, Container) else ()
    for name, times in Counter(member.name for member in members).items():
        if times > 1:
            report.warning((name,), _TWICE(name=name, times=times))
