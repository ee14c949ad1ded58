"""model_endpoint_map.json: the captured sessions of each model, one object or a list of them.

The format is that of earlier bridges; `profile` is ours: the browser profile that captured the session.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final, Literal

from lmarena_bridge.core.config.checks import MUST_BE, Check, Choice, FilledText, Text, found
from lmarena_bridge.core.config.jsonc_tree import Document, Path
from lmarena_bridge.core.config.problem import Report
from lmarena_bridge.core.sentences import Template

Mode = Literal["direct_chat", "battle"]
Side = Literal["A", "B"]

_NO_OBJECT: Final = Template(
    "sessions.no.object", 'the sessions must stand in one object {{"model": {{…}}}}, not in {found}'
)
_NO_SESSION: Final = Template(
    "sessions.no.session", 'a session must be {{"session_id": "…", "message_id": "…"}}, but is {found}'
)
_NO_ID: Final = Template("sessions.no.id", 'the session of "{model}" has no "{name}"')

_NEEDED: Final[Mapping[str, Check]] = MappingProxyType(
    {"session_id": FilledText(), "message_id": FilledText()}
)
_OPTIONAL: Final[Mapping[str, Check]] = MappingProxyType(
    {"mode": Choice(("direct_chat", "battle")), "battle_target": Choice(("A", "B")), "profile": Text()}
)


@dataclass(frozen=True, slots=True)
class SessionEntry:
    """One session of a pool. What it does not say itself, the settings say."""

    session_id: str
    message_id: str
    mode: Mode | None = None
    battle_target: Side | None = None
    profile: str | None = None


def parse_sessions(document: Document, report: Report) -> Mapping[str, tuple[SessionEntry, ...]]:
    """The pool of each model. Entries that are wrong go to the report and are left out."""
    if not isinstance(document.value, dict):
        report.error((), _NO_OBJECT(found=found(document.value)))
        return {}
    return MappingProxyType({model: _pool(model, value, report) for model, value in document.value.items()})


def _pool(model: str, value: object, report: Report) -> tuple[SessionEntry, ...]:
    entries = (
        [_entry((model, index), entry, report) for index, entry in enumerate(value)]
        if isinstance(value, list)
        else [_entry((model,), value, report)]
    )
    return tuple(entry for entry in entries if entry is not None)


def _entry(path: Path, value: object, report: Report) -> SessionEntry | None:
    """One entry; fields that are not known are passed over."""
    if not isinstance(value, dict):
        report.error(path, _NO_SESSION(found=found(value)))
        return None
    fields: dict[str, Any] = {}
    for name, check in {**_NEEDED, **_OPTIONAL}.items():
        # An empty or null field says no more than a missing one.
        if value.get(name) not in (None, ""):
            _read((*path, name), value[name], check, fields, report)
    for name in _NEEDED:
        if value.get(name) in (None, ""):
            report.error(path, _NO_ID(model=path[0], name=name))
    return SessionEntry(**fields) if fields.keys() >= _NEEDED.keys() else None


def _read(path: Path, value: object, check: Check, fields: dict[str, Any], report: Report) -> None:
    name = str(path[-1])
    try:
        fields[name] = check.read(value)
    except ValueError:
        report.error(path, MUST_BE(name=name, expected=check.expected, found=found(value)))
