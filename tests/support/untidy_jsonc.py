"""Values of JSON, and JSONC for them as untidy as a person could write it."""

import json
import random

from hypothesis import strategies as st

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=12)
VALUES: st.SearchStrategy[Json] = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**70), 2**70)
    | st.floats(allow_nan=False, allow_infinity=False)
    | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=12,
)


def written_by_hand(value: Json, chance: random.Random) -> str:
    """JSONC for the value, as untidy as a person could make it."""
    match value:
        case dict():
            inner = [
                f"{gap(chance)}{json.dumps(name, ensure_ascii=chance.random() < 0.5)}{gap(chance)}:"
                f"{gap(chance)}{written_by_hand(each, chance)}{gap(chance)}"
                for name, each in value.items()
            ]
            return f"{{{gap(chance)}{','.join(inner)}{trailing(inner, chance)}}}"
        case list():
            inner = [f"{gap(chance)}{written_by_hand(each, chance)}{gap(chance)}" for each in value]
            return f"[{gap(chance)}{','.join(inner)}{trailing(inner, chance)}]"
        case _:
            return json.dumps(value, ensure_ascii=chance.random() < 0.5)


def gap(chance: random.Random) -> str:
    inside = "".join(chance.choice("ab\"'{}[],:/ é*\\") for _ in range(chance.randrange(6)))
    block = f"/*{inside.replace('*', '').replace('/', '')}*/"
    return chance.choice(["", "", "", " ", "\n", "\t", "\r\n", block, f"//{inside}\n"])


def trailing(inner: list[str], chance: random.Random) -> str:
    return f",{gap(chance)}" if inner and chance.random() < 0.3 else ""
