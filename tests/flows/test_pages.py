"""What a browser gets from the server: the start page and the userscript."""

import re

from support.chain import Chain


async def test_the_start_page_and_what_it_loads_are_here_and_nowhere_else(chain: Chain) -> None:
    page = await chain.client.get("/")
    assert page.status_code == 200
    assert "/LMArenaApiBridge.user.js" in page.text  # for whoever has no JavaScript
    loaded = re.findall(r'(?:src|href)="(/static/[^"]+)"', page.text)
    assert {path.rpartition(".")[2] for path in loaded} == {"css", "js", "svg"}
    for path in loaded:
        answer = await chain.client.get(path)
        assert (answer.status_code, answer.headers["x-content-type-options"]) == (200, "nosniff"), path
    assert "//" not in re.sub(r"<!doctype html>", "", page.text)


async def test_the_page_may_run_and_load_only_its_own_files(chain: Chain) -> None:
    policy = (await chain.client.get("/")).headers["content-security-policy"]
    assert "default-src 'self'" in policy
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy


async def test_a_file_that_is_known_already_is_not_sent_again(chain: Chain) -> None:
    first = await chain.client.get("/static/main.js")
    again = await chain.client.get("/static/main.js", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")


async def test_nothing_but_the_files_of_the_page_is_given_out(chain: Chain) -> None:
    for path in ("../routes/start.py", "%2e%2e/app.py", "vendor/lit-html/lit-html.d.ts", "", "nothing.js"):
        assert (await chain.client.get(f"/static/{path}")).status_code == 404, path


async def test_the_start_page_answers_a_client_that_only_knocks(chain: Chain) -> None:
    assert (await chain.client.head("/")).status_code == 200


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
