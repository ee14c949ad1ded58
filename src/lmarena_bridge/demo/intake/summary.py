"""A decoded body, right or wrong, in few words for the journal."""

from typing import Any

_SHOWN_CHARACTERS = 200


def message_summaries(decoded: object) -> list[dict[str, Any]]:
    """One object per message: `{role, position, status, characters, text, attachments}`, text cut at 200."""
    messages = decoded.get("messages") if isinstance(decoded, dict) else None
    if not isinstance(messages, list):
        return []
    return [_summary(message) for message in messages if isinstance(message, dict)]


def _summary(message: dict[str, Any]) -> dict[str, Any]:
    content = str(message.get("content", ""))
    attachments = message.get("experimental_attachments")
    return {
        "role": str(message.get("role")),
        "position": str(message.get("participantPosition")),
        "status": str(message.get("status")),
        "characters": len(content),
        "text": content[:_SHOWN_CHARACTERS],
        "attachments": [
            {
                "name": each.get("name"),
                "contentType": each.get("contentType"),
                "size": len(str(each.get("url"))),
            }
            for each in (attachments if isinstance(attachments, list) else [])
            if isinstance(each, dict)
        ],
    }
