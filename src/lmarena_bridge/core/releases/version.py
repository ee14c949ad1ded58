"""Versions: three numbers. Only such are released, so that no two programs order them differently."""

import re
from dataclasses import dataclass
from typing import Final

_NUMBER: Final = r"(0|[1-9]\d{0,5})"
_RELEASED: Final = re.compile(rf"{_NUMBER}\.{_NUMBER}\.{_NUMBER}", re.ASCII)


@dataclass(frozen=True, slots=True, order=True)
class Version:
    """`is_final` False: on the way to that version, like 0.2.0.dev3; it comes before it."""

    major: int
    minor: int
    patch: int
    is_final: bool = True

    def __str__(self) -> str:
        return f"{self.major}.{self.minor}.{self.patch}"


def released(text: str) -> Version:
    """The version of a release. Raises ValueError for anything but three numbers."""
    found = _RELEASED.fullmatch(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} is no version like 1.2.3")
    return _version(found)


def running(text: str) -> Version:
    """The version of a program that runs, which may be a working copy. Raises ValueError."""
    found = _RELEASED.match(text)
    if found is None:
        raise ValueError(f"{text[:40]!r} does not begin like 1.2.3")
    return _version(found, is_final=found.end() == len(text))


def _version(found: re.Match[str], *, is_final: bool = True) -> Version:
    major, minor, patch = map(int, found.groups())
    return Version(major, minor, patch, is_final)
