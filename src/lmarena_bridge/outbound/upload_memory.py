"""Which files were uploaded a short while ago: clients send the whole conversation again with each turn."""

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Awaitable, Callable
from typing import Final
from weakref import WeakValueDictionary

from lmarena_bridge.core.chat.request import Attachment

# Shorter than any bed keeps its files. In seconds.
_REMEMBERED: Final = 600.0
_MOST: Final = 1000
_PIECE: Final = 1024 * 1024


class UploadMemory:
    """Links by the bed and the file they lead to. `clock` is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        # Key → link and when it was given, the newest last.
        self._links: OrderedDict[bytes, tuple[str, float]] = OrderedDict()
        # Who wants a file that is being uploaded waits for it.
        self._on_their_way: WeakValueDictionary[bytes, asyncio.Lock] = WeakValueDictionary()

    async def link(self, file: Attachment, bed: str, upload: Callable[[], Awaitable[str]]) -> str:
        """The link it was given a while ago, or what `upload` gives now."""
        key = await asyncio.to_thread(_key, file, bed)
        lock = self._on_their_way.setdefault(key, asyncio.Lock())
        async with lock:
            known = self._links.get(key)
            if known is not None and self._clock() - known[1] < _REMEMBERED:
                return known[0]
            link = await upload()
            self._remember(key, link)
            return link

    def _remember(self, key: bytes, link: str) -> None:
        self._links[key] = link, self._clock()
        self._links.move_to_end(key)
        if len(self._links) > _MOST:
            self._links.popitem(last=False)


def _key(file: Attachment, bed: str) -> bytes:
    digest = hashlib.sha256(f"{bed}\n{file.name}\n".encode("utf-8", "replace"))
    for at in range(0, len(file.url), _PIECE):
        digest.update(file.url[at : at + _PIECE].encode("utf-8", "replace"))
    return digest.digest()
