"""POST /v1/chat/completions: a plain ASGI function, for every layer around a stream costs once a chunk."""

from collections.abc import Awaitable, Mapping, Sequence
from functools import partial
from operator import attrgetter
from types import MappingProxyType
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
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.answer import StreamedAnswer, give_whole
from lmarena_bridge.server.asking import AnswerOf, Reading, call_at_once, lists_sources
from lmarena_bridge.server.caller import Caller, caller_of
from lmarena_bridge.server.disconnect import until_client_leaves
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft, Header, Receive, Scope, Send, respond_error

PATH = "/v1/chat/completions"

_READING: Final = Reading(decode_chat_body, uploads_wanted, read_chat, attrgetter("call"))
# Where the answer has what the model thinks, by the words of the setting.
_REASONING: Final[Mapping[str, Literal["apart", "think_tag", "off"]]] = MappingProxyType(
    {"reasoning_content": "apart", "openai": "apart", "think_tag": "think_tag", "off": "off"}
)


class ChatRoute:
    """The chat endpoint of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """No coroutine: a question that is here is on its way to a tab before there is anything to await."""
        try:
            call = call_at_once(self._services, scope, receive, _READING)
            if isinstance(call, ChatCall):
                return until_client_leaves(receive, self._work(call, caller_of(scope), send))
        except BridgeError as error:
            return self._refuse(error, scope, send)
        return self._later(call, scope, receive, send)

    async def _later(self, call: Awaitable[ChatCall], scope: Scope, receive: Receive, send: Send) -> None:
        try:
            work = self._work(await call, caller_of(scope), send)
        except BridgeError as error:
            await self._refuse(error, scope, send)
        except ClientLeft:
            pass
        else:
            del scope, call  # a kilobyte and more that nobody needs while the answer lasts
            await until_client_leaves(receive, work)

    def _refuse(self, error: BridgeError, scope: Scope, send: Send) -> Awaitable[None]:
        self._services.board.refusals.tell(scope, error)
        return respond_error(send, error, request_id())

    def _work(self, call: ChatCall, caller: Caller, send: Send) -> Awaitable[None]:
        """Have it asked. Raises BridgeError."""
        services, request = self._services, call.request
        settings = services.configs.latest.settings
        told: Sequence[Header] = ()
        if request.tools is not None:
            request, told = services.tool_uses.settled(request, settings, caller.key)
        reasoning = _REASONING[settings.reasoning_output_mode]
        request = structs.replace(request, client=caller.name, label=caller.label, reasoning=reasoning)
        # The tab is asked first: what the answer needs is made while the tab is at work.
        begun = services.answering.begin(request) if call.n == 1 else None
        try:
            answer = self._streamed if call.stream else self._whole
            answers = [AnswerOf(services, request, caller.server, begun)] * call.n
            return answer(call, request, send, answers, told)
        except BaseException:
            if begun is not None:
                begun.leave()
            raise

    def _streamed(
        self,
        call: ChatCall,
        request: ChatRequest,
        send: Send,
        answers: Sequence[AnswerOf],
        told: Sequence[Header],
    ) -> Awaitable[None]:
        services = self._services
        world = services.world
        answer_id = f"chatcmpl-{world.new_id()}"
        encoder = ChunkEncoder(
            id=answer_id,
            created=int(world.clock()),
            model=request.model,
            choices=call.n,
            manner=Manner(call.include_usage, call.one_function, lists_sources(services, request)),
        )
        streamed = StreamedAnswer(EventStream(send, (b"x-request-id", answer_id.encode()), *told), encoder)
        if call.n == 1:
            answers[0].way = way = ShortWay()
            return streamed.give(answers[0], way)
        return streamed.give_several(answers, tolerant=self._draws(request.model))

    def _whole(
        self,
        call: ChatCall,
        request: ChatRequest,
        send: Send,
        answers: Sequence[AnswerOf],
        told: Sequence[Header],
    ) -> Awaitable[None]:
        world, model = self._services.world, request.model
        answer_id = f"chatcmpl-{world.new_id()}"
        body = partial(
            completion_body,
            id=answer_id,
            created=int(world.clock()),
            model=model,
            one_function=call.one_function,
        )
        return give_whole(
            send,
            answers,
            body,
            (b"x-request-id", answer_id.encode()),
            *told,
            tolerant=self._draws(model),
            lists_sources=lists_sources(self._services, request),
        )

    def _draws(self, model: str) -> bool:
        entry = self._services.configs.latest.models.get(model)
        return entry is not None and entry.kind == "image"
