"""Models and addresses: the cases 1 to 4 of what real clients need (clients.md §7)."""

import json
from collections.abc import AsyncGenerator
from pathlib import Path

import pytest
from openai import AsyncOpenAI
from openai.pagination import SyncPage
from openai.types import Model

from core.api.official import official
from support.chain import Chain
from support.chain import chain as start

OURS = frozenset({"type", "display_name", "created_at", "lifecycle", "kind", "architecture"})
PAGE = frozenset({"has_more", "first_id", "last_id"})
ERROR = {"message", "type", "param", "code"}


@pytest.fixture
async def without_tab(tmp_path: Path) -> AsyncGenerator[Chain, None]:
    async with start(tmp_path, tab=False) as running:
        models = running.server.services.home.path / "models.json"
        listed = json.loads(models.read_text(encoding="utf-8"))
        first = next(iter(listed.values()))
        listed |= dict.fromkeys(("org/a:b+c", "näme"), first)
        models.write_text(json.dumps(listed), encoding="utf-8")
        yield running


async def test_case_01_the_models_are_those_of_the_file_without_any_tab(without_tab: Chain) -> None:
    answer = await without_tab.client.get("/v1/models")
    assert answer.status_code == 200
    page = official(SyncPage[Model], answer.content, known_extras=OURS | PAGE)
    mapped = json.loads((without_tab.server.services.home.path / "models.json").read_text(encoding="utf-8"))
    assert [model.id for model in page.data] == list(mapped)
    assert answer.headers["x-request-id"].startswith("req-")


async def test_case_02_one_model_whatever_its_name_holds(without_tab: Chain) -> None:
    for path in ("org/a:b+c", "org%2Fa%3Ab%2Bc", "n%C3%A4me", "demo-chat/"):
        answer = await without_tab.client.get(f"/v1/models/{path}")
        assert answer.status_code == 200, path
        official(Model, answer.content, known_extras=OURS)
    client = AsyncOpenAI(base_url=f"{without_tab.server.url}/v1", api_key="x", max_retries=0)
    assert (await client.models.retrieve("org/a:b+c")).id == "org/a:b+c"
    await client.close()
    unknown = await without_tab.client.get("/v1/models/demo-chatt")
    assert unknown.status_code == 404
    assert unknown.json()["error"]["code"] == "model_not_found"
    assert "demo-chat" in unknown.json()["error"]["message"]


@pytest.mark.parametrize(
    "path", ["/models", "/models/", "/v1/models/", "/v1/v1/models", "/v1/models?limit=1"]
)
async def test_case_03_addresses_are_found_however_they_are_written(chain: Chain, path: str) -> None:
    assert (await chain.client.get(path)).content == (await chain.client.get("/v1/models")).content


@pytest.mark.parametrize("path", ["/chat/completions", "/v1/chat/completions/", "/v1/v1/chat/completions"])
async def test_case_03_so_are_those_of_questions(chain: Chain, path: str) -> None:
    body = {"model": "demo-chat", "messages": [{"role": "user", "content": "What is 6 * 7?"}]}
    answer = await chain.client.post(path, json=body)
    assert "42" in answer.json()["choices"][0]["message"]["content"]


async def test_case_03_a_bare_address_needs_the_key_all_the_same(tmp_path: Path) -> None:
    async with start(tmp_path, settings={"api_key": "secret-key"}, tab=False) as chain:
        for path in ("/models", "/v1/models/", "/v1/v1/models", "/models/demo-chat"):
            refused = await chain.client.get(path)
            assert refused.status_code == 401, path
            assert refused.headers["x-request-id"]
            let_in = await chain.client.get(path, headers={"x-api-key": "secret-key"})
            assert let_in.status_code == 200, path


async def test_case_03_what_is_nowhere_is_said_in_the_shape_of_errors(chain: Chain) -> None:
    assert (await chain.client.head("/")).status_code == 200
    nowhere = await chain.client.get("/nope")
    assert nowhere.status_code == 404
    assert set(nowhere.json()["error"]) == ERROR
    assert nowhere.json()["error"]["code"] == "unknown_url"
    for method, path, allowed in (
        ("GET", "/v1/chat/completions", "POST"),
        ("GET", "/v1/completions", "POST"),
        ("PUT", "/v1/images/generations", "POST"),
        ("POST", "/v1/models", "GET"),
    ):
        wrong = await chain.client.request(method, path)
        assert wrong.status_code == 405, path
        assert set(wrong.json()["error"]) == ERROR
        assert allowed in wrong.headers["allow"]
        assert wrong.headers["x-request-id"]


async def test_case_04_the_list_serves_clients_of_the_other_kind(without_tab: Chain) -> None:
    headers = {"anthropic-version": "2023-06-01", "x-api-key": "anything"}
    listed = (await without_tab.client.get("/v1/models", headers=headers)).json()
    assert listed["has_more"] is False
    assert (listed["first_id"], listed["last_id"]) == (listed["data"][0]["id"], listed["data"][-1]["id"])
    for model in listed["data"]:
        assert model["type"] == "model"
        assert model["display_name"]
        assert model["lifecycle"] == "active"
        assert model["created_at"].endswith("Z")


async def test_what_the_site_says_of_a_model_is_passed_on(without_tab: Chain) -> None:
    home = without_tab.server.services.home.path
    model_id = json.loads((home / "models.json").read_text(encoding="utf-8"))["demo-chat"]
    capabilities = {"inputCapabilities": {"text": True, "image": True}, "outputCapabilities": {"text": True}}
    site = {
        "id": model_id,
        "publicName": "Demo, Chatty",
        "organization": "arena",
        "capabilities": capabilities,
    }
    (home / "available_models.json").write_text(json.dumps([site]), encoding="utf-8")
    told = (await without_tab.client.get("/v1/models/demo-chat")).json()
    assert (told["display_name"], told["owned_by"]) == ("Demo, Chatty", "arena")
    assert told["architecture"]["input_modalities"] == ["text", "image"]
