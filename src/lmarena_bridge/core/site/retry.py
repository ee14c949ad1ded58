"""The retry builder: the whole conversation as a Retry of the captured message.

The site's own retry carried the history until 2025-11 and may ignore it since (site-protocol.md 4.1, 4.5).
Which model answers is decided by the captured message, whatever `modelId` says (since 2025-09-18).
"""

from collections.abc import Callable
from typing import Final, Literal

import msgspec

from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Role
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.address import retry_path
from lmarena_bridge.core.site.halves import whole
from lmarena_bridge.core.site.request import HEADERS, SiteRequest
from lmarena_bridge.core.site.target import Participant, Target

Status = Literal["success", "pending"]


class _Attachment(msgspec.Struct, rename="camel", gc=False):
    name: str
    content_type: str
    url: str


class _Message(msgspec.Struct, rename="camel", gc=False):
    """Field names and order as recorded in 2025 (site-protocol.md 4.1)."""

    role: str
    content: str | msgspec.Raw
    id: str
    evaluation_id: None
    evaluation_session_id: str
    parent_message_ids: tuple[str, ...]
    experimental_attachments: list[_Attachment] = msgspec.field(name="experimental_attachments")
    failure_reason: None
    metadata: dict[str, str] | None
    participant_position: Participant
    created_at: str
    updated_at: str
    status: Status


class _Body(msgspec.Struct, rename="camel", gc=False):
    messages: list[_Message]
    model_id: str | None


_ENCODER: Final = msgspec.json.Encoder()
_DIRECT: Final[tuple[Participant, Participant]] = ("b", "a")


class RetryBuilder(msgspec.Struct, frozen=True):
    """Builds the requests to one target: what is the same in all of them is found out once."""

    path: str
    session: str
    model_id: str | None
    metadata: dict[str, str] | None
    of_system: Participant
    of_others: Participant
    last: Status

    def build(self, request: ChatRequest, new_id: Callable[[], str], now: str) -> SiteRequest:
        """The request for this conversation. Its messages are a chain, each the child of the one before."""
        session, metadata = self.session, self.metadata
        of_system, of_others = self.of_system, self.of_others
        messages: list[_Message] = []
        parents: tuple[str, ...] = ()
        for message in request.messages:
            message_id, content, written = new_id(), message.content, message.written
            # By their places: in a conversation of two hundred messages names are a sixth of this loop.
            messages.append(
                _Message(
                    message.role,
                    content if written is None or written.text is not content else written.json,
                    message_id,
                    None,
                    session,
                    parents,
                    [_attachment(each) for each in message.attachments] if message.attachments else [],
                    None,
                    metadata,
                    of_system if message.role is Role.SYSTEM else of_others,
                    now,
                    now,
                    "success",
                )
            )
            parents = (message_id,)
        messages[-1].status = self.last
        body = _Body(messages, self.model_id)
        try:
            encoded = _ENCODER.encode(body)
        except UnicodeEncodeError:
            encoded = _ENCODER.encode(_mended(body))
        return SiteRequest("PUT", self.path, HEADERS, encoded)


def retry_builder(target: Target, settings: Settings) -> RetryBuilder:
    """Whoever builds the requests to this target."""
    # In a battle everybody stands on the wanted side; in a direct chat only the system stands on b.
    of_system, of_others = (target.side, target.side) if target.mode == "battle" else _DIRECT
    return RetryBuilder(
        retry_path(target.session_id, target.message_id),
        target.session_id,
        target.model_id,
        # {} since 2025-11-04; before, the site wanted null.
        {} if settings.retry_metadata == "object" else None,
        of_system,
        of_others,
        # It waits for its answer; image models want all of them done (seen 2025-07 and -09).
        "success" if target.kind == "image" else "pending",
    )


def _mended(body: _Body) -> _Body:
    """Half a character becomes U+FFFD, as it does when a page sends one.

    Clients cut texts between UTF-16 units; refusing would lose a whole conversation for one of them.
    """
    for message in body.messages:
        if isinstance(message.content, str):
            message.content = whole(message.content)
        for attachment in message.experimental_attachments:
            attachment.name, attachment.url = whole(attachment.name), whole(attachment.url)
    return body


def _attachment(attachment: Attachment) -> _Attachment:
    return _Attachment(attachment.name, attachment.content_type, attachment.url)
