from urllib.parse import parse_qsl, urlsplit

from lmarena_bridge.demo.pictures.gallery import Gallery
from lmarena_bridge.demo.pictures.painter import Picture, paint


def taken_apart(path: str) -> tuple[str, dict[str, str]]:
    split = urlsplit(path)
    return split.path.removeprefix("/images/").removesuffix(".png"), dict(parse_qsl(split.query))


async def test_a_link_opens_its_picture() -> None:
    gallery = Gallery()
    key, query = taken_apart(gallery.path(Picture("a boat")))
    assert query["X-Amz-Expires"] == "3600"
    assert await gallery.png(key, query) == paint(Picture("a boat"))
    assert await gallery.png(key, query) == paint(Picture("a boat"))


async def test_a_link_that_was_changed_opens_nothing() -> None:
    gallery = Gallery()
    key, query = taken_apart(gallery.path(Picture("a boat")))
    for changed in (query | {"X-Amz-Date": "20200101T000000Z"}, query | {"X-Amz-Signature": "ż"}, {}):
        assert await gallery.png(key, changed) is None
    assert await gallery.png("0" * 32, query) is None
    assert await Gallery().png(key, query) is None


async def test_a_link_dies() -> None:
    gallery = Gallery()
    key, query = taken_apart(gallery.path(Picture("a boat"), expired=True))
    assert await gallery.png(key, query) is None


async def test_only_the_last_pictures_are_kept() -> None:
    gallery = Gallery()
    first = taken_apart(gallery.path(Picture("first")))
    for number in range(100):
        last = taken_apart(gallery.path(Picture("more", number=number)))
    assert await gallery.png(*first) is None
    assert await gallery.png(*last) is not None
