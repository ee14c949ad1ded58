"""Images made smaller, and those that would cost too much to look at."""

import asyncio
import struct
import warnings
import zlib
from io import BytesIO
from typing import Any

import pytest
from PIL import Image

from lmarena_bridge.core.chat.attachments import data_of, data_uri
from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import InvalidRequest, TooLarge
from lmarena_bridge.server import scaling
from lmarena_bridge.server.scaling import ImageScaler


def attached(data: bytes, kind: str = "image/png", name: str = "photo.png") -> Attachment:
    return Attachment(name, kind, data_uri(kind, data))


def noise(width: int, height: int, kind: str = "PNG", mode: str = "RGB", **save: Any) -> bytes:
    target = BytesIO()
    Image.effect_noise((width, height), 90).convert(mode).save(target, kind, **save)
    return target.getvalue()


async def scaled(file: Attachment, most: int = 20_000) -> Image.Image:
    smaller = await ImageScaler().scaled(file, most)
    data = data_of(smaller) or b""
    assert 0 < len(data) <= most
    image = Image.open(BytesIO(data))
    assert smaller.content_type == f"image/{(image.format or '').lower()}"
    return image


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP", "TIFF", "AVIF"])
async def test_every_kind_of_image_is_made_small_enough(kind: str) -> None:
    file = attached(noise(600, 400, kind), f"image/{kind.lower()}", f"photo.{kind.lower()}")
    image = await scaled(file)
    assert image.width / image.height == pytest.approx(1.5, abs=0.05)
    assert image.width > 60


@pytest.mark.parametrize("mode", ["1", "L", "P", "RGB", "CMYK", "I;16", "F"])
async def test_so_is_every_kind_of_pixel(mode: str) -> None:
    data = noise(600, 400, "TIFF", mode if mode != "I;16" else "I")
    assert (await scaled(attached(data, "image/tiff", "a.tiff"))).format == "JPEG"


async def test_what_is_see_through_stays_so() -> None:
    clear = BytesIO()
    seen = Image.effect_noise((600, 400), 90).convert("RGBA")
    seen.putalpha(Image.effect_noise((600, 400), 90))
    seen.save(clear, "PNG")
    image = await scaled(attached(clear.getvalue()))
    assert (image.format, image.mode) == ("WEBP", "RGBA")


async def test_a_photo_that_lies_on_its_side_is_put_upright() -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    image = await scaled(attached(noise(600, 400, "JPEG", exif=exif), "image/jpeg", "a.jpg"))
    assert image.height > image.width


@pytest.mark.parametrize(
    "file",
    [
        attached(b"small"),
        attached(b"<svg/>" * 9000, "image/svg+xml"),
        attached(bytes(50_000), "application/pdf"),
        Attachment("a.png", "image/png", "https://example.org/a.png"),
    ],
)
async def test_everything_else_stays_as_it_is(file: Attachment) -> None:
    assert await ImageScaler().scaled(file, 20_000) is file


async def test_the_name_follows_the_type() -> None:
    smaller = await ImageScaler().scaled(attached(noise(600, 400), name="my.photo.png"), 20_000)
    assert smaller.name == "my.photo.jpg"
    assert (await ImageScaler().scaled(attached(noise(600, 400), name="photo"), 20_000)).name == "photo.jpg"


async def test_a_limit_below_everything_ends_with_the_smallest() -> None:
    smaller = await ImageScaler().scaled(attached(noise(600, 400)), 1)
    assert len(data_of(smaller) or b"") < 2000


@pytest.mark.parametrize(
    "data",
    [
        b"\x89PNG\r\n\x1a\n" + bytes(50_000),
        noise(600, 400)[:60_000],
        noise(600, 400, "JPEG")[:25_000],
        bytes(50_000),
    ],
)
async def test_a_broken_image_is_refused_by_name(data: bytes) -> None:
    with pytest.raises(InvalidRequest, match=r"'photo\.png' is broken"):
        await ImageScaler().scaled(attached(data), 20_000)


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes a row that says it is huge."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    body = zlib.compress(bytes(30_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize("side", [8_000, 10_000, 20_000, 65_000])
async def test_a_decompression_bomb_is_refused_before_it_is_unpacked(
    side: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    def unpacked(_: object) -> None:
        raise AssertionError("it was unpacked")

    monkeypatch.setattr(Image.Image, "load", unpacked)
    with pytest.raises(TooLarge, match="more than 50 million pixels"):
        await ImageScaler().scaled(attached(bomb(side, side)), 20_000)


async def test_so_is_one_of_which_pillow_only_warns() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with pytest.raises(TooLarge):
            await ImageScaler().scaled(attached(bomb(10_000, 10_000)), 20_000)


async def test_no_more_than_two_images_are_unpacked_at_the_same_time(monkeypatch: pytest.MonkeyPatch) -> None:
    running, most = 0, 0
    real = scaling._scaled

    def counted(file: Attachment, limit: int) -> Attachment:
        nonlocal running, most
        running += 1
        most = max(most, running)
        result = real(file, limit)
        running -= 1
        return result

    monkeypatch.setattr(scaling, "_scaled", counted)
    scaler, file = ImageScaler(), attached(noise(300, 200))
    await asyncio.gather(*(scaler.scaled(file, 5_000) for _ in range(8)))
    assert 1 <= most <= 2
