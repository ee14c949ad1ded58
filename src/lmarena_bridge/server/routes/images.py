"""POST /v1/images/generations and /v1/images/edits: `n` jobs at the same time, each picture as it comes."""

import asyncio
from collections.abc import Awaitable, Sequence
from functools import partial
from typing import Final

from msgspec.structs import replace

from lmarena_bridge.core.api import sse
from lmarena_bridge.core.api.openai.errors import error_body
from lmarena_bridge.core.api.openai.image_results import ImageResult, completed_event, images_body
from lmarena_bridge.core.api.openai.images import ImageCall, decode_generation, read_edit
from lmarena_bridge.core.chat.events import ChatEvent, ImageProduced, Take, TextDelta
from lmarena_bridge.core.config.known import known_models, model_named
from lmarena_bridge.core.errors import BridgeError, InvalidRequest, PictureNotFetched, SiteRefused
from lmarena_bridge.server.answer import known
from lmarena_bridge.server.at_once import Giving, at_once
from lmarena_bridge.server.body import read_body
from lmarena_bridge.server.caller import Caller, caller_of
from lmarena_bridge.server.disconnect import while_client_stays
from lmarena_bridge.server.event_stream import EventStream
from lmarena_bridge.server.pictures import Wish
from lmarena_bridge.server.request_ids import request_id
from lmarena_bridge.server.services import Services
from lmarena_bridge.server.wire import (
    JSON,
    ClientLeft,
    Receive,
    Scope,
    Send,
    respond,
    respond_error,
)

GENERATIONS: Final = "/v1/images/generations"
EDITS: Final = "/v1/images/edits"
PATHS: Final = frozenset({GENERATIONS, EDITS})


class ImagesRoute:
    """The image endpoints of a server."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        try:
            call = await self._read(scope, receive)
            model = self._model(call.model)
        except BridgeError as error:
            self._services.board.refusals.tell(scope, error)
            await respond_error(send, error, request_id())
        except ClientLeft:
            pass
        else:
            settings = self._services.configs.current().settings
            caller = caller_of(scope)
            wish = Wish(settings, caller.server, call.prompt, model)
            drawing = _Drawing(self._services, call, wish, send, caller)
            await while_client_stays(receive, drawing.give())

    async def _read(self, scope: Scope, receive: Receive) -> ImageCall:
        limit = self._services.configs.current().settings.max_body_bytes
        if scope["path"] == EDITS:
            # It brings the web framework's reader, which only forms need here.
            from lmarena_bridge.server.form import read_form

            fields, files = await read_form(scope, receive, limit)
            return await asyncio.to_thread(read_edit, fields, files)
        return decode_generation(await read_body(receive, limit))

    def _model(self, name: str | None) -> str:
        config = self._services.configs.current()
        if name:
            if (entry := model_named(name, config)).kind != "image":
                raise InvalidRequest(
                    f"The model {name[:100]!r} draws no pictures. If it does, say so in models.json: "
                    f'"{name[:100]}": "its id on the site:image".',
                    param="model",
                )
            return entry.name
        for entry in known_models(config):
            if entry.kind == "image":
                return entry.name
        raise InvalidRequest(
            '`model` is missing, and models.json has no model that draws, like "a-name": "its id:image".',
            param="model",
        )


class _Drawing:
    """One request of a client."""

    def __init__(self, services: Services, call: ImageCall, wish: Wish, send: Send, caller: Caller) -> None:
        self._pictures = services.pictures
        self._call = call
        self._wish = wish
        self._send = send
        self._created = int(services.world.clock())
        self._header = (b"x-request-id", f"img-{services.world.new_id()}".encode())
        request = replace(call.request(wish.model), client=caller.name, label=caller.label)
        self._answers = [_pictures_of(partial(services.answering.chat, request)) for _ in range(call.n)]

    async def give(self) -> None:
        """Answer, however it ends. Pictures that failed are left out; an error is it only if all did."""
        await (self._stream() if self._call.stream else self._whole())

    async def _whole(self) -> None:
        results: list[list[ImageResult]] = [[] for _ in self._answers]

        async def take(index: int, batch: Sequence[ChatEvent]) -> None:
            for event in batch:
                if isinstance(event, ImageProduced):
                    results[index].append(await self._result(event))

        failures = await at_once(self._answers, take, tolerant=True)
        told = [known(error) for error in failures.by_index.values()]
        if failures.fatal is not None:
            await respond_error(self._send, told[0], self._header)
            return
        body = images_body([each for one in results for each in one], created=self._created)
        await respond(self._send, 200, body, JSON, self._header)

    async def _stream(self) -> None:
        stream = EventStream(self._send, self._header)

        async def take(_: int, batch: Sequence[ChatEvent]) -> None:
            if not batch:
                await stream.write(sse.KEEP_ALIVE)
            for event in batch:
                if isinstance(event, ImageProduced):
                    await stream.write(await self._event(event))

        with stream.kept_alive(sse.KEEP_ALIVE):
            failures = await at_once(self._answers, take, tolerant=True)
        told = [known(error) for error in failures.by_index.values()]
        if failures.fatal is not None:
            await stream.fail(told[0], sse.record(error_body(told[0])))
        else:
            await stream.write(b"", last=True)

    async def _result(self, image: ImageProduced) -> ImageResult:
        usual = "b64_json" if self._wish.settings.image_return_mode == "base64" else "url"
        if (self._call.response_format or usual) == "b64_json":
            try:
                return await self._pictures.fetch(image, self._wish)
            except (PictureNotFetched, OSError) as error:
                known(error)
                return image.url
        return await self._pictures.address(image, self._wish)

    async def _event(self, image: ImageProduced) -> bytes:
        """Such an event has room for the picture only, not for a link."""
        try:
            found = await self._pictures.fetch(image, self._wish)
        except PictureNotFetched as error:
            raise PictureNotFetched(f"{error.message} It is at {image.url[:2000]}") from error
        return completed_event(found, kind=self._call.kind, created=self._created)


def _pictures_of(answer: Giving) -> Giving:
    """The pictures of an answer alone. Raises SiteRefused if there are none."""

    async def give(take: Take) -> None:
        seen, said = False, ""

        def pictures(batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
            nonlocal seen, said
            images = [event for event in batch if isinstance(event, ImageProduced)]
            said += "".join(event.text for event in batch if isinstance(event, TextDelta))
            seen = seen or bool(images)
            return take(images) if images or not batch else None

        await answer(pictures)
        if not seen:
            words = f': "{" ".join(said.split())[:500]}"' if said.strip() else "."
            raise SiteRefused(f"The model answered without a picture{words} Ask in other words.", status=502)

    return give
