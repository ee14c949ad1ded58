"""A prompt that offers tools, as the arena's models read it: written by hand, from docs/tools.md."""

from demo.asking import talk
from lmarena_bridge.demo.conversation import Conversation, Turn

NONCE = "a1b2c3d4"
FORM = f'<tool_call_{NONCE}>{{"name": "the_tool", "arguments": {{"key": "value"}}}}</tool_call_{NONCE}>'
LIST = "The tools, each with its arguments in TypeScript's notation (? marks what may be left out):"

WEATHER = "get_weather: The weather of a city\n{\n  city: string // its name\n}"
WRITE = (
    'Write: Writes a file.\n\nAn example:\n{\n  "file_path": "x"\n}\n\n'
    "{\n  file_path: string // must be absolute\n  content: string\n}"
)
READ = "Read: Reads a file\n{\n  file_path: string // The absolute path\n  limit?: integer\n}"
EDIT = (
    "edit: Changes a file\n"
    "{\n  path: string\n  edits: {\n    oldText: string\n    newText: string\n  }[] // one or more\n}"
)
BASH = "Bash: Runs a command\n{\n  command: string\n  description?: string\n  timeout?: integer\n}"
SHELL = "shell\n{\n  command: string[]\n}"
DONE = "attempt_completion: Ends the task\n{\n  result: string\n}"
NOW = "now: The time\n{}"


def prompt(*tools: str, rule: str = "") -> str:
    return "\n\n".join(filter(None, ("You are kind.", f"# Tools\n\n{FORM}\n\n- Rules.", rule, LIST, *tools)))


def asked(question: str, *tools: str, rule: str = "", place: str = "") -> Conversation:
    system = (
        f"Working directory: {place}\n{prompt(*tools, rule=rule)}" if place else prompt(*tools, rule=rule)
    )
    return talk(question, system=system)


def returned(before: Conversation, *results: tuple[str, str]) -> Conversation:
    """The conversation after the tools named have returned these texts."""
    told = "\n\n".join(
        f'<tool_result_{NONCE} id="{number}" name="{name}">\n{text}\n</tool_result_{NONCE}>'
        for number, (name, text) in enumerate(results)
    )
    return Conversation((*before.turns, Turn("assistant", "…"), Turn("user", told)))


def complained(before: Conversation) -> Conversation:
    told = "A program read your answer for tool calls, and something in it could not be carried out:\n- No."
    return Conversation((*before.turns, Turn("assistant", "…"), Turn("user", told)))
