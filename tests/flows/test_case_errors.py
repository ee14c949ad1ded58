"""Pictures, keys and errors: the cases 27 to 45 of what real clients need (clients.md §7).

Where the codes there differ from ours, ours hold: they are in docs/troubleshooting.md. Servers that stop (44)
are in test_tabs.py, hostile connections (46) in tests/security.
"""

import json
from pathlib import Path
from typing import Any

import pytest
from openai import APIError, AsyncOpenAI, NotFoundError
from openai.types import ImagesResponse

from core.api.official import official
from support.chain import Chain, until
from support.chain import chain as start
from support.judges import by_document, judged_completion, judged_error, judged_stream, reasons, said

HELLO = [{"role": "user", "content": "hi"}]


async def raw(chain: Chain, content: bytes, **headers: str) -> Any:
    return await chain.client.post("/v1/chat/completions", content=content, headers=headers)


@pytest.mark.parametrize("stream", [True, False])
async def test_case_27_a_picture_in_a_chat_is_markdown(chain: Chain, stream: bool) -> None:
    answer = await chain.ask("a [fox]\nat night", "demo-painter", stream=stream)
    if stream:
        chunks = judged_stream(answer.content)
        content = said(chunks)
        assert reasons(chunks) == ["stop"]
    else:
        told = judged_completion(answer.content)
        content = told.choices[0].message.content or ""
        assert told.usage is not None
        assert told.usage.completion_tokens > 0
    assert content.startswith("![image](http")
    assert "\n" not in content
    assert content.endswith(")")


async def test_case_28_of_three_pictures_one_may_fail(chain: Chain) -> None:
    answer = await chain.ask("a fox #arena:422 #arena:times=1", "demo-painter", n=3)
    contents = [choice.message.content or "" for choice in judged_completion(answer.content).choices]
    assert sum(content.startswith("![image](") for content in contents) == 2
    failed = await chain.ask("a fox #arena:422", "demo-painter", n=3)
    assert judged_error(failed.content)["message"]


@pytest.mark.parametrize("response_format", [None, "url", "b64_json"])
async def test_case_29_pictures_by_their_own_address(chain: Chain, response_format: str | None) -> None:
    body = {"model": "demo-painter", "prompt": "a fox", "n": 2, "size": "1024x1024"}
    answer = await chain.client.post(
        "/v1/images/generations", json={**body, "response_format": response_format}
    )
    by_document("ImagesResponse", answer.json())
    told = official(ImagesResponse, answer.content)
    assert len(told.data or ()) == 2
    for wrong in ({"model": "demo-chat"}, {"prompt": ""}):
        refused = await chain.client.post("/v1/images/generations", json={**body, **wrong})
        assert refused.status_code == 400
        judged_error(refused.content)


async def test_case_30_links_to_pictures_need_no_key_and_data_uris_no_link(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "key", "image_return_mode": "local"}) as chain:
        headers = {"authorization": "Bearer key"}
        body = {"model": "demo-painter", "messages": HELLO}
        answer = await chain.client.post("/v1/chat/completions", json=body, headers=headers)
        link = answer.json()["choices"][0]["message"]["content"].removeprefix("![image](").removesuffix(")")
        picture = await chain.client.get(link)
        assert picture.status_code == 200
        assert picture.headers["content-type"] == "image/png"
        settings = chain.server.services.home.settings
        settings.write_text(json.dumps({"api_key": "key", "image_return_mode": "base64"}), encoding="utf-8")
        answer = await chain.client.post("/v1/chat/completions", json=body, headers=headers)
        assert "](data:image/png;base64," in answer.json()["choices"][0]["message"]["content"]


@pytest.mark.parametrize("name", ["authorization", "x-api-key"])
async def test_case_31_a_key_in_either_header(tmp_path: Path, name: str) -> None:
    async with start(tmp_path, settings={"api_key": "the-key"}, tab=False) as chain:
        prefix = "Bearer " if name == "authorization" else ""
        for headers in ({}, {name: f"{prefix}wrong"}, {name: prefix.strip()}):
            refused = await chain.client.get("/v1/models", headers=headers)
            assert refused.status_code == 401
            assert refused.headers["www-authenticate"] == "Bearer"
            error = judged_error(refused.content)
            assert (error["type"], error["code"]) == ("authentication_error", "invalid_api_key")
        assert (await chain.client.get("/v1/models", headers={name: f"{prefix}the-key"})).status_code == 200


