"""What the model is told about the tools: the form of a call, the rules, each tool in few words."""

from collections.abc import Sequence
from functools import lru_cache
from typing import Final

from lmarena_bridge.core.chat.calling.markers import Markers
from lmarena_bridge.core.chat.calling.signature import Detail, signature
from lmarena_bridge.core.chat.calling.toolbox import Fault
from lmarena_bridge.core.chat.request import Tool, ToolUse

# From everything that is said about a tool down to the names alone.
_DETAILS: Final = (
    Detail(1_000_000, 1_000_000),
    Detail(1500, 300),
    Detail(600, 160),
    Detail(160, 60),
    Detail(80, 0),
    Detail(0, 0),
)

_HEAD: Final = """# Tools

You can use the tools listed below. They run on the user's side; what they return is sent to you in the next \
message. To call a tool, write exactly this, with the arguments as one JSON object:

{open}{{"name": "the_tool", "arguments": {{"key": "value"}}}}{close}

- The markers carry the code {nonce}. Only what stands between markers with this code is carried out. No \
other syntax for tool calls works here, nor do other tools than these.
- Between the markers stands strict JSON: double quotes, and line breaks and quotes in strings written as \
\\n and \\". No code fence around it, no comments.
- Whenever something has to be read, looked up, changed or run for the task, call the tool at once; do not \
tell the user what you would do, nor ask them to do it.
- {several}
- After a call end your answer. Never write a tool's result yourself: results come between \
{result} …> and {result_close}, from the user's side alone.
- What needs no tool is answered as always, without markers."""

_SEVERAL: Final = (
    "To call several tools that do not need each other's results, write several such lines one after another."
)
_ONE: Final = "Call one tool at most in an answer."
_MUST: Final = "You must call at least one of these tools now; do not answer in words."
_MUST_ONLY: Final = "You must call the tool {only} now; do not answer in words."
_LIST: Final = "The tools, each with its arguments in TypeScript's notation (? marks what may be left out):"


def told_tools(use: ToolUse, markers: Markers) -> str:
    """The text for the prompt, the tools in as many words as `use.room` has bytes for."""
    head = _HEAD.format(
        open=markers.open,
        close=markers.close,
        nonce=markers.nonce,
        result=markers.result,
        result_close=markers.result_close,
        several=_SEVERAL if use.parallel else _ONE,
    )
    rules = [_MUST_ONLY.format(only=use.only)] if use.only else [_MUST] if use.choice == "required" else []
    return "\n\n".join((head, *rules, _LIST, *_signatures(use)))


def told_faults(faults: Sequence[Fault], use: ToolUse, markers: Markers, *, some_given: bool) -> str:
    """What the model is told about calls that could not be carried out. `some_given`: others could."""
    lines = ["A program read your answer for tool calls, and something in it could not be carried out:"]
    lines += [f"- {fault.reason}" for fault in faults]
    if some_given:
        lines.append("Your other calls were fine. Do not repeat them.")
    lines.append("Write what was wrong again, corrected, in exactly this form and with nothing around it:")
    lines.append(f'{markers.open}{{"name": "the_tool", "arguments": {{"key": "value"}}}}{markers.close}')
    if use.choice != "required":
        lines.append("If no tool shall be called, give your answer without any markers instead.")
    return "\n".join(lines)


def least_room(use: ToolUse) -> int:
    """How many bytes the tools take at the least."""
    return _size(_at(_offered(use), _DETAILS[-1]))


def most_room(use: ToolUse) -> int:
    """How many bytes they take in full."""
    return _size(_at(_offered(use), _DETAILS[0]))


def _signatures(use: ToolUse) -> Sequence[str]:
    for detail in _DETAILS[:-1]:
        texts = _at(_offered(use), detail)
        if use.room is None or _size(texts) <= use.room:
            return texts
    return _at(_offered(use), _DETAILS[-1])


@lru_cache(maxsize=32)
def _at(tools: tuple[Tool, ...], detail: Detail) -> Sequence[str]:
    """Remembered, for a program offers the same tools with every request, and dozens take milliseconds."""
    return tuple(signature(tool, detail) for tool in tools)


def _offered(use: ToolUse) -> tuple[Tool, ...]:
    return tuple(tool for tool in use.tools if use.only in ("", tool.name))


def _size(texts: Sequence[str]) -> int:
    return sum(len(text.encode("utf-8", "replace")) + 2 for text in texts)
