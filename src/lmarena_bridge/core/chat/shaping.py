"""What happens to every conversation before it is sent to the site: pure passes, one after another.

Source of the rules: site-protocol.md §3.3, from the bridge whose users ours shall serve (2025-07 to 2025-11).
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Final

import msgspec
from msgspec.structs import replace

from lmarena_bridge.core.chat.calling.history import told_plainly
from lmarena_bridge.core.chat.reasoning import without_reasoning
from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role

Pass = Callable[[ChatRequest], ChatRequest]

BYPASS_MARKER: Final = "--bypass"


class Shaping(msgspec.Struct, frozen=True):
    """Which passes the person has switched on. `blank_turn` is for models that write text."""

    one_system_prompt: bool = False
    images_before_marker: bool = False
    blank_turn: bool = False
    no_reasoning: bool = False


# Whom the site does not know.
_OTHERS: Final = (Role.DEVELOPER, Role.TOOL)


def shape(request: ChatRequest, shaping: Shaping) -> ChatRequest:
    """The request as the site takes it, and as the person wants it sent."""
    for one_pass in _passes(shaping):
        request = one_pass(request)
    return request


def is_plain(request: ChatRequest) -> bool:
    """No files, and nothing to be shaped whatever the person wants: found out in one look at each message."""
    for message in request.messages:
        content = message.content
        if message.attachments or message.calls or message.role in _OTHERS:
            return False
        if not content or content.isspace():
            return False
    return True


def developer_as_system(request: ChatRequest) -> ChatRequest:
    """The site knows no developers; what they say has the rank of a system prompt."""
    if Role.DEVELOPER not in [message.role for message in request.messages]:
        return request
    return _each(
        request,
        lambda message: replace(message, role=Role.SYSTEM) if message.role is Role.DEVELOPER else message,
    )


def answers_without_reasoning(request: ChatRequest) -> ChatRequest:
    """What was thought for earlier answers is left out of them."""
    return _each(
        request,
        lambda message: (
            replace(message, content=without_reasoning(message.content))
            if message.role is Role.ASSISTANT
            else message
        ),
    )


def system_prompts_as_one(request: ChatRequest) -> ChatRequest:
    """All system prompts as one first message (Tavern mode); the others keep their order."""
    prompts = [message for message in request.messages if message.role is Role.SYSTEM]
    if not prompts:
        return request
    others = (message for message in request.messages if message.role is not Role.SYSTEM)
    merged = Message(
        Role.SYSTEM,
        "\n\n".join(prompt.content for prompt in prompts if not _is_blank(prompt)),
        tuple(file for prompt in prompts for file in prompt.attachments),
    )
    return replace(request, messages=(merged, *others))


def marked_images_as_assistants(request: ChatRequest) -> ChatRequest:
    """The images of a last user message that ends in the marker become an assistant's turn before it.

    That turn has no text: only then does the site pass its files on (site-protocol.md §5.1, 2025-11).
    """
    *before, last = request.messages
    text = last.content.rstrip()
    images = tuple(filter(_is_image, last.attachments))
    if last.role is not Role.USER or not images or not text.endswith(BYPASS_MARKER):
        return request
    if not any(message.role in (Role.USER, Role.ASSISTANT) for message in before):
        before.append(Message(Role.USER, "Hi"))
    others = tuple(file for file in last.attachments if not _is_image(file))
    question = Message(Role.USER, text.removesuffix(BYPASS_MARKER).rstrip(), others)
    return replace(request, messages=(*before, Message(Role.ASSISTANT, "", images), question))


def blank_user_text_as_space(request: ChatRequest) -> ChatRequest:
    """The site refuses a user message without text, even one with a picture; one space it takes."""
    if Role.USER not in [message.role for message in request.messages if _is_blank(message)]:
        return request
    return _each(
        request,
        lambda message: (
            replace(message, content=" ") if message.role is Role.USER and _is_blank(message) else message
        ),
    )


def blank_turn_at_the_end(request: ChatRequest) -> ChatRequest:
    """One more user message, of a single space."""
    return replace(request, messages=(*request.messages, Message(Role.USER, " ")))


# Few things are switched on and off, and each request asks.
@lru_cache(maxsize=32)
def _passes(shaping: Shaping) -> tuple[Pass, ...]:
    """In the order in which they run."""
    passes: tuple[tuple[bool, Pass], ...] = (
        (True, told_plainly),
        (True, developer_as_system),
        (shaping.no_reasoning, answers_without_reasoning),
        (shaping.one_system_prompt, system_prompts_as_one),
        (shaping.images_before_marker, marked_images_as_assistants),
        (True, blank_user_text_as_space),
        (shaping.blank_turn, blank_turn_at_the_end),
    )
    return tuple(one_pass for wanted, one_pass in passes if wanted)


def _each(request: ChatRequest, change: Callable[[Message], Message]) -> ChatRequest:
    return replace(request, messages=tuple(map(change, request.messages)))


def _is_blank(message: Message) -> bool:
    return not message.content or message.content.isspace()


def _is_image(file: Attachment) -> bool:
    return file.content_type.startswith("image/")
