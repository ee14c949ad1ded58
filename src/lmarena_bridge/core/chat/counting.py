"""Which texts of a request and its answer the tokens are counted of."""

from collections.abc import Sequence
from typing import Final

from lmarena_bridge.core.chat.events import (
    ChatEvent,
    Finished,
    ImageProduced,
    ReasoningDelta,
    TextDelta,
    ToolArguments,
    ToolCallBegun,
    Usage,
)
from lmarena_bridge.core.chat.request import ChatRequest

# What stands around a message in the prompt of OpenAI's models, and what begins the answer.
_A_MESSAGE: Final = 3
_THE_ANSWER: Final = 3
# A picture that goes either way, at the least that OpenAI counts for one.
_A_FILE: Final = 85


def said(request: ChatRequest) -> str:
    """All that is said in the request, the tools it offers included."""
    texts = [message.content for message in request.messages]
    texts += [f"{call.name} {call.arguments}" for message in request.messages for call in message.calls]
    if request.tools is not None:
        texts += [f"{tool.name} {tool.description} {tool.parameters}" for tool in request.tools.tools]
    return "\n".join(filter(None, texts))


def around(request: ChatRequest) -> int:
    """The tokens of a request besides those of its texts."""
    files = sum(len(message.attachments) for message in request.messages)
    return _A_MESSAGE * len(request.messages) + _THE_ANSWER + _A_FILE * files


class Answered:
    """Collects what the model said, over all rounds it took, until it is counted."""

    __slots__ = ("_reasoning", "_text", "pictures")

    def __init__(self) -> None:
        self._text: list[str] = []
        self._reasoning: list[str] = []
        self.pictures = 0

    def add(self, events: Sequence[ChatEvent]) -> None:
        for event in events:
            if type(event) is TextDelta:
                self._text.append(event.text)
            elif type(event) is not Finished:
                self._add(event)

    def _add(self, event: ChatEvent) -> None:
        match event:
            case ToolArguments(text=text) | ToolCallBegun(name=text):
                self._text.append(text)
            case ReasoningDelta(text=text):
                self._reasoning.append(text)
            case ImageProduced():
                self.pictures += 1
            case _:
                pass

    @property
    def text(self) -> str:
        return "".join(self._text)

    @property
    def reasoning(self) -> str:
        return "".join(self._reasoning)

    def usage(self, *, prompt: int, text: int, reasoning: int) -> Usage:
        """The estimate, from the tokens of the request, of `text` and of `reasoning`."""
        completion = text + reasoning + _A_FILE * self.pictures
        return Usage(prompt, completion, reasoning_tokens=reasoning, estimated=True)
