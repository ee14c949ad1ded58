"""What happens to every conversation before it is sent to the site: pure passes, one after another.

Source of the rules: site-protocol.md §3.3, from the bridge whose users ours shall serve (2025-07 to 2025-11).
"""

from collections.abc import Callable
from dataclasses import replace
from typing import Final

from lmarena_bridge.core.chat.request import ChatRequest, Message, Role

Pass = Callable[[ChatRequest], ChatRequest]


def developer_as_system(request: ChatRequest) -> ChatRequest:
    """The site knows no developers; what they say has the rank of a system prompt."""
    return _each(
        request,
        lambda message: replace(message, role=Role.SYSTEM) if message.role is Role.DEVELOPER else message,
    )


def blank_user_text_as_space(request: ChatRequest) -> ChatRequest:
    """The site refuses a user message without text, even one with a picture; one space it takes."""
    return _each(
        request,
        lambda message: (
            replace(message, content=" ") if message.role is Role.USER and _is_blank(message) else message
        ),
    )


PASSES: Final[tuple[Pass, ...]] = (
    developer_as_system,
    blank_user_text_as_space,
)


def shape(request: ChatRequest) -> ChatRequest:
    """The request as the site takes it."""
    for one_pass in PASSES:
        request = one_pass(request)
    return request


def _each(request: ChatRequest, change: Callable[[Message], Message]) -> ChatRequest:
    return replace(request, messages=tuple(map(change, request.messages)))


def _is_blank(message: Message) -> bool:
    return not message.content or message.content.isspace()
