"""Answers in the manners of several model families, and what becomes of each; see corpus/README.md."""

import json
import tomllib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.core.chat.calling.rounds import ToolCalls
from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    FinishReason,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
)
from lmarena_bridge.core.chat.request import ChatRequest, Message, Role, Tool, ToolUse

FOLDER = Path(__file__).parent / "corpus"
PAGE = Path(__file__).parents[4] / "docs" / "tools.md"
NONCE = "7f3a9c2e"
KINDS = ("clean", "chatty", "fenced", "thinking", "broken", "half-finished", "foreign", "text")
OUTCOMES = ("called", "asked again", "cut", "text")


def tool(name: str, needed: tuple[str, ...], **properties: dict[str, Any]) -> Tool:
    schema = {
        "type": "object",
        "properties": properties,
        "required": needed,
        "additionalProperties": False,
    }
    return Tool(name, f"The tool {name}.", json.dumps(schema))


TEXT: dict[str, Any] = {"type": "string"}
WHOLE: dict[str, Any] = {"type": "integer"}
USE = ToolUse(
    (
        tool("get_weather", ("city",), city=TEXT, unit={"enum": ["c", "f"]}, days=WHOLE),
        tool("write_file", ("path", "content"), path=TEXT, content=TEXT),
        tool("run", ("command",), command=TEXT),
        tool("search", ("query",), query=TEXT, limit=WHOLE, exact={"type": "boolean"}),
    )
)
REQUEST = ChatRequest("a-model", (Message(Role.USER, "Do it."),), tools=USE)


@dataclass(frozen=True)
class Example:
    family: str
    name: str
    kind: str
    origin: str
    text: str
    outcome: str
    calls: list[list[str]]
    said: str
    reason: str = "stop"

    def __str__(self) -> str:
        return f"{self.family}-{self.name}"


def corpus() -> Iterator[Example]:
    for path in sorted(FOLDER.glob("*.toml")):
        text = path.read_text(encoding="utf-8").replace("NONCE", NONCE)
        for answer in tomllib.loads(text)["answer"]:
            yield Example(path.stem, **answer)


EXAMPLES = list(corpus())


@dataclass(frozen=True)
class Result:
    outcome: str
    calls: list[list[str]]
    said: str


def read(example: Example, size: int) -> Result:
    """What becomes of the answer when it comes in pieces of so many characters."""
    calls = ToolCalls(REQUEST, USE, lambda: NONCE)
    events: list[ChatEvent] = []
    for start in range(0, len(example.text), size):
        if not calls.done:
            events += calls.feed([TextDelta(example.text[start : start + size])])
    if not calls.done:
        events += calls.feed([Finished(FinishReason(example.reason))])
    given: list[list[str]] = []
    for event in events:
        match event:
            case ToolCallBegun(name=name):
                given.append([name, ""])
            case ToolArguments(text=text):
                given[-1][1] += text
    said = "".join(event.text for event in events if isinstance(event, TextDelta))
    return Result(_outcome(calls, example, given), given, said)


def _outcome(calls: ToolCalls, example: Example, given: list[list[str]]) -> str:
    if calls.again() is not None:
        return "asked again"
    if example.reason != "stop":
        return "cut"
    return "called" if given else "text"


@pytest.mark.parametrize("example", EXAMPLES, ids=str)
def test_an_answer_becomes_what_it_should(example: Example) -> None:
    expected = Result(example.outcome, example.calls, example.said)
    assert read(example, len(example.text)) == expected
    assert NONCE not in example.said or example.kind == "thinking"


@pytest.mark.parametrize("size", [1, 2, 3, 4, 7, 16, 40])
def test_however_it_is_cut(size: int) -> None:
    for example in EXAMPLES:
        assert read(example, size) == Result(example.outcome, example.calls, example.said), example


def test_the_corpus_says_how_each_came_about() -> None:
    assert len({str(example) for example in EXAMPLES}) == len(EXAMPLES)
    for example in EXAMPLES:
        assert example.origin.endswith((".", ")."))
        assert example.kind in KINDS
        assert example.outcome in OUTCOMES


def table() -> str:
    """How many answers of each family, and of each kind, end how."""
    lines = ["| | answers | called at once | asked again | cut off | text |", "|---|---|---|---|---|---|"]
    for title, key in (("family", "family"), ("kind", "kind")):
        names = sorted({str(getattr(example, key)) for example in EXAMPLES})
        for name in names:
            those = [example for example in EXAMPLES if getattr(example, key) == name]
            count = Counter(read(example, 9).outcome for example in those)
            figures = " | ".join(str(count[outcome]) for outcome in OUTCOMES)
            lines.append(f"| {title} {name} | {len(those)} | {figures} |")
    return "\n".join(lines) + "\n"


def test_the_page_has_the_figures_as_they_are_measured() -> None:
    assert table() in PAGE.read_text(encoding="utf-8")
