"""What a question wants done, read off its words."""

import re
from dataclasses import dataclass

_FILE = r"[`\"'“]?([\w./\\-]+\.\w{1,8})[`\"'”]?"
_CREATE = re.compile(rf"\b(?:create|write|make|add)\b(?: \w+){{0,4}}? {_FILE}", re.IGNORECASE)
_READ = re.compile(
    rf"\b(?:read|show|open|print out|what(?:'s| is| stands)? in)\b(?: \w+){{0,4}}? {_FILE}", re.IGNORECASE
)
_REPLACE = re.compile(
    r"\b(?:replace|change)\s+[`\"'“]?(.+?)[`\"'”]?\s+(?:with|by|to|into)\s+[`\"'“]?(.+?)[`\"'”]?(?=\s+in\b|[.!]?$|[.!]\s)",
    re.IGNORECASE | re.MULTILINE,
)
_ANY_FILE = re.compile(rf"\b(?:in|of|file)\s+(?:the file\s+)?{_FILE}", re.IGNORECASE)
_RUN = re.compile(
    r"\b(?:run|execute)\b(?: the)?(?: command)?:? [`\"'“]?(.+?)[`\"'”]?[.!?]?$", re.IGNORECASE | re.MULTILINE
)
_LIST = re.compile(r"\blist\b(?: \w+){0,3} files\b", re.IGNORECASE)
_PRINTS = re.compile(r"\bprints? [`\"'“]?(.+?)[`\"'”]?[.!?]?$", re.IGNORECASE | re.MULTILINE)
_SAYING = re.compile(
    r"\b(?:with|containing|contents?|text|saying|says)\b(?: the)?(?: (?:content|text|line|words?))?:?"
    r" [`\"'“](.+?)[`\"'”]",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True, slots=True)
class Create:
    path: str
    content: str


@dataclass(frozen=True, slots=True)
class Replace:
    path: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Show:
    path: str


@dataclass(frozen=True, slots=True)
class Run:
    command: str


Intent = Create | Replace | Show | Run


def read_intent(question: str) -> Intent | None:
    """What is to be done with files or a shell; None if the question is about something else."""
    file, change = _ANY_FILE.search(question), _REPLACE.search(question)
    if file and change:
        return Replace(file[1], change[1], change[2])
    if found := _CREATE.search(question):
        return Create(found[1], _content(question, found[1]))
    if found := _RUN.search(question):
        return Run(found[1])
    if _LIST.search(question):
        return Run("ls")
    if found := _READ.search(question):
        return Show(found[1])
    return None


def _content(question: str, path: str) -> str:
    if printed := _PRINTS.search(question):
        return f'print("{printed[1]}")\n' if path.endswith(".py") else f"{printed[1]}\n"
    said = _SAYING.search(question)
    return f"{said[1]}\n" if said else "Hello from the practice arena.\n"
