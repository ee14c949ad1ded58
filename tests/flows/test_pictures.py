"""Pictures of answers: how clients get them in a chat."""

import asyncio
import base64
import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from openai.types.chat import ChatCompletionChunk

from core.api.official import official
from support.chain import Chain, records, text_of
from support.chain import chain as start

ADDRESS = re.compile(r"!\[image\]\(([^)]*)\)")
PNG = b"\x89PNG\r\n\x1a\n"


def addresses(text: str) -> list[str]:
    return ADDRESS.findall(text)


async def drawn(chain: Chain, text: str, **more: Any) -> list[str]:
    answer = await chain.ask(text, "demo-painter", **more)
    assert answer.status_code == 200, answer.text
    return [
        address for choice in answer.json()["choices"] for address in addresses(choice["message"]["content"])
    ]


def with_settings(folder: Path, **settings: object) -> Any:
    return start(folder, settings=settings)


def kept(chain: Chain) -> list[Path]:
    folder = chain.server.services.home.state / "images"
    return sorted(folder.iterdir()) if folder.exists() else []


async def test_a_picture_is_downloaded_once_and_given_out_by_this_server(chain: Chain) -> None:
    (address,) = await drawn(chain, "a fox")
    assert re.fullmatch(rf"{chain.server.url}/images/[0-9a-f]{{32}}\.png", address)
    answer = await chain.client.get(address)
    assert answer.status_code == 200
    assert answer.content.startswith(PNG)
    assert [path.read_bytes() for path in kept(chain)] == [answer.content]
    assert (await drawn(chain, "a fox")) == [address]
    assert len(kept(chain)) == 1
    requested = [entry.path for entry in chain.arena.journal.entries if "/images/" in entry.path]
    assert len(requested) in (1, 2)  # the link changes with the second in which it is signed


async def test_a_streamed_picture_has_the_same_address(chain: Chain) -> None:
    (address,) = await drawn(chain, "a fox")
    async with chain.asking("a fox", "demo-painter") as response:
        *chunks, done = [record async for record in records(response)]
    assert done == "[DONE]"
    told = [chunk for chunk in chunks if isinstance(chunk, dict)]
    assert addresses(text_of(told)) == [address]
    for chunk in told:
        official(ChatCompletionChunk, json.dumps(chunk))


@pytest.mark.parametrize("directive", ["inline", "file"])
async def test_pictures_inside_the_answer_are_kept_too(chain: Chain, directive: str) -> None:
    (address,) = await drawn(chain, f"a fox #arena:{directive}")
    assert (await chain.client.get(address)).content.startswith(PNG)


async def test_several_pictures_of_several_answers(chain: Chain) -> None:
    found = await drawn(chain, "a fox #arena:images=2", n=3)
    assert len(found) == 6
    assert len(set(found)) == 2
    assert len(kept(chain)) == 2


async def test_each_picture_is_sent_as_soon_as_it_is_there(chain: Chain) -> None:
    async with chain.asking("a fox #arena:images=3 #arena:pace=500", "demo-painter", n=2) as response:
        arrivals = [
            (choice["index"], asyncio.get_running_loop().time())
            async for record in records(response)
            if isinstance(record, dict)
            for choice in record["choices"]
            if "![image]" in (choice["delta"].get("content") or "")
        ]
    assert sorted(index for index, _ in arrivals) == [0, 0, 0, 1, 1, 1]
    assert arrivals[-1][1] - arrivals[0][1] > 0.2


async def test_two_clients_who_ask_for_the_same_picture_get_the_same(chain: Chain) -> None:
    one, other = await asyncio.gather(drawn(chain, "a fox"), drawn(chain, "a fox"))
    assert one == other
    answers = await asyncio.gather(*(chain.client.get(one[0]) for _ in range(10)))
    assert len({answer.content for answer in answers}) == 1
    assert len(kept(chain)) == 1


