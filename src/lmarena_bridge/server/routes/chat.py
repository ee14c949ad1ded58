"""POST /v1/chat/completions: a plain ASGI function, for every layer around a stream costs once a chunk."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from typing import Final, Literal

from lmarena_bridge.core.api.openai.requests import (
    ChatBody,
    ChatCall,
    decode_chat_body,
    read_chat,
    uploads_wanted,
)
from lmarena_bridge.core.api.openai.responses import completion_body
from lmarena_bridge.core.api.openai.stream import ChunkEncoder, Manner
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.answer import EventStream, StreamedAnswer, give_whole
from lmarena_bridge.server.at_once import Batches
from lmarena_bridge.server.caller import api_key_of, client_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.own_address import own_address
from lmarena_bridge.server.pictures import Wish
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft, Header, Receive, Scope, Send, read_body, respond_error

PATH = "/v1/chat/completions"

# Up to here it takes about a millisecond; what is larger is looked at in a thread.
_LARGE_BYTES: Final = 256 * 1024


class ChatRoute:
    """The chat endpoint of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            call = await self._read(receive)
            settings = self._services.configs.latest.settings
            request, told = self._services.tool_uses.settled(call.request, settings, api_key_of(scope))
        except BridgeError as error:
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            request = replace(request, client=client_of(scope))
            answer = self._answer(replace(call, request=request), send, own_address(scope), told)
            await while_client_stays(receive, answer)

    async def _read(self, receive: Receive) -> ChatCall:
        """In two steps, for the body must not be there any more when its files are looked at."""
        chat, is_large = await self._decoded(receive)
        files = await self._services.files.attachments(uploads_wanted(chat))
        if is_large:
            return await asyncio.to_thread(read_chat, chat, files)
        return read_chat(chat, files)

    async def _decoded(self, receive: Receive) -> tuple[ChatBody, bool]:
        """The body, and whether it is so large that others would have to wait for it."""
        body = await read_body(receive, self._services.configs.latest.settings.max_body_bytes)
        if len(body) > _LARGE_BYTES:
            return await asyncio.to_thread(decode_chat_body, body), True
        return decode_chat_body(body), False

    async def _answer(self, call: ChatCall, send: Send, server: str, told: Sequence[Header]) -> None:
        world = self._services.world
        answer_id, created, model = f"chatcmpl-{world.new_id()}", int(world.clock()), call.request.model
        headers = ((b"x-request-id", answer_id.encode()), *told)
        ways = [ShortWay() for _ in range(call.n)]
        answers = [self._asked(call.request, server, way) for way in ways]
        tolerant, lists_sources = self._draws(model), self._lists_sources(call.request)
        if call.stream:
            encoder = ChunkEncoder(
                id=answer_id,
                created=created,
                model=model,
                choices=call.n,
                manner=Manner(call.include_usage, call.one_function, lists_sources),
            )
            streamed = StreamedAnswer(EventStream(send, *headers), encoder)
            if call.n == 1:
                await streamed.give(answers[0], ways[0])
            else:
                await streamed.give_several(answers, tolerant=tolerant)
        else:
            body = partial(
                completion_body, id=answer_id, created=created, model=model, one_function=call.one_function
            )
            await give_whole(send, answers, body, *headers, tolerant=tolerant, lists_sources=lists_sources)

    def _asked(self, request: ChatRequest, server: str, way: ShortWay) -> Batches:
        settings = self._services.configs.latest.settings
        batches = self._services.answering.chat(replace(request, reasoning=_reasoning(settings)), way)
        wish = Wish(settings, server, prompt=request.messages[-1].content, model=request.model)
        return batches if wish.as_it_is else self._services.pictures.given(batches, wish)

    def _lists_sources(self, request: ChatRequest) -> bool:
        """A list behind JSON would make it none."""
        return request.format is None and self._services.configs.latest.settings.sources_in_text

    def _draws(self, model: str) -> bool:
        entry = self._services.configs.latest.models.get(model)
        return entry is not None and entry.kind == "image"


def _reasoning(settings: Settings) -> Literal["apart", "think_tag", "off"]:
    mode = settings.reasoning_output_mode
    return mode if mode in ("think_tag", "off") else "apart"
