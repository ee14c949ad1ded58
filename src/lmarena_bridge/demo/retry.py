"""`PUT …/retry-evaluation-session-message/{sessionId}/messages/{messageId}`: the one stream endpoint."""

import asyncio
from collections.abc import Iterator

from starlette.datastructures import Headers
from starlette.types import Receive, Scope, Send

from lmarena_bridge.demo import refusals
from lmarena_bridge.demo.directives import Directives
from lmarena_bridge.demo.intake.admission import Admitted, Asked, admit, decode, find_model
from lmarena_bridge.demo.intake.body import ClientLeftError, read_body
from lmarena_bridge.demo.intake.summary import message_summaries
from lmarena_bridge.demo.journal import Received
from lmarena_bridge.demo.models import USER_ID
from lmarena_bridge.demo.performance import Step, perform
from lmarena_bridge.demo.pictures.easel import Easel
from lmarena_bridge.demo.pictures.painter import Picture
from lmarena_bridge.demo.player import head, play, send_refusal, while_present
from lmarena_bridge.demo.refusals import Refusal
from lmarena_bridge.demo.script import script
from lmarena_bridge.demo.state import ArenaState
from lmarena_bridge.demo.wire.exchange import RESET

ROUTE = "/nextjs-api/stream/retry-evaluation-session-message/{session_id}/messages/{message_id}"
MATCHED_PATH = (
    "/nextjs-api/stream/retry-evaluation-session-message/[evaluationSessionId]/messages/[messageId]"
)
ENTRY = "lmarena_bridge.entry"
"""Where in the scope the journal's entry of a request lies."""

# As recorded 2025-11: not SSE in spite of its content type.
_STREAM_HEADERS = (
    ("content-type", "text/event-stream"),
    ("cache-control", "no-cache, no-store"),
    ("x-matched-path", MATCHED_PATH),
)


class RetryEndpoint:
    """An ASGI app for one path; the router has put the ids into the scope."""

    def __init__(self, state: ArenaState) -> None:
        self._state = state

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            body = await read_body(receive)
        except ClientLeftError:
            return
        entry: Received = scope[ENTRY]
        entry.body_bytes = body.size
        outcome: Refusal | Admitted = refusals.too_large()
        if not body.too_large:
            outcome = self._judge(self._asked(scope, body.data), entry)
        if isinstance(outcome, Refusal):
            await send_refusal(outcome, send)
            return
        await while_present(self._answer(outcome, scope, send), receive)

    def _asked(self, scope: Scope, body: bytes) -> Asked:
        headers = Headers(scope=scope)
        user = self._state.logins.user_of(headers.get("cookie", "")) if self._state.require_login else USER_ID
        ids: dict[str, str] = scope["path_params"]
        return Asked(ids["session_id"], ids["message_id"], user, headers.get("content-type", ""), body)

    def _judge(self, asked: Asked, entry: Received) -> Refusal | Admitted:
        model = find_model(asked)
        if isinstance(model, Refusal):
            return model
        entry.model, entry.side = model.name, model.side
        decoded = decode(asked)
        if isinstance(decoded, Refusal):
            return decoded
        entry.messages = message_summaries(decoded)
        self._state.journal.keep_body(entry, decoded)
        outcome = admit(asked, decoded, self._state.used_ids)
        if isinstance(outcome, Admitted):
            entry.directives = outcome.directives.as_written()
            self._state.remember_ids(outcome.message_ids)
            self._state.journal.changed()
        return outcome

    async def _answer(self, admitted: Admitted, scope: Scope, send: Send) -> None:
        directives = self._directives_in_force(admitted)
        await asyncio.sleep(directives.number("slow", 0))
        refusal = refusals.asked_refusal(directives, admitted.model)
        if refusal:
            await send_refusal(refusal, send)
            return
        await send(head(200, [*_STREAM_HEADERS, *self._state.rate_headers(admitted.model)]))
        await play(
            self._steps(admitted, directives, scope), send, can_reset=RESET in scope.get("extensions", {})
        )

    def _directives_in_force(self, admitted: Admitted) -> Directives:
        """Those of the message, unless it asked to be let off after some requests (`times=N`)."""
        counts = self._state.still_misbehaving(admitted.directives, admitted.question)
        return admitted.directives if counts else Directives({})

    def _steps(self, admitted: Admitted, directives: Directives, scope: Scope) -> Iterator[Step]:
        base = self._state.image_base or _origin(scope)

        def link(picture: Picture, expired: bool) -> str:
            return base + self._state.gallery.path(picture, expired=expired)

        lines = script(admitted.model, admitted.conversation, directives, Easel(link))
        return perform(lines, directives, admitted.model.side, self._state.pace_ms)


def _origin(scope: Scope) -> str:
    return f"{scope['scheme']}://{Headers(scope=scope).get('host', 'lmarena.ai')}"
