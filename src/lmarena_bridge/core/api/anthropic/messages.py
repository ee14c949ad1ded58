"""The conversation of a request: Anthropic's turns and blocks as the bridge's own messages."""

from collections.abc import Iterator

import msgspec

from lmarena_bridge.core.api.anthropic.blocks import Block, Content, present, refuse
from lmarena_bridge.core.api.uploads import Files
from lmarena_bridge.core.chat.request import Message, Role, ToolCall

# The first words of a block that Claude Code sends for Anthropic's accounts; it is not meant for a model.
_FOR_ACCOUNTS = "x-anthropic-billing-header:"

_RESULT = "tool_result"
_CALL = "tool_use"


class Turn(msgspec.Struct, frozen=True):
    """One element of `messages`. Newer clients put system prompts there, too."""

    role: str
    content: str | list[Block]


def read_system(system: str | list[Block] | None, files: Files) -> Iterator[Message]:
    """The system prompt in front of the conversation, if there is one. Raises InvalidRequest."""
    if isinstance(system, list):
        system = [block for block in system if not (block.text or "").startswith(_FOR_ACCOUNTS)]
    if system:
        yield _said(Role.SYSTEM, system, "system", files)


def read_turn(turn: Turn, place: str, files: Files) -> Iterator[Message]:
    """The turn in the bridge's words; `place` is its path in the request. Raises InvalidRequest.

    The results of tools, which a user's turn holds among other things, become turns of their own.
    """
    match turn.role:
        case "user" if isinstance(turn.content, list):
            yield from _users(turn.content, f"{place}.content", files)
        case "assistant" if isinstance(turn.content, list):
            yield _assistants(turn.content, f"{place}.content", files)
        case "user" | "assistant" | "system" as role:
            yield _said(Role(role), turn.content, f"{place}.content", files)
        case role:
            refuse(f"{place}.role", f"is {role[:40]!r}: use user, assistant or system.")


def _said(role: Role, said: str | list[Block], place: str, files: Files) -> Message:
    content = Content(files)
    content.add_all(said, place)
    return Message(role, content.text, content.attachments)


def _users(blocks: list[Block], place: str, files: Files) -> Iterator[Message]:
    content, empty = Content(files), True
    for index, block in enumerate(blocks):
        if block.type != _RESULT:
            content.add(block, f"{place}[{index}]")
            empty = False
            continue
        if not empty:
            yield Message(Role.USER, content.text, content.attachments)
        content, empty = Content(files), True
        yield _result(block, f"{place}[{index}]", files)
    if not empty or not blocks:
        yield Message(Role.USER, content.text, content.attachments)


def _result(block: Block, place: str, files: Files) -> Message:
    call_id = present(block.tool_use_id, f"{place}.tool_use_id")
    content = Content(files)
    content.add_all(block.content, f"{place}.content")
    # The bridge has no mark for a call that failed, the model reads it.
    text = f"The tool failed:\n{content.text}" if block.is_error else content.text
    return Message(Role.TOOL, text, content.attachments, call_id=call_id)


def _assistants(blocks: list[Block], place: str, files: Files) -> Message:
    content = Content(files)
    calls: list[ToolCall] = []
    for index, block in enumerate(blocks):
        if block.type == _CALL:
            calls.append(_call(block, f"{place}[{index}]"))
        else:
            content.add(block, f"{place}[{index}]")
    return Message(Role.ASSISTANT, content.text, content.attachments, tuple(calls))


def _call(block: Block, place: str) -> ToolCall:
    return ToolCall(
        id=present(block.id, f"{place}.id"),
        name=present(block.name, f"{place}.name"),
        arguments=msgspec.json.encode(block.input or {}).decode("utf-8"),
    )
