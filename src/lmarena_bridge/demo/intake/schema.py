"""The shape of a retry body, field by field (as sent 2025-07 to 2025-11, schema of 2025-11-04).

Stricter than the site is known to be: fields it might ignore are refused here, so that a request shaped
wrongly shows at once. What fields have to do with each other is checked in rules.py.
"""

import base64
import binascii
import re
from typing import Any, Final

from lmarena_bridge.demo.intake.zod import (
    MISSING,
    Issue,
    Path,
    custom,
    expect,
    expect_datetime,
    expect_no_others,
    expect_nullable,
    expect_one_of,
    expect_uuid,
    wrong_type,
)

ROLES: Final = ("user", "assistant", "system", "data")
POSITIONS: Final = ("a", "b")
STATUSES: Final = ("pending", "success", "failed", "flagged")

_BODY_FIELDS: Final = ("messages", "modelId", "recaptchaV3Token", "recaptchaV2Token", "featureFlags")
_MESSAGE_FIELDS: Final = (
    "role",
    "content",
    "id",
    "evaluationId",
    "evaluationSessionId",
    "parentMessageIds",
    "experimental_attachments",
    "failureReason",
    "metadata",
    "participantPosition",
    "createdAt",
    "updatedAt",
    "status",
    "modelId",
    "reasoning",
)
_DATA_URI = re.compile(r"data:([^;,]+)(?:;[^;,]+)*;base64,")


def body_issues(body: object) -> list[Issue]:
    """Everything that is wrong with the shape of a decoded body; empty when it is well formed."""
    if not isinstance(body, dict):
        return [wrong_type("object", body, ())]
    issues = expect_no_others(body, _BODY_FIELDS, ())
    model_id = body.get("modelId", MISSING)
    if model_id is not None:
        issues += expect_uuid(model_id, ("modelId",))
    messages = body.get("messages", MISSING)
    if not isinstance(messages, list):
        return [*issues, wrong_type("array", messages, ("messages",))]
    if not messages:
        issues.append(custom("At least one message is required", ("messages",)))
    for index, message in enumerate(messages):
        issues += _message_issues(message, ("messages", index))
    return issues


def _message_issues(message: object, path: Path) -> list[Issue]:
    if not isinstance(message, dict):
        return [wrong_type("object", message, path)]

    def field(name: str) -> tuple[object, Path]:
        return message.get(name, MISSING), (*path, name)

    return [
        *expect_no_others(message, _MESSAGE_FIELDS, path),
        *expect_one_of(ROLES, *field("role")),
        *expect("string", *field("content")),
        *expect_uuid(*field("id")),
        *expect_nullable("string", *field("evaluationId")),
        *expect_uuid(*field("evaluationSessionId")),
        *_list_issues(expect_uuid, *field("parentMessageIds")),
        *_list_issues(_attachment_issues, *field("experimental_attachments")),
        *expect_nullable("string", *field("failureReason")),
        *expect("object", *field("metadata")),
        *expect_one_of(POSITIONS, *field("participantPosition")),
        *expect_datetime(*field("createdAt")),
        *expect_datetime(*field("updatedAt")),
        *expect_one_of(STATUSES, *field("status")),
    ]


def _list_issues(check: Any, value: object, path: Path) -> list[Issue]:
    if not isinstance(value, list):
        return [wrong_type("array", value, path)]
    return [issue for index, entry in enumerate(value) for issue in check(entry, (*path, index))]


def _attachment_issues(attachment: object, path: Path) -> list[Issue]:
    if not isinstance(attachment, dict):
        return [wrong_type("object", attachment, path)]
    issues = expect_no_others(attachment, ("name", "contentType", "url"), path)
    for name in ("name", "contentType", "url"):
        issues += expect("string", attachment.get(name, MISSING), (*path, name))
    return issues or _content_issues(attachment, path)


def _content_issues(attachment: dict[str, str], path: Path) -> list[Issue]:
    content_type, url = attachment["contentType"], attachment["url"]
    if not attachment["name"]:
        return [custom("String must contain at least 1 character(s)", (*path, "name"))]
    if not re.fullmatch(r"[\w.+-]+/[\w.+-]+(;.*)?", content_type):
        return [custom("Invalid content type", (*path, "contentType"))]
    if url.startswith(("https://", "http://")):
        return []
    found = _DATA_URI.match(url)
    if not found:
        return [custom("Invalid url", (*path, "url"))]
    if found[1] != content_type.partition(";")[0]:
        return [custom(f"Data is {found[1]}, not {content_type}", (*path, "url"))]
    return [] if data_size(url) is not None else [custom("Invalid base64", (*path, "url"))]


def data_size(url: str) -> int | None:
    """Bytes that a `data:` URI holds; None when it is another kind of URL, or is broken."""
    found = _DATA_URI.match(url)
    if not found:
        return None
    try:
        return len(base64.b64decode(url[found.end() :], validate=True))
    except binascii.Error:
        return None
