"""api_key: the keys that clients may use, plain texts or objects with a name and a limit."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal

from lmarena_bridge.core.config.checks import Choice, FilledText, Schema, Text, Whole
from lmarena_bridge.core.sentences import Sentence, Template

_EXPECTED: Final = Template(
    "expected.api.keys",
    "a text, or a list of texts and of objects like "
    '{{"name": "phone", "key": "…", "requests_per_minute": 20}}, each name once',
)()
_MOST_REQUESTS: Final = 100_000


@dataclass(frozen=True, slots=True)
class ApiKey:
    """One key. The name is what the log and the dashboard say; `requests_per_minute` None: no limit.

    `tool_calling` goes before the settings of that name; None: they hold.
    """

    key: str = field(repr=False)
    name: str = ""
    requests_per_minute: int | None = None
    tool_calling: Literal["auto", "on", "off"] | None = None


# As it stands in the file: most people write one text.
GivenKeys = str | tuple[str | ApiKey, ...]


@dataclass(frozen=True, slots=True)
class ApiKeys:
    """One key or a list of them; a key is a text, or an object that names it."""

    expected: Sentence = _EXPECTED

    @property
    def schema(self) -> Schema:
        named = {
            "type": "object",
            "properties": {name: check.schema for name, check in _FIELDS.items()},
            "required": ["key"],
            "additionalProperties": False,
        }
        return {
            "anyOf": [
                Text().schema,
                named,
                {"type": "array", "items": {"anyOf": [Text().schema, named]}},
            ]
        }

    def read(self, value: object) -> GivenKeys:
        if isinstance(value, str):
            return Text().read(value)
        given = value if isinstance(value, list | tuple) else [value]
        keys = tuple(key for key in map(_read, given) if key)
        names = [key.name for key in keys if isinstance(key, ApiKey) and key.name]
        if len(names) != len(set(names)):
            raise ValueError
        return keys


_FIELDS: Final[Mapping[str, Any]] = {
    "key": FilledText(),
    "name": Text(),
    "requests_per_minute": Whole(1, _MOST_REQUESTS),
    "tool_calling": Choice(("auto", "on", "off")),
}


def _read(value: object) -> str | ApiKey:
    match value:
        case str():
            return Text().read(value)
        case ApiKey():
            return value
        case Mapping() if "key" in value and value.keys() <= _FIELDS.keys():
            return ApiKey(**{name: _FIELDS[name].read(each) for name, each in value.items()})
        case _:
            raise ValueError


def named_keys(given: GivenKeys) -> tuple[ApiKey, ...]:
    """All keys, each with a name of its own: those without one are numbered by their place."""
    keys = (given,) if isinstance(given, str) else given
    taken = {key.name for key in keys if isinstance(key, ApiKey)}
    return tuple(_named(keys, _free_names(taken)))


def _named(keys: Iterable[str | ApiKey], names: Iterator[str]) -> Iterator[ApiKey]:
    for key, name in zip(keys, names, strict=False):
        if isinstance(key, ApiKey):
            yield replace(key, name=key.name or name)
        elif key:
            yield ApiKey(key, name)


def _free_names(taken: set[str]) -> Iterator[str]:
    number = 0
    while True:
        number += 1
        if (name := f"key {number}") not in taken:
            yield name
