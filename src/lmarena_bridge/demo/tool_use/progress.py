"""What has been called and returned since the user last asked something."""

import re
from dataclasses import dataclass

from lmarena_bridge.demo.conversation import Conversation

_RESULT = re.compile(
    r"<tool_result_([0-9a-z]+)((?: \w+=\"(?:[^\"\\]|\\.)*\")*)>\n(.*?)\n</tool_result_\1>", re.DOTALL
)
_NAME = re.compile(r' name="((?:[^"\\]|\\.)*)"')
_REMARK = re.compile(r"<(system-reminder|environment_context|environment_details)>.*?</\1>", re.DOTALL)
_COMPLAINT = "A program read your answer for tool calls"
_FAILED = re.compile(r"^\W*(?:<tool_use_error>|error\b|failed\b|exception\b|traceback\b)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Returned:
    """What one tool returned."""

    tool: str
    text: str

    @property
    def failed(self) -> bool:
        return bool(_FAILED.search(self.text))


@dataclass(frozen=True, slots=True)
class Progress:
    """`question`: what the user wants; `returned`: in order; `corrected`: the last call was found wrong."""

    question: str
    returned: tuple[Returned, ...]
    corrected: bool


def read_progress(conversation: Conversation) -> Progress:
    """The state of the work on the user's last question."""
    turns = list(conversation.asked)
    corrected = bool(turns) and turns[-1].text.startswith(_COMPLAINT)
    if corrected:
        turns.pop()
    returned: list[Returned] = []
    while turns and _RESULT.search(turns[-1].text):
        found = [Returned(_name(each[2]), each[3]) for each in _RESULT.finditer(turns.pop().text)]
        returned = found + returned
    questions = [text for turn in reversed(turns) if (text := _without_remarks(turn.text))]
    return Progress(questions[0] if questions else "", tuple(returned), corrected)


def _without_remarks(text: str) -> str:
    """What the user wrote, without what programs add to it about themselves."""
    return _REMARK.sub("", text).strip()


def _name(attributes: str) -> str:
    found = _NAME.search(attributes)
    return found[1] if found else ""
