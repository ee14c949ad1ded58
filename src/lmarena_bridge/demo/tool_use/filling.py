"""Arguments for a tool: by what their names mean, by their types, by what the question says."""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lmarena_bridge.demo.tool_use.offered import Argument

# What each thing we know is called by the programs that offer tools.
_MEANINGS: Final[Mapping[str, frozenset[str]]] = {
    "path": frozenset(
        {"path", "file", "filename", "file_path", "filepath", "target_file", "absolute_path", "absolutepath"}
    ),
    "content": frozenset({"content", "contents", "text", "file_text", "code", "new_content"}),
    "command": frozenset({"command", "commands", "cmd", "script"}),
    "old": frozenset({"old_string", "oldstring", "old_str", "old_text", "oldtext", "old", "search"}),
    "new": frozenset(
        {"new_string", "newstring", "new_str", "new_text", "newtext", "new", "replace", "replacement"}
    ),
    "say": frozenset({"result", "response", "summary", "message", "answer"}),
}
_PLACE = re.compile(r"\b(?:in|of|for|at|from|to)\s+([^\W\d_][\w'-]*(?:\s+[^\W\da-z_][\w'-]*)*)")
_CAPITAL = re.compile(r"(?<!^)(?<![.!?]\s)\b([^\W\da-z_][\w'-]*)")
_ANY_CAPITAL = re.compile(r"\b([^\W\da-z_][\w'-]+)")
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"')

Known = Mapping[str, str]


def fill(arguments: Sequence[Argument], known: Known, question: str) -> dict[str, Any]:
    """Values for all arguments that are needed, and for those others that something is known for.

    `known`: values by their meaning (path, content, command, old, new, say).
    """
    numbers = [_number(each) for each in _NUMBER.findall(question)]
    names = _names(question)
    return {
        argument.name: _value(argument, known, question, numbers, names)
        for argument in arguments
        if not argument.optional or _meant(argument, known) is not None or _inside(argument, known)
    }


def meaning_of(name: str) -> str | None:
    return next((meaning for meaning, names in _MEANINGS.items() if name.lower() in names), None)


def _inside(argument: Argument, known: Known) -> bool:
    return any(_meant(each, known) is not None for each in argument.members)


def _meant(argument: Argument, known: Known) -> str | None:
    meaning = meaning_of(argument.name)
    return known.get(meaning) if meaning else None


def _value(argument: Argument, known: Known, question: str, numbers: list[float], names: list[str]) -> Any:
    kind = argument.kind.split(" // ")[0]
    meant = _meant(argument, known)
    if argument.members:
        inner = fill(argument.members, known, question)
        return [inner] if kind.endswith("[]") else inner
    if kind.endswith("[]"):
        return _list(argument, kind, meant, question)
    if meant is not None:
        return meant
    choices = [each[1:-1] for each in _STRING.findall(kind)]
    if choices:
        return next((choice for choice in choices if choice.lower() in question.lower()), choices[0])
    return _plain(argument, kind, question, numbers, names)


def _plain(argument: Argument, kind: str, question: str, numbers: list[float], names: list[str]) -> Any:
    match re.findall(r"^\w*", kind):
        case ["integer" | "number"]:
            return numbers.pop(0) if numbers else 1
        case ["boolean"]:
            return False
        case [""]:
            return {}
        case _:
            return _text(argument, question, names)


def _list(argument: Argument, kind: str, meant: str | None, question: str) -> list[Any]:
    if meant is None:
        numeric = kind.startswith(("integer", "number"))
        return [_number(each) for each in _NUMBER.findall(question)] if numeric else [question]
    # Some want a command as the words of one, not as a list of several.
    return ["bash", "-lc", meant] if argument.name == "command" else [meant]


def _text(argument: Argument, question: str, names: list[str]) -> str:
    if argument.name in ("description", "reason", "explanation", "justification"):
        return "As you asked"
    return names.pop(0) if names else question


def _names(question: str) -> list[str]:
    """What the question speaks of by name, the likeliest first."""
    found = _PLACE.findall(question) or _CAPITAL.findall(question) or _ANY_CAPITAL.findall(question)
    return list(dict.fromkeys(found))


def _number(text: str) -> float:
    return float(text) if "." in text else int(text)
