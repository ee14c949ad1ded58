"""POST /v1/completions: the form from before chats, for programs that know no other."""

from functools import partial
from typing import Final, Literal

from msgspec.structs import replace

from lmarena_bridge.core.api.openai.text_answers import TextEncoder, TextHead, text_body
from lmarena_bridge.core.api.openai.text_requests import TextCall, decode_text
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.errors import BridgeError
from lmarena_bridge.server.answer import StreamedAnswer, give_whole
from lmarena_bridge.server.asking import AnswerOf
from lmarena_bridge.server.at_once import Giving
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.caller import Caller, caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import ClientLeft, Receive, Scope, Send, respond_error

PATH: Final = "/v1/completions"


class CompletionsRoute:
    """The endpoint of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        limit = self._services.configs.current().settings.max_body_bytes
        try:
            call = decode_text(await read_body(receive, limit))
        except BridgeError as error:
            self._services.board.refusals.tell(scope, error)
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            await while_client_stays(receive, self._answer(call, send, caller_of(scope)))

    async def _answer(self, call: TextCall, send: Send, caller: Caller) -> None:
        world, settings = self._services.world, self._services.configs.current().settings
        head = TextHead(f"cmpl-{world.new_id()}", int(world.clock()), call.model)
        header = (b"x-request-id", head.id.encode())
        answers = [self._asked(request, caller) for request in call.requests]
        if call.stream:
            encoder = TextEncoder(
                head,
                call.before,
                include_usage=call.include_usage,
                lists_sources=settings.sources_in_text,
            )
            streamed = StreamedAnswer(EventStream(send, header), encoder)
            await streamed.give_several(answers, tolerant=False)
        else:
            body = partial(text_body, head=head, before=call.before)
            await give_whole(send, answers, body, header, lists_sources=settings.sources_in_text)

    def _asked(self, request: ChatRequest, caller: Caller) -> Giving:
        # There is no field for it here.
        in_text = self._services.configs.latest.settings.reasoning_output_mode == "think_tag"
        reasoning: Literal["think_tag", "off"] = "think_tag" if in_text else "off"
        asked = replace(request, client=caller.name, label=caller.label, reasoning=reasoning)
        return AnswerOf(self._services, asked, caller.server)
