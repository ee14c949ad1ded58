"""What a browser gets from the server: the start page and the userscript."""

from support.chain import Chain


async def test_the_start_page_says_how_things_stand(chain: Chain) -> None:
    page = await chain.client.get("/")
    assert page.status_code == 200
    assert "You can chat" in page.text
    assert f"{chain.server.url}/v1" in page.text
    assert "demo-chat" in page.text
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert (await chain.client.get("/static/start.css")).headers["content-type"].startswith("text/css")


async def test_the_start_page_answers_a_client_that_only_knocks(chain: Chain) -> None:
    assert (await chain.client.head("/")).status_code == 200


async def test_names_of_models_are_text_and_nothing_else(chain: Chain) -> None:
    chain.server.services.home.models.write_text('{"<script>alert(1)</script>": "null"}', encoding="utf-8")
    page = await chain.client.get("/")
    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text


async def test_the_userscript_is_filled_in_and_kept_from_other_sites(chain: Chain) -> None:
    script = await chain.client.get("/LMArenaApiBridge.user.js")
    assert script.headers["content-type"] == "text/javascript; charset=utf-8"
    assert script.headers["cross-origin-resource-policy"] == "same-origin"
    assert script.headers["cache-control"] == "no-store"
    assert "access-control-allow-origin" not in script.headers
    assert chain.server.services.secret in script.text
    assert f'"server": "{chain.server.url}"' in script.text
    assert f"// @version      {chain.server.services.version}\n" in script.text


async def test_a_script_asked_for_by_name_connects_by_number(chain: Chain) -> None:
    port = chain.client.base_url.port
    script = await chain.client.get("/LMArenaApiBridge.user.js", headers={"host": f"localhost:{port}"})
    assert f'"server": "http://127.0.0.1:{port}"' in script.text


async def test_the_secret_is_nowhere_else(chain: Chain) -> None:
    for path in ("/", "/readyz", "/healthz", "/v1/models", "/openapi.json"):
        assert chain.server.services.secret not in (await chain.client.get(path)).text
