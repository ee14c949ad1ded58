"""POST /v1/responses, plain ASGI like the chat route."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from msgspec import structs

from lmarena_bridge.core.api.body import Buffer
from lmarena_bridge.core.api.responses.references import with_items
from lmarena_bridge.core.api.responses.requests import (
    ResponsesBody,
    ResponsesCall,
    decode_responses_body,
    read_responses,
    uploads_wanted,
)
from lmarena_bridge.core.api.responses.resource import ResponseHead
from lmarena_bridge.core.api.responses.said import said_in
from lmarena_bridge.core.api.responses.stream import ResponseEncoder
from lmarena_bridge.core.api.responses.whole import response_body
from lmarena_bridge.core.chat.completion import Completion
from lmarena_bridge.core.chat.request import Message
from lmarena_bridge.core.errors import BridgeError, InvalidRequest
from lmarena_bridge.server.answer import StreamedAnswer, give_whole
from lmarena_bridge.server.asking import AnswerOf, Reading, lists_sources, read_call
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.kept_responses import KeptResponse
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft, Header, Receive, Scope, Send, respond_error

PATH: Final = "/v1/responses"


class ResponsesRoute:
    """The Responses endpoint of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            caller = caller_of(scope)
            reading = Reading(partial(self._decoded, caller.owner), uploads_wanted, read_responses)
            call = await read_call(self._services, scope, receive, reading)
            conversation = self._conversation(call, caller.owner)
            settings = self._services.configs.latest.settings
            request = structs.replace(call.request, messages=(*call.instructions, *conversation))
            request, told = self._services.tool_uses.settled(request, settings, caller.key, agent=True)
        except BridgeError as error:
            self._services.board.refusals.tell(scope, error)
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            request = structs.replace(request, client=caller.name, label=caller.label)
            if settings.reasoning_output_mode == "off":
                request = structs.replace(request, reasoning="off")
            kept = KeptResponse(conversation, b"", caller.owner)
            response = _Response(self._services, replace(call, request=request), kept, send, told)
            await while_client_stays(receive, response.give(caller.server))

    def _decoded(self, owner: str, body: Buffer) -> ResponsesBody:
        kept = partial(self._services.responses.body, caller=owner)
        return with_items(decode_responses_body(body), kept)

    def _conversation(self, call: ResponsesCall, owner: str) -> tuple[Message, ...]:
        """All that was said before, without instructions. Raises InvalidRequest."""
        if not (previous := call.body.previous_response_id):
            return call.request.messages
        if (kept := self._services.responses.find(previous, owner)) is None:
            raise unknown_response(previous, param="previous_response_id")
        return (*kept.messages, *call.request.messages)


class _Response:
    """The response to one request; `before`: the conversation so far, whose answer this is."""

    def __init__(
        self,
        services: Services,
        call: ResponsesCall,
        before: KeptResponse,
        send: Send,
        told: Sequence[Header],
    ) -> None:
        self._services = services
        self._call = call
        self._before = before
        self._send = send
        world = services.world
        self._head = ResponseHead(
            f"resp_{world.new_id()}", int(world.clock()), call.body, call.offer.origins()
        )
        self._headers = ((b"x-request-id", self._head.id.encode()), *told)

    async def give(self, server: str) -> None:
        """Answer, however it ends, and keep what is complete."""
        request = self._call.request
        batches = AnswerOf(self._services, request, server)
        with_sources = lists_sources(self._services, request)
        if self._call.stream:
            encoder = ResponseEncoder(self._head, self._services.world.clock, lists_sources=with_sources)
            await StreamedAnswer(EventStream(self._send, *self._headers), encoder).give(batches)
            self._keep(encoder.whole)
        else:
            await give_whole(self._send, [batches], self._whole, *self._headers, lists_sources=with_sources)

    def _whole(self, completions: Sequence[Completion]) -> bytes:
        body = response_body(completions[0], self._head, int(self._services.world.clock()))
        self._keep(body)
        return body

    def _keep(self, body: bytes) -> None:
        if body and self._call.kept:
            said = said_in(body, self._call.offer)
            before = self._before
            kept = KeptResponse((*before.messages, *said), body, before.owner)
            self._services.responses.keep(self._head.id, kept)


def unknown_response(response_id: str, param: str | None = None) -> InvalidRequest:
    """What is said of one that is not kept, or no more."""
    return InvalidRequest(
        f"No response {response_id[:80]!r} is kept: the newest ones are, until the program ends, unless "
        "`store` is false. Send the whole conversation in `input`.",
        param=param,
    )
