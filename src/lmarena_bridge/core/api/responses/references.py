"""Items that a client only names (`item_reference`), found again in the responses that are kept.

The AI SDK names so what the model said before, unless it is told that nothing is stored (@ai-sdk/openai
3.0.141, seen 2026-11-25). An item's id holds that of its response (`ResponseHead`).
"""

import re
from collections.abc import Callable
from typing import Final

import msgspec

from lmarena_bridge.core.api.responses.items import Item
from lmarena_bridge.core.api.responses.requests import ResponsesBody
from lmarena_bridge.core.api.responses.said import output_of

_ID: Final = re.compile(r"[a-z]{1,10}_(.{1,200})_\d{1,6}")


def with_items(body: ResponsesBody, kept: Callable[[str], bytes | None]) -> ResponsesBody:
    """The body with the items in the place of their names; one that is not kept is left for `read_items`.

    `kept` gives the body of a response by its id.
    """
    if isinstance(body.input, str) or all(item.type != "item_reference" for item in body.input):
        return body
    return msgspec.structs.replace(body, input=[_found(item, kept) for item in body.input])


def _found(item: Item, kept: Callable[[str], bytes | None]) -> Item:
    named = _ID.fullmatch(item.id or "") if item.type == "item_reference" else None
    response = kept(f"resp_{named[1]}") if named else None
    output = output_of(response) if response else ()
    return next((each for each in output if each.id == item.id), item)