async def test_kept_pictures_have_safe_headers_and_can_be_embedded(chain: Chain) -> None:
    (address,) = await drawn(chain, "a fox")
    page = {"sec-fetch-site": "cross-site", "sec-fetch-mode": "no-cors", "sec-fetch-dest": "image"}
    answer = await chain.client.get(address, headers=page)
    assert answer.status_code == 200
    assert {name: answer.headers[name] for name in answer.headers if name in WANTED} == WANTED
    again = await chain.client.get(address, headers={"if-none-match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    part = await chain.client.get(address, headers={"range": "bytes=0-7"})
    assert (part.status_code, part.content) == (206, PNG)
    assert (await chain.client.head(address)).headers["content-length"] == str(len(answer.content))


WANTED: Mapping[str, str] = {
    "content-type": "image/png",
    "content-disposition": "inline",
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "x-content-type-options": "nosniff",
    "cache-control": "private, max-age=31536000, immutable",
}


@pytest.mark.parametrize(
    "name",
    [
        "0" * 32 + ".png",
        "..%2fpairing_secret",
        "%2e%2e/pairing_secret",
        "%2e%2e%2fpairing_secret",
        "",
        "A" * 32 + ".png",
        "0" * 32 + ".png%00",
        "0" * 32 + ".svg",
        "0" * 32 + ".png/x",
    ],
)
async def test_no_other_name_is_answered(chain: Chain, name: str) -> None:
    await drawn(chain, "a fox")
    assert (await chain.client.get(f"/images/{name}")).status_code == 404


async def test_kept_pictures_need_no_key(tmp_path: Path) -> None:
    async with with_settings(tmp_path, api_key="the key") as chain:
        chain.client.headers["authorization"] = "Bearer the key"
        (address,) = await drawn(chain, "a fox")
        del chain.client.headers["authorization"]
        assert (await chain.client.get(address)).status_code == 200
        assert (await chain.client.get("/v1/models")).status_code == 401


async def test_an_expired_link_is_given_as_it_is(chain: Chain) -> None:
    (address,) = await drawn(chain, "a fox #arena:expired")
    assert address.startswith(f"{chain.site}/images/")
    assert kept(chain) == []


async def test_the_sites_link_for_those_who_want_it(tmp_path: Path) -> None:
    async with with_settings(tmp_path, image_return_mode="url") as chain:
        (address,) = await drawn(chain, "a fox")
        assert address.startswith(f"{chain.site}/images/")
        assert kept(chain) == []


async def test_the_picture_itself_for_those_who_want_it(tmp_path: Path) -> None:
    async with with_settings(tmp_path, image_return_mode="base64") as chain:
        (address,) = await drawn(chain, "a fox")
        assert base64.b64decode(address.removeprefix("data:image/png;base64,")).startswith(PNG)


@pytest.mark.parametrize("mode", ["local", "url", "base64"])
async def test_pictures_are_saved_by_day_with_what_they_are(tmp_path: Path, mode: str) -> None:
    async with with_settings(tmp_path, save_images_locally=True, image_return_mode=mode) as chain:
        await drawn(chain, "a fox in Łódź")
        folder = chain.server.services.home.path / "downloaded_images"
        (day,) = folder.iterdir()
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", day.name)
        told, image = sorted(day.iterdir())
        assert image.read_bytes().startswith(PNG)
        about = json.loads(told.read_text(encoding="utf-8"))
        assert about["file"] == image.name
        assert about["prompt"] == "a fox in Łódź"
        assert about["model"] == "demo-painter"
        assert about["time"].startswith(day.name)


async def test_a_disk_that_is_full_costs_the_client_nothing(chain: Chain) -> None:
    # A file where the folder should be stands in for all that can be wrong with a disk.
    (chain.server.services.home.state / "images").write_bytes(b"")
    (address,) = await drawn(chain, "a fox")
    assert address.startswith(f"{chain.site}/images/")


async def test_pictures_on_the_sites_own_pages_come_through_the_tab(chain: Chain) -> None:
    chain.arena.image_base = "https://lmarena.ai"
    (address,) = await drawn(chain, "a fox")
    assert address.startswith(chain.server.url)
    assert (await chain.client.get(address)).content.startswith(PNG)
    (dead,) = await drawn(chain, "a fox #arena:expired")
    assert dead.startswith("https://lmarena.ai/images/")


async def test_links_that_lead_elsewhere_on_this_computer_are_not_followed(chain: Chain) -> None:
    chain.arena.image_base = chain.server.url
    (address,) = await drawn(chain, "a fox")
    assert "X-Amz-Signature" in address
    assert kept(chain) == []
