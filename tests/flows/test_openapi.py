"""GET /openapi.json: what is in it, and that it is a document that others can read."""

from typing import Any

import jsonschema_rs

from support.chain import Chain

POSTED = (
    "/v1/chat/completions",
    "/v1/completions",
    "/v1/images/generations",
    "/v1/images/edits",
    "/v1/responses",
    "/v1/messages",
    "/v1/messages/count_tokens",
)


def references(value: Any) -> set[str]:
    if isinstance(value, list):
        return {found for each in value for found in references(each)}
    if not isinstance(value, dict):
        return set()
    own = {value["$ref"]} if isinstance(value.get("$ref"), str) else set()
    return own | {found for each in value.values() for found in references(each)}


async def test_every_public_address_is_described_and_every_reference_leads_somewhere(chain: Chain) -> None:
    document = (await chain.client.get("/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    assert {*POSTED, "/v1/models", "/v1/models/{name}", "/v1/files", "/healthz"} <= set(document["paths"])
    schemas = document["components"]["schemas"]
    for reference in references(document["paths"]) | references(schemas):
        assert reference.removeprefix("#/components/schemas/") in schemas, reference
    for path, methods in document["paths"].items():
        for operation in methods.values():
            assert "422" not in operation["responses"], path
            assert "default" in operation["responses"], path


async def test_answers_are_what_it_says(chain: Chain) -> None:
    document = (await chain.client.get("/openapi.json")).json()

    def judge(name: str) -> jsonschema_rs.Validator:
        reference = {"$ref": f"#/components/schemas/{name}", "components": document["components"]}
        return jsonschema_rs.validator_for(reference, offline=True)

    judge("Models").validate((await chain.client.get("/v1/models")).json())
    judge("ChatCompletion").validate((await chain.ask("hi")).json())
    judge("ChatCompletion").validate((await chain.ask("Why?", "demo-thinker")).json())
    judge("ChatCompletion").validate((await chain.ask("What is new?", "demo-search")).json())
    judge("Error").validate((await chain.ask("hi", "nobody")).json())
    judge("Response").validate(
        (await chain.client.post("/v1/responses", json={"model": "demo-chat", "input": "hi"})).json()
    )
    said = {"model": "demo-chat", "messages": [{"role": "user", "content": "hi"}]}
    judge("AnthropicMessage").validate((await chain.client.post("/v1/messages", json=said)).json())
    judge("AnthropicError").validate((await chain.client.post("/v1/messages", json={})).json())
    picture = {"model": "demo-painter", "prompt": "a fox", "response_format": "b64_json"}
    judge("Images").validate((await chain.client.post("/v1/images/generations", json=picture)).json())
