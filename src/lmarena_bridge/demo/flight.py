r"""The page's data as Next.js sends it: a text ("flight") in pieces, each a JavaScript string in a script.

`self.__next_f.push([1,"…"])` may be cut anywhere. Ours are cut where a reader that does not put the pieces
together first must fail: inside a key, between a backslash and the quote it escapes, inside an emoji.
"""

import json
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any, Final

# What Next.js escapes inside its inline scripts, so that no string can end the script element.
_HTML_UNSAFE: Final[Mapping[int, str]] = {
    ord("&"): "\\u0026",
    ord("<"): "\\u003c",
    ord(">"): "\\u003e",
    0x2028: "\\u2028",
    0x2029: "\\u2029",
}


def flight_text(models: list[dict[str, Any]], build: str) -> str:
    """The flight rows of a page: a decoy `initialState`, then the props that hold the model list."""
    props = {
        "initialModels": models,
        "initialModelAId": models[0]["id"],
        "initialModelBId": "$undefined",
        "children": "$L8",
    }
    rows = {
        "1": '"$Sreact.fragment"',
        "2": 'I[61021,["177","static/chunks/app/layout.js"],"ModelStoreProvider"]',
        "3": 'I[40577,["177","static/chunks/app/layout.js"],"EvaluationStoreProvider"]',
        "0": _compact({"P": None, "b": build, "p": "", "c": ["", ""], "i": False, "S": False}),
        "6": _compact(["$", "$L3", None, {"initialState": "$undefined", "children": "$L7"}]),
        "7": _compact(["$", "$L2", None, props]),
        "8": _compact(["$", "main", None, {"children": 'Models: {"initialModels":[ …not here'}]),
    }
    return "".join(f"{key}:{value}\n" for key, value in rows.items())


def cut_awkwardly(text: str) -> list[str]:
    """`text` in pieces, counted in UTF-16: a cut inside an emoji leaves half of it on each side."""
    units = text.encode("utf-16-le", "surrogatepass")
    places = sorted({0, len(units) // 2, *_awkward_places(text)})
    return [
        units[2 * start : 2 * end].decode("utf-16-le", "surrogatepass") for start, end in pairwise(places)
    ]


def push_scripts(pieces: Iterable[str]) -> str:
    """The script elements of a page, the initialising one first."""
    pushes = "".join(f"<script>self.__next_f.push([1,{_javascript(piece)}])</script>" for piece in pieces)
    return f"<script>(self.__next_f=self.__next_f||[]).push([0])</script>{pushes}"


def _awkward_places(text: str) -> list[int]:
    """Places to cut, counted in UTF-16 units."""
    wanted = [
        text.index('"initialModels"') + len('"initialMod'),
        text.index('"publicName"') + len('"public'),
        text.rindex('"publicName"') + 1,
        text.index("[{", text.index('"initialModels"')) + 1,
        text.index('\\"') + 1,  # between the backslash and the quote
        text.index("7a00") + 2,
    ]
    emoji = next(place for place, char in enumerate(text) if ord(char) > 0xFFFF)
    return [_units(text[:place]) for place in wanted] + [_units(text[:emoji]) + 1]


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _compact(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _javascript(piece: str) -> str:
    r"""A JavaScript string literal; half an emoji is written as its escape (`\ud83e`), the rest as it is."""
    literal = json.dumps(piece, ensure_ascii=False).translate(_HTML_UNSAFE)
    return "".join(f"\\u{ord(char):04x}" if 0xD800 <= ord(char) <= 0xDFFF else char for char in literal)
