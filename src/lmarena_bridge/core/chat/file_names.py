"""Names of attachments: what the client says, made harmless, or one made from the type."""

import re
import unicodedata
from typing import Final

from lmarena_bridge.core.chat.media_types import extension_of

_LONGEST: Final = 120
_LONGEST_EXTENSION: Final = 16
# They make a name read otherwise than it is: "gpj.exe" as "exe.jpg".
_DIRECTIONS: Final = re.compile("[\u200e\u200f\u202a-\u202e\u2066-\u2069]")


def file_name(said: str | None, content_type: str, number: int) -> str:
    """The name of the `number`th attachment of a message, `said` being what the client calls it."""
    return _harmless(said or "") or _made(content_type, number)


def _harmless(said: str) -> str:
    """The last part of a path, without what no file name should hold; "" if nothing is left."""
    name = re.split(r"[/\\]", said)[-1]
    shown = (each for each in name if unicodedata.category(each) not in ("Cc", "Cs", "Zl", "Zp"))
    name = " ".join(_DIRECTIONS.sub("", "".join(shown)).split())
    return "" if not name.strip(". ") else _shortened(name)


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_EXTENSION:
        return name[:_LONGEST]
    return f"{stem[: _LONGEST - len(ending) - 1]}.{ending}"


def _made(content_type: str, number: int) -> str:
    """`image_1.png`"""
    kind = content_type.partition("/")[0]
    stem = kind if kind in {"image", "audio", "video"} else "file"
    return f"{stem}_{number}.{extension_of(content_type)}"
