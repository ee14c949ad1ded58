"""A file is uploaded once, however often it is wanted."""

import asyncio

import pytest

from lmarena_bridge.core.chat.request import Attachment
from lmarena_bridge.core.errors import FileBedError
from lmarena_bridge.outbound import upload_memory
from lmarena_bridge.outbound.upload_memory import UploadMemory

FILE = Attachment("a.png", "image/png", "data:image/png;base64,AAAA")
OTHER = Attachment("a.png", "image/png", "data:image/png;base64,AAAB")


class Bed:
    def __init__(self) -> None:
        self.now = 1000.0
        self.uploads = 0
        self.memory = UploadMemory(lambda: self.now)
        self.open = asyncio.Event()
        self.open.set()

    async def upload(self) -> str:
        await self.open.wait()
        self.uploads += 1
        return f"https://bed/{self.uploads}"

    async def link(self, file: Attachment = FILE, bed: str = "one") -> str:
        return await self.memory.link(file, bed, self.upload)


async def test_the_link_of_a_file_is_remembered_for_a_while() -> None:
    bed = Bed()
    assert await bed.link() == await bed.link() == "https://bed/1"
    bed.now += 599
    assert await bed.link() == "https://bed/1"
    bed.now += 1
    assert await bed.link() == "https://bed/2"


async def test_other_files_names_and_beds_have_links_of_their_own() -> None:
    bed = Bed()
    renamed = Attachment("b.png", "image/png", FILE.url)
    links = [await bed.link(), await bed.link(OTHER), await bed.link(renamed), await bed.link(bed="two")]
    assert len(set(links)) == 4


async def test_who_wants_a_file_that_is_on_its_way_waits_for_it() -> None:
    bed = Bed()
    bed.open.clear()
    async with asyncio.TaskGroup() as group:
        waiting = [group.create_task(bed.link()) for _ in range(10)]
        await asyncio.sleep(0)
        bed.open.set()
    assert {each.result() for each in waiting} == {"https://bed/1"}


async def test_an_upload_that_failed_is_tried_again() -> None:
    bed = Bed()

    async def fail() -> str:
        raise FileBedError("full")

    with pytest.raises(FileBedError):
        await bed.memory.link(FILE, "one", fail)
    assert await bed.link() == "https://bed/1"


async def test_the_oldest_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(upload_memory, "_MOST", 1)
    bed = Bed()
    assert [await bed.link(), await bed.link(OTHER), await bed.link()] == [
        "https://bed/1",
        "https://bed/2",
        "https://bed/3",
    ]
