"""The texts of a long conversation as the JSON they came as, so that nobody needs to write them anew.

Python holds a text with an emoji in it in four bytes a character, and making UTF-8 of it again takes as long
as reading it did: of 200 messages of 2 kB 0.8 ms, and with this 0.3 (2026-11-26).
"""

import re
from collections.abc import Sequence
from typing import Final

import msgspec

from lmarena_bridge.core.api.body import Buffer

# A third of the time that `in` takes, and all there is to find: such an escape, or a backslash before a u.
_BY_NUMBER: Final = re.compile(rb"\\u")
# Shorter bodies are not worth a look.
LONG_BYTES: Final = 4096


class _Message(msgspec.Struct, frozen=True, gc=False):
    content: msgspec.Raw = msgspec.Raw()


class _Body(msgspec.Struct, frozen=True, gc=False):
    messages: list[_Message]


_DECODER: Final = msgspec.json.Decoder(_Body)


def contents_of(body: Buffer) -> Sequence[msgspec.Raw]:
    """The content of each message in a body that was found to be well-formed; () where that wins nothing.

    They are views: the body stays as long as any of them. Escapes by number are not passed on: they may take
    more room than what they mean, and be halves of characters, which the site cannot take.
    """
    if body.isascii() or _BY_NUMBER.search(body):
        return ()
    return [message.content for message in _DECODER.decode(body).messages]
