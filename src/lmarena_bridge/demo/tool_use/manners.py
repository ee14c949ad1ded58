"""How models write down a call: as they were told, or as they are used to."""

import json
from collections.abc import Sequence
from typing import Final, Literal

from lmarena_bridge.demo.tool_use.plan import Call

Manner = Literal["clean", "sloppy", "foreign", "confused", "thinker"]

_MANNERS: Final[tuple[Manner, ...]] = ("sloppy", "foreign", "confused", "thinker")

_BEFORE: Final = "I will use {names} for that."


def manner_of(model: str) -> Manner:
    """The one that the model's name ends in."""
    return next((each for each in _MANNERS if model.endswith(each)), "clean")


def written(calls: Sequence[Call], manner: Manner, nonce: str, *, corrected: bool) -> str:
    """The answer with these calls. Who was `corrected` does as told: that much every manner has."""
    if corrected:
        return "\n".join(_clean(call, nonce) for call in calls)
    before = _BEFORE.format(names=" and ".join(dict.fromkeys(call.name for call in calls)))
    match manner:
        case "sloppy":
            return f"Sure! {before}\n\n```json\n{_sloppy(calls, nonce)}\n```\n"
        case "foreign":
            return f"{before}\n\n" + "\n".join(f"<tool_call>\n{_json(call)}\n</tool_call>" for call in calls)
        case "confused":
            return "\n".join(_clean(Call(f"use_{call.name}", call.arguments), nonce) for call in calls)
        case _:
            return f"{before}\n\n" + "\n".join(_clean(call, nonce) for call in calls)


def _clean(call: Call, nonce: str) -> str:
    return f"<tool_call_{nonce}>{_json(call)}</tool_call_{nonce}>"


def _sloppy(calls: Sequence[Call], nonce: str) -> str:
    """As Python writes it, a comma too many, and the last marker forgotten."""
    bodies = [f"{{'name': {call.name!r}, 'arguments': {call.arguments!r},}}" for call in calls]
    return f"</tool_call_{nonce}>\n".join(f"<tool_call_{nonce}>\n{body}\n" for body in bodies)


def _json(call: Call) -> str:
    return json.dumps({"name": call.name, "arguments": call.arguments}, ensure_ascii=False)
