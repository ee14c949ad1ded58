"""The names of stored files: random, and nothing of the client's in them."""

import re
from typing import Final

from lmarena_bridge.filebed.kinds import KINDS, Kind

# 128 bits nobody can guess: whoever has the name was given it.
_FORM: Final = re.compile(r"[0-9a-f]{32}\.([a-z0-9]{1,8})", re.ASCII)
# What a writer that died has left of a file: the name and a number (obstore's local storage).
_LEFT_OVER: Final = re.compile(rf"{_FORM.pattern}#[0-9]+", re.ASCII)


def kind_named(name: str) -> Kind | None:
    """The kind of the file of that name; None if no stored file can have it."""
    found = _FORM.fullmatch(name)
    return KINDS.get(found[1]) if found else None


def is_left_over(name: str) -> bool:
    """Whether a file in the storage's directory is a piece of an upload that was never finished."""
    return _LEFT_OVER.fullmatch(name) is not None
