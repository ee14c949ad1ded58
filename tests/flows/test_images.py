"""POST /v1/images/generations and /v1/images/edits, through everything but a browser."""

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from openai.types import ImageEditCompletedEvent, ImageGenCompletedEvent, ImagesResponse

from core.api.official import official
from lmarena_bridge.demo.serving import serve_plainly
from support.chain import Chain, until
from support.chain import chain as start

GENERATIONS = "/v1/images/generations"
EDITS = "/v1/images/edits"
PNG = b"\x89PNG\r\n\x1a\n"
PHOTO = ("photo.png", PNG + bytes(40), "image/png")


async def generate(chain: Chain, **more: Any) -> ImagesResponse:
    body = {"model": "demo-painter", "prompt": "a fox", **more}
    answer = await chain.client.post(GENERATIONS, json=body)
    assert answer.status_code == 200, answer.text
    return official(ImagesResponse, answer.content)


async def refused(chain: Chain, **more: Any) -> tuple[int, str | None, str]:
    body = {"model": "demo-painter", "prompt": "a fox", **more}
    answer = await chain.client.post(GENERATIONS, json=body)
    error = answer.json()["error"]
    return answer.status_code, error["param"], error["message"]


def events(text: str) -> list[tuple[str, str]]:
    records = [record.split("\n") for record in text.split("\n\n") if record.startswith("event: ")]
    return [(name.removeprefix("event: "), data.removeprefix("data: ")) for name, data in records]


async def test_a_picture_by_link(chain: Chain) -> None:
    for response_format in ({}, {"response_format": "url"}):
        (image,) = (await generate(chain, **response_format)).data or []
        assert image.b64_json is None
        assert image.url is not None
        assert image.url.startswith(f"{chain.server.url}/images/")
        assert (await chain.client.get(image.url)).content.startswith(PNG)


async def test_a_picture_by_its_bytes(chain: Chain) -> None:
    (image,) = (await generate(chain, response_format="b64_json")).data or []
    assert image.url is None
    assert base64.b64decode(image.b64_json or "").startswith(PNG)


async def test_several_pictures_are_several_jobs(chain: Chain) -> None:
    told = await generate(chain, n=3, size="1024x1024", quality="hd", style="vivid", user="x")
    assert len(told.data or []) == 3
    assert len([entry for entry in chain.arena.journal.entries if entry.method == "PUT"]) == 3


async def test_without_a_model_the_first_one_that_draws_is_taken(chain: Chain) -> None:
    assert len((await generate(chain, model=None)).data or []) == 1


@pytest.mark.parametrize(
    ("more", "status", "param", "words"),
    [
        ({"model": "demo-chat"}, 400, "model", "draws no pictures"),
        ({"model": "nobody"}, 404, "model", "no model"),
        ({"prompt": ""}, 400, "prompt", "empty"),
        ({"n": 11}, 400, "n", "1 to 10"),
        ({"response_format": "svg"}, 400, "response_format", "url or b64_json"),
    ],
)
async def test_what_cannot_be_is_refused_by_name(
    chain: Chain, more: dict[str, Any], status: int, param: str, words: str
) -> None:
    told = await refused(chain, **more)
    assert told[:2] == (status, param)
    assert words in told[2]
    assert not chain.arena.journal.entries


async def test_without_any_model_that_draws_it_is_said_how_to_set_one_up(tmp_path: Path) -> None:
    async with start(tmp_path, tab=False) as chain:
        (chain.server.services.home.path / "models.json").write_text('{"a": "null"}', encoding="utf-8")
        (chain.server.services.home.path / "model_endpoint_map.json").write_text("{}", encoding="utf-8")
        status, param, message = await refused(chain, model=None)
    assert (status, param) == (400, "model")
    assert "models.json" in message


async def test_refusals_of_the_site_keep_their_status(chain: Chain) -> None:
    status, _, message = await refused(chain, prompt="x #arena:422", n=2)
    assert status == 422
    assert "refused the content" in message


async def test_of_several_pictures_those_that_came_are_given(chain: Chain) -> None:
    told = await generate(chain, prompt="a fox #arena:422 #arena:times=1", n=3)
    assert len(told.data or []) == 2


async def test_words_instead_of_a_picture_are_quoted(tmp_path: Path) -> None:
    async def site(scope: Any, receive: Any, send: Any) -> None:
        await send({"type": "http.response.start", "status": 200, "headers": []})
        lines = b'a0:"I would "\na0:"rather not."\nad:{"finishReason":"stop"}\n'
        await send({"type": "http.response.body", "body": lines})

    async with start(tmp_path, tab=False) as chain, serve_plainly(site) as served:
        chain.site = served.base_url
        chain.open_tab()
        await chain.until_tabs(1)
        for streamed in (True, False):
            status, _, message = await refused(chain, n=2, stream=streamed)
            assert status == 502
            assert '"I would rather not."' in message


async def test_an_expired_link_is_given_as_it_is_even_when_bytes_were_wanted(chain: Chain) -> None:
    for response_format in ("url", "b64_json"):
        told = await generate(chain, prompt="a #arena:expired", response_format=response_format)
        (image,) = told.data or []
        assert (image.url or "").startswith(f"{chain.site}/images/")


