"""allowed_origins: web pages by their origin, exactly as browsers write it."""

import re
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config.checks import Schema
from lmarena_bridge.core.sentences import Sentence, Template

_EXPECTED: Final = Template(
    "expected.origins",
    'a list of origins like ["http://localhost:3000"]: scheme, host and port, without a path; "*" and "null" '
    "would let in every page on the web",
)()

# Scheme, host and port, nothing behind them. So neither "*" nor "null", which every page on the web can be.
_ORIGIN: Final = r"[A-Za-z][A-Za-z0-9+.-]*://[^\s/\\?#@*]+"
_WHOLE: Final = re.compile(_ORIGIN)


@dataclass(frozen=True, slots=True)
class Origins:
    """A list of origins; a slash at the end, as address bars have it, is dropped."""

    expected: Sentence = _EXPECTED

    @property
    def schema(self) -> Schema:
        return {"type": "array", "items": {"type": "string", "pattern": rf"^\s*({_ORIGIN}/?)?\s*$"}}

    def read(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple):
            raise ValueError
        return tuple(origin for origin in map(_read, value) if origin)


def _read(value: object) -> str:
    if not isinstance(value, str):
        raise ValueError
    origin = value.strip().removesuffix("/").lower()
    if origin and _WHOLE.fullmatch(origin) is None:
        raise ValueError
    return origin
