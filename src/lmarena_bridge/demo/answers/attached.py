"""What came along with a message, told back in words."""

import re

from lmarena_bridge.demo.answers.voice import Language
from lmarena_bridge.demo.conversation import Attachment, Conversation

_ASKED = re.compile(
    r"\b(?:attach\w*|what(?:'s| is) (?:this|in th\w+ (?:image|picture|photo|file))|załączn\w*|załącz\w*)",
    re.IGNORECASE,
)


def about_attachments(conversation: Conversation, language: Language) -> str | None:
    """Answers "what did I attach?"; also speaks up by itself when something new came along."""
    new = conversation.asked[-1].attachments if conversation.asked else ()
    if not new and not _ASKED.search(conversation.question):
        return None
    listed = ", ".join(described(each) for each in conversation.attachments)
    if not listed:
        return {"en": "You have attached nothing.", "pl": "Nic nie załączono."}[language]
    count = len(conversation.attachments)
    return {
        "en": f"You attached {count} file{'s' if count > 1 else ''}: {listed}.",
        "pl": f"Załączniki ({count}): {listed}.",
    }[language]


def described(attachment: Attachment) -> str:
    """`photo.png (image/png, 1234 bytes)`"""
    size = "by link" if attachment.size is None else f"{attachment.size} bytes"
    return f"{attachment.name} ({attachment.content_type}, {size})"