@pytest.mark.parametrize(
    "headers", [{}, {"authorization": "Bearer"}, {"authorization": "Bearer x"}, {"x-api-key": "x"}]
)
async def test_case_32_without_a_key_of_ours_any_will_do(chain: Chain, headers: dict[str, str]) -> None:
    assert (await chain.client.get("/v1/models", headers=headers)).status_code == 200


@pytest.mark.parametrize("body", [b"", b" ", b"{", b"[]", b'"x"', b"null", '{"model":"m"}'.encode("utf-16")])
async def test_case_35_bodies_that_are_none(chain: Chain, body: bytes) -> None:
    answer = await raw(chain, body, **{"content-type": "application/json"})
    assert answer.status_code == 400
    assert judged_error(answer.content)["param"] is None


async def test_case_36_the_content_type_does_not_matter_what_is_missing_is_named(chain: Chain) -> None:
    body = json.dumps({"model": "demo-chat", "messages": HELLO}).encode()
    assert (await raw(chain, body, **{"content-type": "text/plain"})).status_code == 200
    for wrong, param in (
        ({"messages": HELLO}, "model"),
        ({"model": "demo-chat"}, "messages"),
        ({"model": "demo-chat", "messages": []}, "messages"),
        ({"model": "demo-chat", "messages": "x"}, "messages"),
    ):
        answer = await raw(chain, json.dumps(wrong).encode())
        assert answer.status_code == 400
        assert judged_error(answer.content)["param"] == param


@pytest.mark.parametrize("stream", [True, False])
async def test_case_37_an_unknown_model_is_404_and_one_without_a_session_400(
    tmp_path: Path, stream: bool
) -> None:
    settings = {"use_default_ids_if_mapping_not_found": False}
    async with start(tmp_path, settings=settings) as chain:
        unknown = await chain.ask("hi", "nobody", stream=stream)
        error = judged_error(unknown.content)
        assert (unknown.status_code, error["type"], error["code"]) == (
            404,
            "invalid_request_error",
            "model_not_found",
        )
        assert unknown.headers["x-should-retry"] == "false"
        async with AsyncOpenAI(base_url=f"{chain.server.url}/v1", api_key="x") as client:
            with pytest.raises(NotFoundError):
                await client.chat.completions.create(
                    model="nobody", messages=[{"role": "user", "content": "x"}]
                )
        models = chain.server.services.home.models
        listed = json.loads(models.read_text(encoding="utf-8")) | {"homeless": "some-id"}
        models.write_text(json.dumps(listed), encoding="utf-8")
        homeless = await chain.ask("hi", "homeless", stream=stream)
        assert homeless.status_code == 400
        assert judged_error(homeless.content)["code"] == "no_session_for_model"


async def test_case_38_without_a_tab_there_is_a_wait_and_then_503(tmp_path: Path) -> None:
    """Our code is no_tab; a tab may be there any moment, so x-should-retry is left to the client."""
    async with start(tmp_path, settings={"tab_wait_seconds": 0.1}, tab=False) as chain:
        answer = await chain.ask("hi")
        assert answer.status_code == 503
        assert judged_error(answer.content)["code"] == "no_tab"
        assert 1 <= int(answer.headers["retry-after"]) <= 20
        assert (await chain.client.get("/v1/models")).status_code == 200


async def test_case_40_a_body_that_is_too_large(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"max_body_bytes": 2048}, tab=False) as chain:
        answer = await chain.ask("x" * 3000)
    assert answer.status_code == 413
    assert judged_error(answer.content)["code"] == "request_too_large"


@pytest.mark.parametrize(
    ("directive", "status", "code"),
    [
        ("429", 429, "rate_limited"),
        ("challenge", 503, "human_verification_required"),
        ("500", 500, None),
        ("502", 502, None),
        ("401", 502, "session_expired"),
    ],
)
async def test_case_41_refusals_of_the_site_before_the_first_word(
    chain: Chain, directive: str, status: int, code: str | None
) -> None:
    answer = await chain.ask(f"hi #arena:{directive}", stream=True)
    assert answer.status_code == status
    error = judged_error(answer.content)
    if code is not None:
        assert error["code"] == code
    if status == 429:
        assert error["type"] == "rate_limit_error"
        assert 1 <= int(answer.headers["retry-after"]) <= 20
    if code in ("human_verification_required", "session_expired"):
        assert answer.headers["x-should-retry"] == "false"


