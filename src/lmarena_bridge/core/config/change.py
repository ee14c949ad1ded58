"""What the program itself writes into the person's files, and what becomes of their bytes."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any, Final

from lmarena_bridge.core.config.default_files import models_text, sessions_text, settings_text
from lmarena_bridge.core.config.files import (
    MODELS_FILE,
    SESSIONS_FILE,
    SETTINGS_FILE,
    Reading,
    is_blank,
    read_models,
    read_sessions,
    read_settings,
)
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_edit import Edit, Put, Remove, edit
from lmarena_bridge.core.config.jsonc_tokens import JsoncError
from lmarena_bridge.core.config.problem import Problem, errors
from lmarena_bridge.core.config.sessions import Mode, SessionEntry, Side
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.core.sentences import Template

_ONE_OBJECT: Final = Template("change.one.object", "everything in this file must stand in one object {{…}}")
_NO_UTF8: Final = Template("change.no.utf8", "the file is not in UTF-8")
_REFUSED: Final = Template("change.refused", "{problem}. The file was not changed")

_FIRST_TEXTS: Final[Mapping[str, Callable[[], str]]] = {
    SETTINGS_FILE: settings_text,
    MODELS_FILE: models_text,
    SESSIONS_FILE: sessions_text,
}
_READERS: Final[Mapping[str, Callable[[bytes], Reading[Any]]]] = {
    SETTINGS_FILE: read_settings,
    MODELS_FILE: read_models,
    SESSIONS_FILE: read_sessions,
}


@dataclass(frozen=True, slots=True)
class Change:
    """A change of one file: the edits depend on what the file says at the moment it is changed."""

    file: str
    edits: Callable[[Any], Iterable[Edit]]


def default_session(
    session_id: str, message_id: str, mode: Mode, battle_target: Side | None, profile: str = ""
) -> Change:
    """The session of every model without one of its own. Without a target the one that is set stays.

    Not so the profile: that of earlier ids would send these to the wrong login.
    """
    values = {"session_id": session_id, "message_id": message_id, "id_updater_last_mode": mode}
    if battle_target is not None:
        values["id_updater_battle_target"] = battle_target

    def edits(settings: Any) -> Iterable[Edit]:
        said = {"session_profile": profile} if profile or "session_profile" in settings else {}
        return [Put((name,), value) for name, value in {**values, **said}.items()]

    return Change(SETTINGS_FILE, edits)


def changed_settings(values: Mapping[str, Any], defaulted: Iterable[str]) -> Change:
    """Settings with new values, and those that shall have their defaults again, by leaving the file."""
    puts, gone = dict(values), tuple(defaulted)

    def edits(settings: Any) -> Iterable[Edit]:
        yield from (Put((name,), value) for name, value in puts.items())
        yield from (Remove((name,)) for name in gone if name in settings)

    return Change(SETTINGS_FILE, edits)


def added_session(model: str, entry: SessionEntry, *, append: bool) -> Change:
    """A session of a model, beside those it has (`append`) or instead of them."""
    return Change(
        SESSIONS_FILE, lambda sessions: [Put((model,), _pool(sessions.get(model), entry, append=append))]
    )


def added_models(models: Mapping[str, str]) -> Change:
    """Models by name, each with its "id" or "id:kind"."""
    return Change(MODELS_FILE, lambda _: (Put((name,), value) for name, value in models.items()))


def removed_models(names: Iterable[str]) -> Change:
    """Models that are in the file no more; names that are not in it are passed over."""
    gone = tuple(names)
    return Change(MODELS_FILE, lambda _: (Remove((name,)) for name in gone))


def changed(data: bytes | None, change: Change) -> bytes:
    """The file after the change; None stands for a file that is not there.

    Raises ConfigError if the file is broken, or would be.
    """
    text = _text(data, change.file)
    try:
        document = loads(text)
        if not isinstance(document.value, dict):
            raise JsoncError(_ONE_OBJECT(), text, document.root.start)
        result = edit(text, *change.edits(document.value)).encode("utf-8")
    except JsoncError as error:
        raise _refusal(Problem("error", change.file, error.message, error.line, error.column)) from error
    read = _READERS[change.file]
    known = {(problem.key, problem.message) for problem in read(text.encode("utf-8")).problems}
    for problem in errors(read(result).problems):
        if (problem.key, problem.message) not in known:
            raise _refusal(Problem("error", change.file, problem.message, key=problem.key))
    return result


def _text(data: bytes | None, file: str) -> str:
    # Settings that vanished are no settings to start anew from: there might have been a key among them.
    if data is None or (is_blank(data) and file != SETTINGS_FILE):
        return _FIRST_TEXTS[file]()
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        raise _refusal(Problem("error", file, _NO_UTF8())) from error


def _refusal(problem: Problem) -> ConfigError:
    return ConfigError(_REFUSED(problem=problem.sentence), param=problem.key or None)


def _pool(old: Any, entry: SessionEntry, *, append: bool) -> Any:
    """The sessions of a model: those it has, if they are to stay, and this one."""
    new = {name: value for name, value in asdict(entry).items() if value is not None}
    pool = old if isinstance(old, list) else [old] if isinstance(old, dict) and old else []
    kept = pool if append else []
    entries = [new if _ids(each) == _ids(new) else each for each in kept]
    if new not in entries:
        entries.append(new)
    return entries if isinstance(old, list) or len(entries) > 1 else entries[0]


def _ids(entry: Any) -> tuple[Any, Any]:
    return (entry.get("session_id"), entry.get("message_id")) if isinstance(entry, dict) else (None, None)
