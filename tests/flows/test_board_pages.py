"""What the page asks for beside the live picture: settings, check-up, choice of models, what is kept."""

import json
from typing import Any

import httpx2

from support.chain import Chain, until

OWN = {"sec-fetch-site": "same-origin"}


async def get(chain: Chain, path: str) -> Any:
    answer = await chain.client.get(path, headers=OWN)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def post(chain: Chain, path: str, body: object) -> httpx2.Response:
    return await chain.client.post(path, json=body, headers=OWN)


async def test_settings_come_with_what_they_are_about_and_without_secrets(chain: Chain) -> None:
    chain.server.services.home.settings.write_text('{"file_bed_api_key": "very-secret"}', encoding="utf-8")
    answer = await chain.client.get("/internal/settings", headers=OWN)
    settings = {each["name"]: each for each in answer.json()["settings"]}
    assert "very-secret" not in answer.text
    assert settings["file_bed_api_key"]["changed"]
    assert settings["port"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 65535}
    assert settings["port"]["at_start"]
    assert {each["kind"] for each in settings.values()} == {
        "flag",
        "choice",
        "number",
        "text",
        "texts",
        "secret",
    }
    assert all(each["section"] for each in settings.values())


async def test_a_setting_is_written_in_place_and_is_in_force_at_once(chain: Chain) -> None:
    file = chain.server.services.home.settings
    file.write_text('{\n  // mine\n  "queue_limit": 7, // few\n}\n', encoding="utf-8")
    changes = {"queue_limit": None, "jobs_per_tab": 3, "allowed_hosts": ["my-pc.local"]}
    assert (await post(chain, "/internal/settings", {"changes": changes})).status_code == 200
    assert "// mine" in file.read_text(encoding="utf-8")
    settings = chain.server.services.configs.current().settings
    assert (settings.queue_limit, settings.jobs_per_tab) == (100, 3)
    assert settings.allowed_hosts == ("my-pc.local",)


async def test_what_is_wrong_is_refused_by_its_name_and_nothing_is_written(chain: Chain) -> None:
    file = chain.server.services.home.settings
    before = file.read_bytes()
    for changes, name in (
        ({"port": 0}, "port"),
        ({"port": "5102"}, "port"),
        ({"tab_policy": "some"}, "tab_policy"),
        ({"api_key": 5}, "api_key"),
        ({"nonsense": 1}, "nonsense"),
        ({"enable_auto_updates": True}, "enable_auto_updates"),
    ):
        answer = await post(chain, "/internal/settings", {"changes": changes})
        assert (answer.status_code, answer.json()["error"]["param"]) == (400, name)
    assert (await post(chain, "/internal/settings", [])).status_code == 400
    assert file.read_bytes() == before


async def test_a_broken_file_is_shown_with_its_place_and_cannot_be_written_over(chain: Chain) -> None:
    file = chain.server.services.home.settings
    file.write_text('{\n  "port": \n}', encoding="utf-8")
    answer = await post(chain, "/internal/settings", {"changes": {"jobs_per_tab": 3}})
    assert answer.status_code == 400
    assert "line 3" in answer.json()["error"]["message"]
    chain.server.services.configs.current()
    (problem,) = chain.server.services.configs.problems
    assert (problem.file, problem.line) == ("config.jsonc", 3)


async def test_the_check_up_is_that_of_the_command(chain: Chain) -> None:
    said = await get(chain, "/internal/doctor")
    states = {each["link"]["text"]: each["state"] for each in said["findings"]}
    assert states["Files"] == states["Bridge"] == states["Tab"] == states["Models"] == "ok"
    assert said["model"] == "demo-chat"
    chain.server.services.home.settings.write_text("{", encoding="utf-8")
    said = await get(chain, "/internal/doctor")
    assert said["findings"][0]["state"] == "error"
    assert "config.jsonc" in said["next"]["text"]
    assert said["model"] is None


async def test_models_are_chosen_and_given_up_by_the_page(chain: Chain) -> None:
    chain.server.services.home.models.write_text("{\n  // my models\n}\n", encoding="utf-8")
    assert not (await get(chain, "/internal/models"))["looked"]
    assert (await post(chain, "/internal/request_model_update", None)).status_code == 200
    listed = (await get(chain, "/internal/models"))["models"]
    painter = next(row for row in listed if row["type"] == "image")
    done = await post(chain, "/internal/models", {"add": [painter["id"]]})
    assert done.json()["added"] == [painter["name"]]
    text = chain.server.services.home.models.read_text(encoding="utf-8")
    assert "// my models" in text
    assert f'"{painter["id"]}:image"' in text
    done = await post(chain, "/internal/models", {"remove": [painter["name"], "unknown"]})
    assert done.json()["removed"] == [painter["name"]]
    assert (await post(chain, "/internal/models", {"add": ["unknown"]})).status_code == 404
    assert (await post(chain, "/internal/models", {"say": 1})).status_code == 400


async def test_pictures_and_files_are_listed(chain: Chain) -> None:
    await chain.ask("a lighthouse", "demo-painter")
    (picture,) = (await get(chain, "/internal/pictures"))["pictures"]
    assert (await chain.client.get(picture["link"])).headers["content-type"].startswith("image/")
    upload = {"file_name": "note.txt", "file_data": "data:text/plain;base64,aGk="}
    assert (await chain.client.post("/upload", json=upload)).status_code == 200
    await chain.client.post("/v1/files", files={"file": ("<b>.txt", b"hi")}, data={"purpose": "assistants"})
    files = await get(chain, "/internal/files")
    assert [(each["name"], each["size"]) for each in files["uploaded"]] == [("<b>.txt", 2)]
    assert [each["size"] for each in files["file_bed"]] == [2]
    chain.server.services.home.settings.write_text('{"file_bed_mounted": false}', encoding="utf-8")
    assert (await get(chain, "/internal/files"))["file_bed"] is None


async def test_a_tab_that_was_seen_to_gets_work_again(chain: Chain) -> None:
    hub = chain.server.services.hub
    tab = hub.tabs[0].tab
    hub.needs_attention(tab, "a check")
    assert (await post(chain, "/internal/attended", {"tab": tab})).status_code == 200
    assert hub.tabs[0].attention is None
    assert (await post(chain, "/internal/attended", {"tab": "another"})).status_code == 400
    assert (await post(chain, "/internal/attended", {})).status_code == 400


async def test_a_tab_that_was_sent_away_is_remembered(chain: Chain) -> None:
    chain.open_tab(secret="of another home")
    sightings = chain.server.services.board.sightings
    await until(lambda: sightings.refused is not None)
    assert sightings.refused is not None
    assert "secret" in sightings.refused.reason.text


async def test_nothing_of_it_is_for_strangers(chain: Chain) -> None:
    for path in ("settings", "doctor", "models", "pictures", "files", "history", "statistics"):
        assert (await chain.client.get(f"/internal/{path}")).status_code == 401, path
        elsewhere = {"origin": "https://evil.example"}
        assert (await chain.client.get(f"/internal/{path}", headers=elsewhere)).status_code == 403, path
    body = json.dumps({"changes": {"api_key": ""}})
    assert (await chain.client.post("/internal/settings", content=body)).status_code == 401
