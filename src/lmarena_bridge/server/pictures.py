"""The pictures of answers: downloaded once, kept, and given to clients in the way the person chose."""

import asyncio
from collections import OrderedDict
from collections.abc import Awaitable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Final
from weakref import WeakValueDictionary

import msgspec
import structlog

from lmarena_bridge.answering import taken
from lmarena_bridge.core.chat.attachments import data_uri
from lmarena_bridge.core.chat.events import ChatEvent, ImageProduced, Take
from lmarena_bridge.core.chat.pictures import EXTENSIONS, Picture, picture, picture_in
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import PictureNotFetched
from lmarena_bridge.server.guard import PICTURE_LINKS
from lmarena_bridge.server.picture_source import PictureSource
from lmarena_bridge.storage.kept_pictures import KeptPictures
from lmarena_bridge.storage.saved_pictures import Origin, SavedPictures

# How many addresses are remembered together with the picture that was there.
_MOST_NAMES: Final = 1000

_log = structlog.get_logger(__name__)


class Wish(msgspec.Struct, frozen=True):
    """How one request wants its pictures. `server`: this server's address as the client knows it."""

    settings: Settings
    server: str
    prompt: str
    model: str


def links_will_do(settings: Settings) -> bool:
    """Nothing is to be done about pictures: they are given by the site's own links."""
    return settings.image_return_mode == "url" and not settings.save_images_locally


class Pictures:
    """All pictures of this server."""

    def __init__(self, *, source: PictureSource, kept: KeptPictures, saved: SavedPictures) -> None:
        self._source = source
        self._kept = kept
        self._saved = saved
        # Address → name, the newest last.
        self._names: OrderedDict[str, str] = OrderedDict()
        # Who asks for a picture that is on its way waits for it.
        self._on_their_way: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()

    async def address(self, image: ImageProduced, wish: Wish) -> str:
        """Where the client finds the picture; the site's own link if it cannot be had."""
        try:
            return await self._address(image, wish)
        except (PictureNotFetched, OSError) as error:
            _log.warning("the original link of a picture was given", reason=str(error)[:300])
            return image.url

    async def fetch(self, image: ImageProduced, wish: Wish) -> Picture:
        """The picture itself. Raises PictureNotFetched."""
        found, _ = await self._kept_one(image, wish)
        await self._save(found, wish)
        return found

    def all(self) -> list[tuple[str, int, float]]:
        """Name, size and time of all kept pictures, the newest first. Waits for the disk."""
        return self._kept.all()

    def find(self, name: str) -> tuple[Path, str] | None:
        """The file of a kept picture, and its type."""
        return self._kept.find(name)

    async def _address(self, image: ImageProduced, wish: Wish) -> str:
        if links_will_do(wish.settings):
            return image.url
        found, name = await self._kept_one(image, wish)
        await self._save(found, wish)
        match wish.settings.image_return_mode:
            case "local":
                return f"{wish.server}{PICTURE_LINKS}{name}"
            case "base64":
                return data_uri(found.content_type, found.data)
            case "url":
                return image.url

    async def _kept_one(self, image: ImageProduced, wish: Wish) -> tuple[Picture, str]:
        if image.url.startswith("data:"):
            found = await asyncio.to_thread(picture_in, image.url)
            if found is None:
                raise PictureNotFetched("The site sent a picture of a kind that is not passed on.")
            return found, await self._keep(found, wish)
        lock = self._on_their_way.setdefault(image.url, asyncio.Lock())
        async with lock:
            known = await self._known(image.url)
            if known is None:
                found = await self._source.fetch(image.url)
                known = found, await self._keep(found, wish)
                self._remember(image.url, known[1])
            return known

    async def _known(self, url: str) -> tuple[Picture, str] | None:
        """What was downloaded from there before, if it is still kept."""
        name = self._names.get(url, "")
        if (place := await asyncio.to_thread(self._kept.find, name)) is None:
            return None
        found = picture(await asyncio.to_thread(place[0].read_bytes))
        return None if found is None else (found, name)

    def _remember(self, url: str, name: str) -> None:
        self._names[url] = name
        if len(self._names) > _MOST_NAMES:
            self._names.popitem(last=False)

    async def _keep(self, found: Picture, wish: Wish) -> str:
        ending, days = EXTENSIONS[found.content_type], wish.settings.image_keep_days
        return await asyncio.to_thread(self._kept.keep, found.data, ending, days=days)

    async def _save(self, found: Picture, wish: Wish) -> None:
        """Into the person's collection, if they want one. A full disk is no trouble of the client's."""
        if not wish.settings.save_images_locally:
            return
        origin = Origin(wish.prompt, wish.model, datetime.now().astimezone())
        ending = EXTENSIONS[found.content_type]
        try:
            await asyncio.to_thread(self._saved.save, found.data, ending, origin)
        except OSError as error:
            _log.error("a picture could not be saved in downloaded_images", reason=str(error))


class GivenPictures(msgspec.Struct):
    """Takes an answer, and gives it on with addresses of its pictures that the client can use.

    `server`: this server's address as the client knows it; `request`: what the answer is to.
    """

    pictures: Pictures
    taker: Take
    settings: Settings
    server: str
    request: ChatRequest

    def take(self, batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
        return self._download(batch) if ImageProduced in map(type, batch) else self.taker(batch)

    async def _download(self, batch: Sequence[ChatEvent]) -> None:
        prompt = self.request.messages[-1].content
        wish = Wish(self.settings, self.server, prompt, self.request.model)
        # A sign of life: a download may take its time.
        await taken(self.taker, ())
        for event in batch:
            if isinstance(event, ImageProduced):
                event = ImageProduced(await self.pictures.address(event, wish), event.content_type)
            await taken(self.taker, [event])
