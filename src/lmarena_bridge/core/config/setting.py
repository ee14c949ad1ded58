"""How a setting is declared: once, with its default, its check and what it is about.

The declaration feeds the reader of config.jsonc, the commented file of the first start, the error texts, the
schema for editors and docs/configuration.md.
"""

from collections.abc import Mapping
from dataclasses import Field, dataclass, field
from types import MappingProxyType
from typing import Any, Final, TypeVar

from lmarena_bridge.core.config.checks import Check

T = TypeVar("T")

_DECLARATION: Final = "lmarena_bridge.setting"


@dataclass(frozen=True, slots=True)
class Setting:
    """One key of config.jsonc.

    A setting that nothing acts on yet (`in_use`) is read, but not advertised. `at_start`: a change waits for
    the next start of the server.
    """

    name: str
    default: object
    check: Check
    section: str
    about: str
    secret: bool
    in_use: bool
    at_start: bool


def setting(
    default: T,
    check: Check,
    *,
    section: str,
    about: str = "",
    secret: bool = False,
    in_use: bool = True,
    at_start: bool = False,
) -> T:
    """A field of Settings. Typed as its default, so that the class reads like any dataclass."""
    declaration = {
        "check": check,
        "section": section,
        "about": " ".join(about.split()),
        "secret": secret,
        "in_use": in_use,
        "at_start": at_start,
    }
    # What is secret stays out of repr(), and so out of logs and tracebacks.
    return field(default=default, repr=not secret, metadata={_DECLARATION: declaration})


def declared(fields: tuple[Field[Any], ...]) -> Mapping[str, Setting]:
    """The settings among the fields of a dataclass, by name and in order."""
    settings = [
        Setting(name=each.name, default=each.default, **each.metadata[_DECLARATION]) for each in fields
    ]
    return MappingProxyType({each.name: each for each in settings})
