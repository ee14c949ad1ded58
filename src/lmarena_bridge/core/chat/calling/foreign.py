"""Calls in forms that models learnt elsewhere. They have no nonce, so they are never carried out.

Who reads an answer must know them all the same: at the end of an answer they are what the model wanted to do,
and it is asked to say so properly. Anywhere else, in a fence or in a sentence, they are text like any other.

The forms, each at the beginning of a line: those of Hermes, Qwen and GLM (`<tool_call>`, `<function=…>`), of
Claude (`<function_calls>`, `<invoke name=…>`), of Mistral (`[TOOL_CALLS]`), of Kimi and Llama
(`<|tool_call…`, `<|python_tag|>`), of gpt-oss (`<|channel|>commentary`), of DeepSeek (`<｜tool▁call…`), of
Gemini (a fence of `tool_code`); and, as a whole answer, bare JSON that names a tool. As seen in chat
templates and answers of these models, 2025 and 2026.
"""

import re
from collections.abc import Collection
from typing import Final

_OPENERS: Final = (
    "<tool_call>",
    "<tool_calls>",
    "<function_calls>",
    "<function=",
    "<invoke name=",
    "[tool_calls]",
    "<|tool_call",
    "<|python_tag|>",
    "<|channel|>commentary",
    "<｜tool▁call",
    "```tool_code",
    "```tool_call",
)
_OPENER = re.compile(
    rf"(?:(?<=\n)|\A)[ \t]*(?:{'|'.join(re.escape(opener) for opener in _OPENERS)})", re.IGNORECASE
)
_CLOSER = re.compile(
    r"</tool_calls?>|</function_calls>|</invoke>|</function>|<\|tool_calls?_\w*end\|>|<｜tool▁calls?▁end｜>"
    r"|\n[ \t]*```(?=\s)",
    re.IGNORECASE,
)
_BEHIND = re.compile(r"\s*(\S)")
_LONGEST: Final = 64
_BARE = re.compile(
    r'[\[{]\s*(?:\{\s*)?"(?:name|tool|tool_name|function|tool_calls|action)"\s*:\s*(?:"([^"]*)"|[\[{])'
)
_BARE_LENGTH: Final = 200


class ForeignCalls:
    """Finds them in an answer. `names` are the tools there are."""

    def __init__(self, names: Collection[str]) -> None:
        words = "|".join(re.escape(name) for name in sorted(names, key=len, reverse=True))
        self._name = re.compile(rf"(?<![\w-])(?:{words})(?![\w-])" if words else r"(?!)")

    def begins(self, text: str, at_line: bool) -> int | None:
        """Where the first one begins. `at_line`: the text's own beginning is one of a line."""
        for found in _OPENER.finditer(text):
            if found.start() or at_line:
                return found.start()
        return None

    def may_begin(self, text: str, at_line: bool) -> int:
        """From where on the text may become the beginning of one; its length if nowhere."""
        start = text.rfind("\n") + 1
        line = text[start:].lstrip(" \t").lower()
        half = line and (start or at_line) and any(opener.startswith(line) for opener in _OPENERS)
        return start if half else len(text)

    def is_bare(self, text: str) -> bool | None:
        """Whether an answer that begins so is nothing but JSON that names a tool; None: more must be read."""
        if not text.startswith(("{", "[")):
            return False
        found = _BARE.match(text)
        if found is None:
            return None if len(text) < _BARE_LENGTH else False
        return found[1] is None or bool(self._name.fullmatch(found[1]))

    def over(self, text: str, start: int = 0) -> tuple[int | None, int]:
        """Where, in a text that begins with such a call, something else begins, if it does.

        And from where on to look when the text has grown, so that each character is looked at about once.
        """
        for closer in _CLOSER.finditer(text, start):
            behind = _BEHIND.match(text, closer.end())
            if behind is None:
                return None, closer.start()
            if behind[1] not in "<[{`":
                return closer.end(), closer.end()
            start = closer.end()
        return None, max(start, len(text) - _LONGEST)

    def names_tool(self, text: str) -> bool:
        return bool(self._name.search(text))
