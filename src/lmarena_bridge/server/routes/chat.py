"""POST /v1/chat/completions: a plain ASGI function, for every layer around a stream costs once a chunk."""

from collections.abc import Sequence
from functools import partial
from typing import Final, Literal

from msgspec import structs

from lmarena_bridge.core.api.openai.requests import (
    ChatCall,
    decode_chat_body,
    read_chat,
    uploads_wanted,
)
from lmarena_bridge.core.api.openai.responses import completion_body
from lmarena_bridge.core.api.openai.stream import ChunkEncoder, Manner
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.answer import EventStream, StreamedAnswer, give_whole
from lmarena_bridge.server.asking import Reading, answer_of, lists_sources, read_call
from lmarena_bridge.server.at_once import Batches
from lmarena_bridge.server.caller import caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft, Header, Receive, Scope, Send, respond_error

PATH = "/v1/chat/completions"

_READING: Final = Reading(decode_chat_body, uploads_wanted, read_chat)


class ChatRoute:
    """The chat endpoint of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        caller = caller_of(scope)
        try:
            call = await read_call(self._services, scope, receive, _READING)
            settings = self._services.configs.latest.settings
            request, told = self._services.tool_uses.settled(call.request, settings, caller.key)
        except BridgeError as error:
            self._services.board.refusals.tell(scope, error)
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            request = structs.replace(request, client=caller.name, reasoning=_reasoning(settings))
            call = structs.replace(call, request=request)
            answer = self._streamed if call.stream else self._whole
            await while_client_stays(receive, answer(call, send, caller.server, told))

    async def _streamed(self, call: ChatCall, send: Send, server: str, told: Sequence[Header]) -> None:
        world, model = self._services.world, call.request.model
        answer_id = f"chatcmpl-{world.new_id()}"
        manner = Manner(call.include_usage, call.one_function, lists_sources(self._services, call.request))
        encoder = ChunkEncoder(
            id=answer_id, created=int(world.clock()), model=model, choices=call.n, manner=manner
        )
        events = EventStream(send, (b"x-request-id", answer_id.encode()), *told)
        streamed = StreamedAnswer(events, encoder)
        if call.n == 1:
            way = ShortWay()
            await streamed.give(answer_of(self._services, call.request, server, way), way)
        else:
            await streamed.give_several(self._answers(call, server), tolerant=self._draws(model))

    async def _whole(self, call: ChatCall, send: Send, server: str, told: Sequence[Header]) -> None:
        world, model = self._services.world, call.request.model
        answer_id = f"chatcmpl-{world.new_id()}"
        body = partial(
            completion_body,
            id=answer_id,
            created=int(world.clock()),
            model=model,
            one_function=call.one_function,
        )
        await give_whole(
            send,
            self._answers(call, server),
            body,
            (b"x-request-id", answer_id.encode()),
            *told,
            tolerant=self._draws(model),
            lists_sources=lists_sources(self._services, call.request),
        )

    def _answers(self, call: ChatCall, server: str) -> Sequence[Batches]:
        return [answer_of(self._services, call.request, server) for _ in range(call.n)]

    def _draws(self, model: str) -> bool:
        entry = self._services.configs.latest.models.get(model)
        return entry is not None and entry.kind == "image"


def _reasoning(settings: Settings) -> Literal["apart", "think_tag", "off"]:
    mode = settings.reasoning_output_mode
    return mode if mode in ("think_tag", "off") else "apart"
