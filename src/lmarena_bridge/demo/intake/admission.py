"""Decides about a retry request: who may ask whom what, and in which form. Pure."""

import json
from collections.abc import Container
from dataclasses import dataclass
from typing import Any

from lmarena_bridge.demo import refusals
from lmarena_bridge.demo.conversation import Conversation, last_question, read_conversation
from lmarena_bridge.demo.directives import Directives, read_directives
from lmarena_bridge.demo.intake.rules import broken_rules
from lmarena_bridge.demo.intake.schema import body_issues
from lmarena_bridge.demo.models import USER_ID, VOTED_MESSAGE_ID, DemoModel, sessions_of
from lmarena_bridge.demo.refusals import Refusal

_CONTENT_TYPES = ("text/plain", "application/json")


@dataclass(frozen=True, slots=True)
class Asked:
    """A retry request. user_id: who is logged in, if anybody is."""

    session_id: str
    message_id: str
    user_id: str | None
    content_type: str
    body: bytes


@dataclass(frozen=True, slots=True)
class Admitted:
    """question: the last user message as it was sent, directives and all."""

    model: DemoModel
    conversation: Conversation
    question: str
    directives: Directives
    message_ids: tuple[str, ...]


def find_model(asked: Asked) -> DemoModel | Refusal:
    """Whose message is to be answered anew (the checks that need no body)."""
    if asked.user_id is None:
        return refusals.not_logged_in()
    models = sessions_of(asked.session_id)
    if not models or asked.user_id != USER_ID:
        return refusals.no_access(asked.user_id, asked.session_id)
    if asked.message_id == VOTED_MESSAGE_ID:
        return refusals.has_feedback()
    found = next((model for model in models if model.message_id == asked.message_id), None)
    return found or refusals.complaint(404, "Message not found")


def admit(asked: Asked, decoded: object, used_ids: Container[str]) -> Admitted | Refusal:
    """Check a decoded body. used_ids: message ids of earlier requests, which must not come again."""
    model = find_model(asked)
    if isinstance(model, Refusal):
        return model
    issues = body_issues(decoded)
    if issues or not isinstance(decoded, dict):
        return refusals.invalid(issues)
    messages: list[dict[str, Any]] = decoded["messages"]
    issues = broken_rules(messages, model)
    if issues:
        return refusals.invalid(issues)
    if decoded["modelId"] not in (None, model.model_id):
        return refusals.complaint(404, "Model not found")
    ids = tuple(message["id"] for message in messages)
    if any(each in used_ids for each in ids):
        return refusals.complaint(400, "Message ids were used before, send new ones")
    question = last_question(messages)
    return Admitted(model, read_conversation(messages), question, read_directives(question), ids)


def decode(asked: Asked) -> object | Refusal:
    """The body as JSON."""
    if asked.content_type.partition(";")[0].strip().lower() not in _CONTENT_TYPES:
        return refusals.complaint(415, f"Unsupported content type: {asked.content_type or 'none'}")
    try:
        decoded: object = json.loads(asked.body)
    except (ValueError, RecursionError):
        return refusals.complaint(400, "Invalid JSON in request body")
    return decoded
