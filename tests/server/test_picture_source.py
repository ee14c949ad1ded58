"""Which way a picture comes, with tabs and a web that the test plays."""

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager

import pytest

from lmarena_bridge.core.chat.pictures import Picture
from lmarena_bridge.core.errors import NoTab, PictureNotFetched
from lmarena_bridge.core.tabs.effects import (
    Arrived,
    Broken,
    Completed,
    Delivery,
    FetchJob,
    Job,
    Opened,
    Waiting,
)
from lmarena_bridge.server.inbox import Inbox
from lmarena_bridge.server.picture_source import PicturesOfAnswers

PNG = b"\x89PNG\r\n\x1a\n" + bytes(8)
ON_SITE = "https://lmarena.ai/images/a.png?signed=1"
GIVES = (Opened(200, {}, "t", "p"), Waiting(), Arrived(PNG[:5]), Arrived(PNG[5:]), Completed())
REFUSES = (Opened(403, {}, "t", "p"), Arrived(b"<Error/>"), Completed())


class Tabs:
    """What the tab of each profile answers."""

    def __init__(self, answers: Mapping[str, Sequence[Delivery]]) -> None:
        self.answers = answers
        self.jobs: list[Job] = []

    @property
    def profiles(self) -> frozenset[str]:
        return frozenset(self.answers)

    @contextmanager
    def run(self, job: Job) -> Generator[Inbox, None, None]:
        self.jobs.append(job)
        inbox = Inbox(job.id, self)
        for delivery in self._told(job):
            inbox.put(delivery)
        yield inbox

    def used(self, job: str, count: int) -> None:
        pass

    def left(self, job: str) -> None:
        raise AssertionError(job)

    def _told(self, job: Job) -> Sequence[Delivery]:
        if job.profile is None:
            return [Broken(NoTab("No tab is connected."))]
        return self.answers[job.profile]

    def needs_attention(self, tab: str, message: str) -> None:
        raise AssertionError(message)

    def troubled(self, tab: str, retry_after: float | None) -> None:
        raise AssertionError(tab)

    def worked(self, tab: str) -> None:
        raise AssertionError(tab)


class Web:
    def __init__(self) -> None:
        self.asked: list[str] = []

    async def fetch(self, url: str) -> Picture:
        self.asked.append(url)
        return Picture(b"from the web", "image/png")


def source(**answers: Sequence[Delivery]) -> tuple[PicturesOfAnswers, Tabs, Web]:
    tabs, web = Tabs(answers), Web()
    return PicturesOfAnswers(tabs=tabs, web=web, new_id=lambda: "id"), tabs, web


@pytest.mark.parametrize("url", ["https://r2.example/a.png", "http://lmarena.ai/a.png"])
async def test_what_lies_elsewhere_comes_from_the_web(url: str) -> None:
    pictures, tabs, web = source(p=GIVES)
    assert (await pictures.fetch(url)).data == b"from the web"
    assert (web.asked, tabs.jobs) == ([url], [])


async def test_what_lies_on_the_site_comes_through_the_tab_that_has_the_login() -> None:
    pictures, tabs, web = source(p=GIVES)
    assert await pictures.fetch(ON_SITE) == Picture(PNG, "image/png")
    (job,) = tabs.jobs
    assert isinstance(job, FetchJob)
    assert (job.method, job.path, job.body, job.profile) == ("GET", "/images/a.png?signed=1", b"", "p")
    assert web.asked == []


async def test_of_several_logins_the_one_that_may_see_it_is_found() -> None:
    pictures, tabs, _ = source(a=REFUSES, b=GIVES, c=REFUSES)
    assert (await pictures.fetch(ON_SITE)).data == PNG
    assert [job.profile for job in tabs.jobs] == ["a", "b"]


@pytest.mark.parametrize(
    ("answer", "words"),
    [
        (REFUSES, "HTTP 403"),
        ((Opened(200, {}, "t", "p"), Arrived(b"<!doctype html>"), Completed()), "no picture"),
        (
            (Opened(200, {}, "t", "p"), Arrived(PNG.ljust(33 * 1024 * 1024)), Completed()),
            "larger than 32 MiB",
        ),
    ],
)
async def test_what_is_no_picture_is_told(answer: Sequence[Delivery], words: str) -> None:
    pictures, _, _ = source(p=answer)
    with pytest.raises(PictureNotFetched, match=words):
        await pictures.fetch(ON_SITE)


async def test_without_a_tab_it_is_told_too() -> None:
    pictures, _, web = source()
    with pytest.raises(PictureNotFetched, match="No tab is connected"):
        await pictures.fetch(ON_SITE)
    assert web.asked == []
