"""The tools that a prompt offers, read from its text as a model reads it: no more is known than it says."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

_NONCE = re.compile(r'<tool_call_([0-9a-z]+)>\{"name": "the_tool"')
_LIST = re.compile(r"^The tools, each with its arguments.*$", re.MULTILINE)
_HEAD = re.compile(r"^([\w.-]+)(?:: (.*))?$")
_MEMBER = re.compile(r'^( +)(\w+|"[^"]*[^\w"][^"]*")(\??): (.*)$')


@dataclass(frozen=True, slots=True)
class Argument:
    """`kind` is its type as it is written; `members` are those of an object, or of the objects in a list."""

    name: str
    optional: bool
    kind: str
    members: tuple["Argument", ...] = ()


@dataclass(frozen=True, slots=True)
class OfferedTool:
    name: str
    about: str
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class Offer:
    """`must`: one of the tools has to be called. `single`: one call at most in an answer."""

    nonce: str
    tools: tuple[OfferedTool, ...]
    must: bool = False
    single: bool = False


def read_offer(instructions: str) -> Offer | None:
    """What the instructions offer; None if they offer no tools."""
    nonce, listed = _NONCE.search(instructions), _LIST.search(instructions)
    if nonce is None or listed is None:
        return None
    rules = instructions[nonce.end() : listed.start()]
    tools = tuple(_tools(instructions[listed.end() :].split("\n")))
    return Offer(nonce[1], tools, "You must call" in rules, "Call one tool at most" in rules)


def _tools(lines: list[str]) -> Iterator[OfferedTool]:
    """Each is a line with its name, perhaps more lines about it, and the block of its arguments."""
    head: list[str] = []
    at = 0
    while at < len(lines):
        end = _end_of_block(lines, at)
        found = _HEAD.match(head[0]) if end and head else None
        if end and found:
            about = "\n".join((found[2] or "", *head[1:])).strip()
            yield OfferedTool(found[1], about, tuple(_members(lines[at + 1 : end - 1])))
            head = []
        else:
            head += [lines[at]] if head or lines[at].strip() else []
            end = 0
        at = end or at + 1


def _end_of_block(lines: Sequence[str], at: int) -> int:
    """The line behind the block of arguments that begins here; 0 if none does."""
    if lines[at] == "{}" or lines[at].startswith("{ [name: string]"):
        return at + 1
    if lines[at] != "{" or at + 1 == len(lines) or not _MEMBER.match(lines[at + 1]):
        return 0
    return next((end + 1 for end in range(at + 1, len(lines)) if lines[end] == "}"), 0)


def _members(lines: Sequence[str]) -> Iterator[Argument]:
    at = 0
    while at < len(lines):
        found = _MEMBER.match(lines[at])
        at += 1
        if found is None:
            continue
        indent, name, optional, kind = found.groups()
        inside: list[str] = []
        if kind == "{":
            close = f"{indent}}}"
            while at < len(lines) and not lines[at].startswith(close):
                inside.append(lines[at])
                at += 1
            kind = "{}" + lines[at].removeprefix(close) if at < len(lines) else "{}"
            at += 1
        yield Argument(name.strip('"'), bool(optional), kind, tuple(_members(inside)))
