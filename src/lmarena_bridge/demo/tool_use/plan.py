"""Which tools to call for a question, one step after another."""

import re
import shlex
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from lmarena_bridge.demo.tool_use.filling import fill, meaning_of
from lmarena_bridge.demo.tool_use.intent import Create, Intent, Replace, Run, Show, read_intent
from lmarena_bridge.demo.tool_use.offered import Argument, Offer, OfferedTool

_DONE: Final = frozenset(
    {"attempt_completion", "submit", "submit_and_exit", "finish", "final_result", "task_complete"}
)
_WORD = re.compile(r"[^\W\d_]{3,}")
# Words in the names of tools that say nothing about what they are for.
_EMPTY: Final = frozenset({"get", "the", "current", "tool", "and", "for", "new", "mcp", "functions"})
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+|\d+")
_SEVERAL = re.compile(
    r"\b(in|of|for|at)\s+([^\W\da-z_]\w*)((?:\s*(?:,|and)\s+(?:in\s+|of\s+|for\s+)?[^\W\da-z_]\w*)+)"
)


@dataclass(frozen=True, slots=True)
class Call:
    name: str
    arguments: dict[str, Any] = field(default_factory=dict)


# Calls that do not need each other's results.
Step = tuple[Call, ...]


def plan(question: str, offer: Offer, place: str) -> list[Step]:
    """The steps to the answer; none if no tool is of use. `place` is the working directory."""
    intent = read_intent(question)
    if intent is not None and (steps := _steps(intent, offer, place)):
        return steps
    tool = _fitting(question, offer)
    if tool is None and offer.must:
        tool = next(iter(offer.tools), None)
    if tool is None:
        return []
    calls = tuple(Call(tool.name, fill(tool.arguments, {}, each)) for each in _questions(question))
    return [(call,) for call in calls] if offer.single else [calls]


def ending(offer: Offer, question: str, summary: str) -> Call | None:
    """The call by which some programs want to hear that the work is done."""
    tool = next((tool for tool in offer.tools if tool.name in _DONE), None)
    return None if tool is None else Call(tool.name, fill(tool.arguments, {"say": summary}, question))


def _steps(intent: Intent, offer: Offer, place: str) -> list[Step]:
    reader = _having(offer, "path", named=("read", "view", "cat", "open"))
    shell = _having(offer, "command")
    match intent:
        case Create(path, content):
            known = {"path": path, "content": content}
            writer = _having(offer, "path", "content", named=("write", "create"))
            if writer:
                return [_step(writer, known, place)]
            command = f"printf %s {shlex.quote(content)} > {shlex.quote(path)}"
        case Replace(path, old, new):
            known = {"path": path, "old": old, "new": new}
            editor = _having(offer, "path", "old", "new")
            if editor:
                reading = [_step(reader, {"path": path}, place)] if reader else []
                return [*reading, _step(editor, known, place)]
            command = f"sed -i {shlex.quote(f's|{re.escape(old)}|{new}|g')} {shlex.quote(path)}"
        case Show(path):
            if reader:
                return [_step(reader, {"path": path}, place)]
            command = f"cat {shlex.quote(path)}"
        case Run(command):
            pass
    return [_step(shell, {"command": command}, place)] if shell else []


def _step(tool: OfferedTool, known: dict[str, str], place: str) -> Step:
    known = dict(known)
    if "path" in known and place and any(_is_absolute(argument) for argument in tool.arguments):
        known["path"] = f"{place.rstrip('/')}/{known['path']}"
    return (Call(tool.name, fill(tool.arguments, known, "")),)


def _is_absolute(argument: Argument) -> bool:
    return meaning_of(argument.name) == "path" and "absolute" in f"{argument.name} {argument.kind}".lower()


def _having(offer: Offer, *meanings: str, named: Sequence[str] = ()) -> OfferedTool | None:
    """The first tool that has arguments of all these meanings, and one of these words in its name."""
    for tool in offer.tools:
        has = {meaning_of(argument.name) for argument in _all(tool.arguments)}
        if has.issuperset(meanings) and (not named or any(word in tool.name.lower() for word in named)):
            return tool
    return None


def _all(arguments: Sequence[Argument]) -> list[Argument]:
    return [each for argument in arguments for each in (argument, *_all(argument.members))]


def _fitting(question: str, offer: Offer) -> OfferedTool | None:
    """The tool whose name, or else whose description, has most words in common with the question."""
    words = {word.lower() for word in _WORD.findall(question)}
    by_name = [(len(words & _name_words(tool)), tool) for tool in offer.tools if tool.name not in _DONE]
    best = max(by_name, key=lambda rated: rated[0], default=(0, None))
    return best[1] if best[0] else None


def _name_words(tool: OfferedTool) -> set[str]:
    return {part.lower() for part in _PARTS.findall(tool.name) if len(part) > 2} - _EMPTY


def _questions(question: str) -> list[str]:
    """The question, once for each thing it asks the same about: the weather in Oslo and in Paris."""
    found = _SEVERAL.search(question)
    if found is None:
        return [question]
    others = re.findall(r"[^\W\da-z_]\w*", found[3])
    return [question.replace(found[0], f"{found[1]} {name}") for name in (found[2], *others)]
