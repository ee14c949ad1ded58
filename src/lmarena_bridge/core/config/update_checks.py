"""The kinds of values that say where releases are announced, and whose they must be."""

import base64
import binascii
import re
from dataclasses import dataclass
from typing import Final

from lmarena_bridge.core.config.checks import Schema, Text
from lmarena_bridge.core.sentences import Sentence, Template

_ADDRESS_EXPECTED: Final = Template("expected.release.address", "an address that begins with https://")()
_KEY_EXPECTED: Final = Template("expected.public.key", "a public key: 44 characters that end in =")()

# Over a line that others can change only what comes from this very computer is asked for.
_HTTP: Final = "[Hh][Tt][Tt][Pp]"  # editors cannot be told that case does not matter
_OWN: Final = r"(localhost|127\.0\.0\.1|\[::1\])(:\d+)?"
_ADDRESS: Final = rf"({_HTTP}[Ss]://[^\s/@]+|{_HTTP}://{_OWN})(/\S*)?"
_WHOLE: Final = re.compile(_ADDRESS)
# 32 bytes in base64.
_KEY: Final = r"[A-Za-z0-9+/]{43}="
_KEY_BYTES: Final = 32


@dataclass(frozen=True, slots=True)
class ReleaseAddress(Text):
    """An https address, or nothing."""

    expected: Sentence = _ADDRESS_EXPECTED

    @property
    def schema(self) -> Schema:
        return {"type": "string", "pattern": rf"^\s*({_ADDRESS})?\s*$"}

    def read(self, value: object) -> str:
        text = Text.read(self, value)
        if text and not _WHOLE.fullmatch(text):
            raise ValueError
        return text


@dataclass(frozen=True, slots=True)
class PublicKey(Text):
    """A public key of Ed25519, or nothing."""

    expected: Sentence = _KEY_EXPECTED

    @property
    def schema(self) -> Schema:
        return {"type": "string", "pattern": rf"^\s*({_KEY})?\s*$"}

    def read(self, value: object) -> str:
        text = Text.read(self, value)
        if text and len(key_bytes(text)) != _KEY_BYTES:
            raise ValueError
        return text


def key_bytes(text: str) -> bytes:
    """The key itself. Raises ValueError."""
    try:
        return base64.b64decode(text, validate=True)
    except binascii.Error as error:
        raise ValueError from error
