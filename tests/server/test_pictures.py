"""The pictures of a server, with a source that the test holds in its hand."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.core.chat.events import ImageProduced
from lmarena_bridge.core.chat.pictures import Picture
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.errors import PictureNotFetched
from lmarena_bridge.server.pictures import Pictures, Wish
from lmarena_bridge.storage.kept_pictures import KeptPictures
from lmarena_bridge.storage.saved_pictures import SavedPictures
from support.chain import until

PNG = Picture(b"\x89PNG\r\n\x1a\n" + bytes(8), "image/png")
FOX = ImageProduced("https://pictures.example/fox.png?signed", "image/png")


class Source:
    """Gives what it is told to, when it is told to."""

    def __init__(self, answer: Picture | None = PNG) -> None:
        self.asked: list[str] = []
        self.answer = answer
        self.ready = asyncio.Event()
        self.ready.set()

    async def fetch(self, url: str) -> Picture:
        self.asked.append(url)
        await self.ready.wait()
        if self.answer is None:
            raise PictureNotFetched("It is not there.")
        return self.answer


def pictures(folder: Path, source: Source) -> Pictures:
    return Pictures(
        source=source,
        kept=KeptPictures(folder / "images", secret="s" * 32),
        saved=SavedPictures(folder / "downloaded_images"),
    )


def wish(**settings: Any) -> Wish:
    return Wish(Settings(**settings), "http://127.0.0.1:5102", "a fox", "a-model")


async def test_many_who_ask_at_once_cost_one_download(tmp_path: Path) -> None:
    source = Source()
    source.ready.clear()
    all_of_them = pictures(tmp_path, source)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        asking = [group.create_task(all_of_them.address(FOX, wish())) for _ in range(20)]
        await until(lambda: len(source.asked) == 1)
        source.ready.set()
    assert len({task.result() for task in asking}) == 1
    assert source.asked == [FOX.url]


async def test_who_leaves_while_others_wait_takes_nothing_from_them(tmp_path: Path) -> None:
    source = Source()
    source.ready.clear()
    all_of_them = pictures(tmp_path, source)
    async with asyncio.timeout(10), asyncio.TaskGroup() as group:
        first, second = (group.create_task(all_of_them.address(FOX, wish())) for _ in range(2))
        await until(lambda: len(source.asked) == 1)
        first.cancel()
        await until(lambda: len(source.asked) == 2)
        source.ready.set()
    assert second.result().startswith("http://127.0.0.1:5102/images/")


async def test_a_picture_that_was_removed_is_downloaded_again(tmp_path: Path) -> None:
    source = Source()
    all_of_them = pictures(tmp_path, source)
    address = await all_of_them.address(FOX, wish())
    assert await all_of_them.fetch(FOX, wish()) == PNG
    assert len(source.asked) == 1
    for path in (tmp_path / "images").iterdir():
        path.unlink()
    assert await all_of_them.address(FOX, wish()) == address
    assert len(source.asked) == 2


async def test_a_picture_that_was_spoilt_is_downloaded_again(tmp_path: Path) -> None:
    source = Source()
    all_of_them = pictures(tmp_path, source)
    await all_of_them.address(FOX, wish())
    for path in (tmp_path / "images").iterdir():
        path.write_bytes(b"")
    await all_of_them.address(FOX, wish())
    assert len(source.asked) == 2
    assert [path.read_bytes() for path in (tmp_path / "images").iterdir()] == [PNG.data]


async def test_a_failure_is_not_remembered(tmp_path: Path) -> None:
    source = Source(None)
    all_of_them = pictures(tmp_path, source)
    assert await all_of_them.address(FOX, wish()) == FOX.url
    with pytest.raises(PictureNotFetched):
        await all_of_them.fetch(FOX, wish())
    source.answer = PNG
    assert await all_of_them.address(FOX, wish()) != FOX.url


async def test_the_reason_of_a_failure_is_logged(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    await pictures(tmp_path, Source(None)).address(FOX, wish())
    logged = capsys.readouterr().out
    assert "It is not there." in logged
    assert "signed" not in logged


async def test_links_that_are_wanted_as_they_are_cost_no_download(tmp_path: Path) -> None:
    source = Source()
    all_of_them = pictures(tmp_path, source)
    assert await all_of_them.address(FOX, wish(image_return_mode="url")) == FOX.url
    assert source.asked == []
    saved = wish(image_return_mode="url", save_images_locally=True)
    assert await all_of_them.address(FOX, saved) == FOX.url
    assert len(source.asked) == 1


async def test_a_collection_that_cannot_be_written_keeps_nothing_from_the_client(tmp_path: Path) -> None:
    (tmp_path / "downloaded_images").write_bytes(b"no folder")
    address = await pictures(tmp_path, Source()).address(FOX, wish(save_images_locally=True))
    assert address.startswith("http://127.0.0.1:5102/images/")


async def test_only_so_many_addresses_are_remembered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lmarena_bridge.server.pictures._MOST_NAMES", 2)
    source = Source()
    all_of_them = pictures(tmp_path, source)
    for name in ("a", "b", "c", "c", "a"):
        await all_of_them.address(ImageProduced(f"https://pictures.example/{name}", "image/png"), wish())
    assert [url.rpartition("/")[2] for url in source.asked] == ["a", "b", "c", "a"]


@pytest.mark.parametrize("url", ["data:image/png;base64,PHN2Zy8+", "data:image/bmp;base64,Qk0="])
async def test_what_the_site_sends_inline_and_is_no_safe_picture_stays_as_it_was(
    tmp_path: Path, url: str
) -> None:
    assert await pictures(tmp_path, Source()).address(ImageProduced(url, "image/bmp"), wish()) == url
    assert not (tmp_path / "images").exists()
