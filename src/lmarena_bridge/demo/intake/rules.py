"""What the messages of a retry body have to do with each other and with their session."""

from typing import Any

from lmarena_bridge.demo.intake.zod import Issue, custom
from lmarena_bridge.demo.models import DemoModel

Messages = list[dict[str, Any]]


def broken_rules(messages: Messages, model: DemoModel) -> list[Issue]:
    """Violations of the rules for `model`'s session; the messages are well formed (schema.py)."""
    return [
        *_wrong_sessions(messages, model.session_id),
        *_repeated_ids(messages),
        *_broken_chain(messages),
        *_wrong_statuses(messages, model),
        *_wrong_positions(messages, model),
        *_blank_questions(messages),
    ]


def _wrong_sessions(messages: Messages, session_id: str) -> list[Issue]:
    return [
        custom(
            f"Must be the session of the request, {session_id}", ("messages", index, "evaluationSessionId")
        )
        for index, message in enumerate(messages)
        if message["evaluationSessionId"] != session_id
    ]


def _repeated_ids(messages: Messages) -> list[Issue]:
    first = {message["id"]: index for index, message in reversed(list(enumerate(messages)))}
    return [
        custom("Message ids must be unique", ("messages", index, "id"))
        for index, message in enumerate(messages)
        if first[message["id"]] != index
    ]


def _broken_chain(messages: Messages) -> list[Issue]:
    parents: list[list[str]] = [[], *([message["id"]] for message in messages)]
    return [
        custom(
            "Must name the message before this one, and nothing else", ("messages", index, "parentMessageIds")
        )
        for index, message in enumerate(messages)
        if message["parentMessageIds"] != parents[index]
    ]


def _wrong_statuses(messages: Messages, model: DemoModel) -> list[Issue]:
    """All are `success` but the last, which is `pending`; for image models all of them (2025-09-13)."""
    last = "success" if model.kind == "image" else "pending"
    expected = ["success"] * (len(messages) - 1) + [last]
    return [
        custom(f"Expected '{expected[index]}', received '{message['status']}'", ("messages", index, "status"))
        for index, message in enumerate(messages)
        if message["status"] != expected[index]
    ]


def _wrong_positions(messages: Messages, model: DemoModel) -> list[Issue]:
    """In a battle everybody stands on the retried side; in direct chat `system` on b and the others on a."""
    issues = []
    for index, message in enumerate(messages):
        direct = "b" if message["role"] == "system" else "a"
        expected = model.side if model.mode == "battle" else direct
        if message["participantPosition"] != expected:
            text = f"Expected '{expected}', received '{message['participantPosition']}'"
            issues.append(custom(text, ("messages", index, "participantPosition")))
    return issues


def _blank_questions(messages: Messages) -> list[Issue]:
    return [
        custom("String must contain at least 1 character(s)", ("messages", index, "content"))
        for index, message in enumerate(messages)
        if message["role"] == "user" and not message["content"]
    ]
