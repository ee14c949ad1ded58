"""POST /v1/messages and /v1/messages/count_tokens: Anthropic's API, plain ASGI like the chat route."""

from dataclasses import replace
from functools import partial
from typing import Final

from msgspec import structs

from lmarena_bridge.core.api.anthropic.errors import error_response
from lmarena_bridge.core.api.anthropic.requests import (
    MessagesCall,
    decode_messages_body,
    read_messages,
    uploads_wanted,
)
from lmarena_bridge.core.api.anthropic.stream import MessageEncoder
from lmarena_bridge.core.api.anthropic.whole import message_body, token_count_body
from lmarena_bridge.core.api.errors import Wording
from lmarena_bridge.core.config.known import model_named
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.answer import StreamedAnswer, give_whole
from lmarena_bridge.server.asking import AnswerOf, Reading, lists_sources, read_call
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import (
    JSON,
    ClientLeft,
    Header,
    Receive,
    Scope,
    Send,
    respond,
    respond_error,
)

MESSAGES: Final = "/v1/messages"
COUNT_TOKENS: Final = "/v1/messages/count_tokens"
PATHS: Final = frozenset({MESSAGES, COUNT_TOKENS})

_READING: Final = Reading(decode_messages_body, uploads_wanted, read_messages)


class MessagesRoute:
    """The Messages endpoints of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request, caller = _Request(self._services, send), caller_of(scope)
        try:
            call = await read_call(self._services, scope, receive, _READING)
            settings = self._services.configs.latest.settings
            asked, told = self._services.tool_uses.settled(call.request, settings, caller.key, agent=True)
        except BridgeError as error:
            self._services.board.refusals.tell(scope, error)
            await respond_error(send, error, *request.headers, wording=request.wording)
        except ClientLeft:
            pass
        else:
            counts = scope["path"] == COUNT_TOKENS
            call = replace(call, request=structs.replace(asked, client=caller.name, label=caller.label))
            request.headers += told
            work = request.count(call) if counts else request.answer(call, caller.server)
            await while_client_stays(receive, work)


class _Request:
    """One request of a client; its id is in the headers and in every error."""

    def __init__(self, services: Services, send: Send) -> None:
        self._services = services
        self._send = send
        self._id = f"req_{services.world.new_id()}"
        said = self._id.encode()
        self.headers: tuple[Header, ...] = ((b"request-id", said), (b"x-request-id", said))
        self.wording: Wording = partial(error_response, request_id=self._id)

    async def answer(self, call: MessagesCall, server: str) -> None:
        """Answer, however it ends."""
        model, with_sources = call.request.model, lists_sources(self._services, call.request)
        message_id = f"msg_{self._services.world.new_id()}"
        batches = AnswerOf(self._services, call.request, server)
        if call.stream:
            encoder = MessageEncoder(
                message_id=message_id, request_id=self._id, model=model, lists_sources=with_sources
            )
            stream = EventStream(self._send, *self.headers, wording=self.wording)
            await StreamedAnswer(stream, encoder).give(batches)
        else:
            await give_whole(
                self._send,
                [batches],
                lambda completions: message_body(completions[0], message_id=message_id, model=model),
                *self.headers,
                wording=self.wording,
                lists_sources=with_sources,
            )

    async def count(self, call: MessagesCall) -> None:
        """Tell how many tokens the request has."""
        try:
            model_named(call.request.model, self._services.configs.latest)
            tokens = await self._services.answering.prompt_tokens(call.request)
        except BridgeError as error:
            await respond_error(self._send, error, *self.headers, wording=self.wording)
        else:
            await respond(self._send, 200, token_count_body(tokens), JSON, *self.headers)
