"""Images made small enough, in threads, a few at the same time."""

import asyncio
from typing import Final

from lmarena_bridge.core.chat.attachments import size_of
from lmarena_bridge.core.chat.request import Attachment

# Unpacked images are large: that many at the same time.
_AT_ONCE: Final = 2
_FORMATS: Final = ("PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF")
_TYPES: Final = frozenset(f"image/{name.lower()}" for name in _FORMATS)


class ImageScaler:
    """Scales images of one server."""

    def __init__(self) -> None:
        self._turn = asyncio.Semaphore(_AT_ONCE)

    async def scaled(self, file: Attachment, most: int) -> Attachment:
        """The same image in at most `most` bytes; what is small enough, or no image that we know, as it is.

        Raises InvalidRequest if it is broken, TooLarge if it has too many pixels to be unpacked.
        """
        if file.content_type not in _TYPES or (size_of(file) or 0) <= most:
            return file
        async with self._turn:
            return await asyncio.to_thread(_scaled, file, most)


def _scaled(file: Attachment, most: int) -> Attachment:
    """Pillow comes with the first image that is too large: 3 MB (2026-11-25)."""
    from lmarena_bridge.server.smaller_image import smaller

    return smaller(file, most, _FORMATS)
