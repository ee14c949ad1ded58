"""An image made small enough, by Pillow.

A small file may hold a huge image: it is refused by its dimensions, which stand in its first bytes, before a
single pixel is unpacked.
"""

from io import BytesIO
from typing import Final

from PIL import Image, ImageOps, UnidentifiedImageError

from lmarena_bridge.core.chat.attachments import data_of, data_uri
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest, TooLarge

# About 200 MB unpacked. The largest cameras of today make images of 100 million, phones of 50.
MOST_PIXELS: Final = 50_000_000
# Sides of the image, as parts of what they were, and the qualities tried at each.
_QUALITIES: Final = (85, 70)
_STEP: Final = 0.75
_SMALLEST_SIDE: Final = 16


def smaller(file: Attachment, most: int, formats: tuple[str, ...]) -> Attachment:
    """The same image in at most `most` bytes; `formats` are Pillow's names of those it may have.

    Raises InvalidRequest if it is broken, TooLarge if it has too many pixels to be unpacked.
    """
    try:
        image = _opened(file, formats)
        image = ImageOps.exif_transpose(image)
        content_type, data = _packed(image, most)
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError) as error:
        raise InvalidRequest(
            f"The image {file.name!r} is broken, so it cannot be scaled down ({error}). Send it again, or "
            "set image_max_bytes in config.jsonc to 0.",
            param="messages",
        ) from error
    stem = file.name.rpartition(".")[0] or file.name
    return Attachment(
        f"{stem}.{content_type.rpartition('/')[2].replace('jpeg', 'jpg')}",
        content_type,
        data_uri(content_type, data),
    )


def _opened(file: Attachment, formats: tuple[str, ...]) -> Image.Image:
    """Its first frame, unpacked. Raises TooLarge, and whatever Pillow finds wrong."""
    try:
        image = Image.open(BytesIO(data_of(file) or b""), formats=formats)
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _bomb(file) from error
    if image.width * image.height > MOST_PIXELS:
        raise _bomb(file)
    image.load()
    return image


def _bomb(file: Attachment) -> TooLarge:
    return TooLarge(
        f"The image {file.name!r} has more than {MOST_PIXELS // 1_000_000} million pixels, too many to be "
        "scaled down here. Send a smaller one.",
        param="messages",
    )


def _packed(image: Image.Image, most: int) -> tuple[str, bytes]:
    """The largest of ever smaller images that fits; if none does, the smallest."""
    clear = image.has_transparency_data
    image = image.convert("RGBA" if clear else "RGB")
    kind = "webp" if clear else "jpeg"
    data = b""
    while True:
        for quality in _QUALITIES:
            data = _written(image, kind, quality)
            if len(data) <= most:
                return f"image/{kind}", data
        if min(image.size) <= _SMALLEST_SIDE:
            return f"image/{kind}", data
        image = image.resize(_smaller_side(image.size), Image.Resampling.LANCZOS)


def _smaller_side(size: tuple[int, int]) -> tuple[int, int]:
    width, height = (max(1, int(side * _STEP)) for side in size)
    return width, height


def _written(image: Image.Image, kind: str, quality: int) -> bytes:
    file = BytesIO()
    image.save(file, kind, quality=quality)
    return file.getvalue()