async def test_case_42_what_fails_after_some_words_is_said_in_the_stream(chain: Chain) -> None:
    text = "hi #arena:error-line"
    answer = await chain.ask(text, stream=True)
    assert answer.status_code == 200
    *before, error, done, rest = answer.text.split("\n\n")
    assert (done, rest) == ("data: [DONE]", "")
    assert "choices" not in json.loads(error.removeprefix("data: "))
    judged_error(error.removeprefix("data: ").encode())
    assert any('"content":"' in record for record in before)
    assert not any('"finish_reason":"' in record for record in before)
    async with AsyncOpenAI(base_url=f"{chain.server.url}/v1", api_key="x", max_retries=0) as client:
        stream = await client.chat.completions.create(
            model="demo-chat", messages=[{"role": "user", "content": text}], stream=True
        )
        with pytest.raises(APIError) as caught:
            [chunk async for chunk in stream]
    assert caught.value.message
    whole = await chain.ask(text)
    assert whole.status_code == 502
    judged_error(whole.content)


async def test_case_45_a_bug_is_500_without_a_word_of_its_inside(
    chain: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: Any, **__: Any) -> Any:
        raise RuntimeError("a secret of the inside")

    monkeypatch.setattr("lmarena_bridge.bridge.FetchJob", broken)
    for stream in (True, False):
        answer = await chain.ask("hi", stream=stream)
        assert answer.status_code == 500
        assert judged_error(answer.content)["code"] == "internal_error"
        assert "secret" not in answer.text
        assert answer.headers["x-request-id"]


async def test_case_33_pages_of_others_are_refused_programs_are_not(chain: Chain) -> None:
    body = json.dumps({"model": "demo-chat", "messages": HELLO}).encode()
    for headers in ({"origin": "https://evil.example"}, {"host": "evil.example:5102"}):
        refused = await raw(chain, body, **headers, **{"content-type": "text/plain"})
        assert refused.status_code == 403
        judged_error(refused.content)
    assert (await raw(chain, body, **{"sec-fetch-mode": "cors", "accept-language": "*"})).status_code == 200
    assert len(chain.arena.journal.entries) == 1


async def test_case_34_only_named_pages_may_ask_from_a_browser(tmp_path: Path) -> None:
    wanted = "authorization, content-type, x-stainless-lang"
    asking = {"access-control-request-method": "POST", "access-control-request-headers": wanted}
    async with start(tmp_path, settings={"allowed_origins": ["https://chat.example"]}, tab=False) as chain:
        for origin, allowed in (("https://chat.example", True), ("https://evil.example", False)):
            headers = {"origin": origin, **asking}
            answer = await chain.client.options("/v1/chat/completions", headers=headers)
            assert (answer.status_code in (200, 204)) is allowed
            assert (answer.headers.get("access-control-allow-origin") == origin) is allowed
            if allowed:
                assert answer.headers["access-control-allow-headers"] == wanted


async def test_case_39_a_tab_that_goes_leaves_its_work_to_another(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"resume_grace_seconds": 0.2}) as chain:
        asking = chain.group.create_task(chain.ask("What is 6 * 7? #arena:slow=1"))
        await until(lambda: chain.server.services.hub.jobs == 1)
        first = chain.tab
        chain.open_tab(profile="another")
        await chain.until_tabs(2)
        chain.tasks.pop(first).cancel()
        answer = await asking
        assert answer.status_code == 200
        assert "42" in answer.text


@pytest.mark.parametrize("silence", ["silent=30", "hang"])
async def test_case_43_a_silent_site_is_504_or_an_error_in_the_stream(tmp_path: Path, silence: str) -> None:
    async with start(tmp_path, settings={"stream_response_timeout_seconds": 1}) as chain:
        answer = await chain.ask(f"hi #arena:{silence}", stream=True)
        if silence == "hang":
            assert answer.status_code == 200
            *_, error, done, _ = answer.text.split("\n\n")
            assert done == "data: [DONE]"
            assert judged_error(error.removeprefix("data: ").encode())["code"] == "tab_silent"
        else:
            assert answer.status_code == 504
            assert judged_error(answer.content)["code"] == "tab_silent"
        await chain.until_idle()
        await until(lambda: not chain.arena.journal.open_streams)