async def test_bytes_are_the_usual_for_who_has_chosen_them(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"image_return_mode": "base64"}) as chain:
        (image,) = (await generate(chain)).data or []
        assert base64.b64decode(image.b64_json or "").startswith(PNG)
        (image,) = (await generate(chain, response_format="url")).data or []
        assert (image.url or "").startswith("data:image/png;base64,")


async def test_a_stream_has_an_event_for_each_picture(chain: Chain) -> None:
    body = {"model": "demo-painter", "prompt": "a fox", "n": 2, "stream": True, "partial_images": 2}
    answer = await chain.client.post(GENERATIONS, json=body)
    assert answer.headers["content-type"].startswith("text/event-stream")
    told = events(answer.text)
    assert [name for name, _ in told] == ["image_generation.completed"] * 2
    for _, data in told:
        assert base64.b64decode(official(ImageGenCompletedEvent, data).b64_json).startswith(PNG)


async def test_a_stream_that_fails_early_has_a_status(chain: Chain) -> None:
    assert (await refused(chain, prompt="x #arena:422", stream=True))[0] == 422


async def test_a_stream_without_the_picture_ends_with_an_error_that_has_its_link(chain: Chain) -> None:
    body = {"model": "demo-painter", "prompt": "a fox #arena:expired", "stream": True}
    answer = await chain.client.post(GENERATIONS, json=body)
    error = (
        answer.json()["error"]
        if answer.status_code != 200
        else json.loads(answer.text.split("data: ")[1])["error"]
    )
    assert error["code"] == "picture_not_fetched"
    assert f"{chain.site}/images/" in error["message"]


async def test_pictures_to_be_changed_reach_the_model(chain: Chain) -> None:
    files = [("image[]", PHOTO), ("image[]", ("b.jpg", b"\xff\xd8\xff" + bytes(40), "image/jpeg"))]
    form = {"model": "demo-painter", "prompt": "make it blue", "n": "2", "size": "auto"}
    answer = await chain.client.post(EDITS, data=form, files=files)
    assert answer.status_code == 200, answer.text
    assert len(official(ImagesResponse, answer.content).data or []) == 2
    sent = [entry for entry in chain.arena.journal.entries if entry.method == "PUT"]
    assert len(sent) == 2
    report = (await chain.client.get(f"{chain.site}/__arena/requests")).text
    assert "image_1.png" in report
    assert "image_2.jpg" in report


async def test_a_changed_picture_in_a_stream(chain: Chain) -> None:
    form = {"model": "demo-painter", "prompt": "make it blue", "stream": "true"}
    answer = await chain.client.post(EDITS, data=form, files=[("image", PHOTO)])
    ((name, data),) = events(answer.text)
    assert name == "image_edit.completed"
    assert base64.b64decode(official(ImageEditCompletedEvent, data).b64_json).startswith(PNG)


@pytest.mark.parametrize(
    ("form", "files", "param"),
    [
        ({"prompt": "x"}, [("image", PHOTO), ("mask", PHOTO)], "mask"),
        ({"prompt": "x"}, [("picture", PHOTO)], "image"),
        ({"prompt": "x"}, [("image", ("a.svg", b"<svg/>", "image/png"))], "image"),
        ({}, [("image", PHOTO)], "prompt"),
        ({"prompt": "x", "n": "eleven"}, [("image", PHOTO)], "n"),
        ({"prompt": "x", "model": "demo-chat"}, [("image", PHOTO)], "model"),
    ],
)
async def test_forms_that_cannot_be_are_refused_by_name(
    chain: Chain, form: dict[str, str], files: list[Any], param: str
) -> None:
    answer = await chain.client.post(EDITS, data={"model": "demo-painter", **form}, files=files)
    assert (answer.status_code, answer.json()["error"]["param"]) == (400, param)
    assert not chain.arena.journal.entries


@pytest.mark.parametrize(
    ("content_type", "body"),
    [
        ("application/json", b"{}"),
        ("multipart/form-data", b"--x"),
        ("multipart/form-data; boundary=x", b"no form at all"),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\nno header\r\n--x--\r\n"),
        (
            "multipart/form-data; boundary=x",
            b'--x\r\nContent-Disposition: form-data; name="image"\r\n\r\ncut',
        ),
    ],
)
async def test_bodies_that_are_no_forms_are_refused(chain: Chain, content_type: str, body: bytes) -> None:
    answer = await chain.client.post(EDITS, content=body, headers={"content-type": content_type})
    assert answer.status_code == 400
    assert set(answer.json()["error"]) == {"message", "type", "param", "code"}


async def test_a_form_that_is_too_large_is_refused(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"max_body_bytes": 4096}, tab=False) as chain:
        files = [("image", ("a.png", PNG + bytes(5000), "image/png"))]
        answer = await chain.client.post(EDITS, data={"prompt": "x"}, files=files)
        assert answer.status_code == 413
        assert "max_body_bytes" in answer.json()["error"]["message"]


@pytest.mark.parametrize("streamed", [True, False])
async def test_a_client_that_leaves_stops_all_its_jobs(chain: Chain, streamed: bool) -> None:
    body = {"model": "demo-painter", "prompt": "a fox #arena:hang", "n": 3, "stream": streamed}
    asking = chain.group.create_task(chain.client.post(GENERATIONS, json=body))
    await until(lambda: chain.server.services.hub.jobs == 3)
    asking.cancel()
    await chain.until_idle()
    await until(lambda: not chain.arena.journal.open_streams)
