"""What a response that is kept adds to the conversation of the request that goes on from it."""

import msgspec

from lmarena_bridge.core.api.responses.items import Item, read_items
from lmarena_bridge.core.api.responses.offered import Offer
from lmarena_bridge.core.api.uploads import NO_FILES
from lmarena_bridge.core.chat.request import Message


class _Whole(msgspec.Struct, frozen=True):
    output: list[Item]


_DECODER = msgspec.json.Decoder(_Whole)


def output_of(response: bytes) -> list[Item]:
    """The items of an answer, out of the body of the response."""
    return _DECODER.decode(response).output


def said_in(response: bytes, offer: Offer) -> tuple[Message, ...]:
    """The answer's messages, out of the body of the response."""
    return read_items(output_of(response), NO_FILES, offer)
