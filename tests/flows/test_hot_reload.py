"""What a person changes in the files while the server runs."""

from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from lmarena_bridge.cli.config import check
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home
from support.chain import Chain, records, text_of, until

Logs = list[MutableMapping[str, Any]]

KEY = {"Authorization": "Bearer a key"}


@pytest.fixture
def logs() -> Iterator[Logs]:
    with capture_logs() as captured:
        yield captured


def home_of(chain: Chain) -> Home:
    return chain.server.services.home


async def models(chain: Chain) -> list[str]:
    """The names that the API lists; every request looks at the files."""
    return [each["id"] for each in (await chain.client.get("/v1/models")).json()["data"]]


async def config_state(chain: Chain) -> str:
    state: str = (await chain.client.get("/readyz")).json()["config"]
    return state


def told(logs: Logs, level: str) -> list[str]:
    """What the log says about the files at a level."""
    return [
        str(each.get("problem") or each.get("settings") or each.get("files"))
        for each in logs
        if each["log_level"] == level and each["event"].startswith("config")
    ]


async def test_a_model_that_is_added_is_there_with_the_next_request(chain: Chain, logs: Logs) -> None:
    before = await models(chain)
    ConfigWriter(home_of(chain)).add_models({"brand-new": "null"})
    assert await models(chain) == [*before, "brand-new"]
    assert told(logs, "info") == ["models.json"]
    ConfigWriter(home_of(chain)).remove_models(["brand-new"])
    assert await models(chain) == before


async def test_a_key_that_is_set_protects_the_next_request_and_lets_the_running_one_end(chain: Chain) -> None:
    home = home_of(chain)
    async with chain.asking("Tell me something!") as response:
        assert response.status_code == 200
        home.settings.write_text('{"api_key": "a key"}', encoding="utf-8")
        assert (await chain.client.get("/v1/models")).status_code == 401
        assert (await chain.client.get("/v1/models", headers=KEY)).status_code == 200
        chunks = [each async for each in records(response)]
    assert chunks[-1] == "[DONE]"
    assert text_of([each for each in chunks if isinstance(each, dict)])


@pytest.mark.parametrize(
    ("name", "broken", "where"),
    [
        ("config.jsonc", '{\n  "port": "5102"\n}', "config.jsonc, line 2, column 11: "),
        ("config.jsonc", '{\n  "api_key": ["a" "b"]\n}', "config.jsonc, line 2, column 19: "),
        ("models.json", '{\n  "a": 5\n}', "models.json, line 2, column 8: "),
        ("model_endpoint_map.json", '{\n  "a": {\n}', "model_endpoint_map.json, line 3, column 2: "),
    ],
)
async def test_a_file_that_breaks_is_told_once_and_what_it_said_stays_in_force(
    chain: Chain, logs: Logs, capsys: pytest.CaptureFixture[str], name: str, broken: str, where: str
) -> None:
    home = home_of(chain)
    home.settings.write_text('{"api_key": "a key"}', encoding="utf-8")
    chain.client.headers.update(KEY)
    listed = await models(chain)
    path = home.path / name
    good = path.read_text(encoding="utf-8")
    path.write_text(broken, encoding="utf-8")
    for _ in range(3):
        assert await models(chain) == listed
        assert (await chain.client.get("/v1/models", headers={"Authorization": ""})).status_code == 401
    assert (await config_state(chain)).startswith(where)
    assert not check(home.path)
    assert where.removesuffix(": ") in capsys.readouterr().out
    (said,) = told(logs, "error")
    assert said.startswith(where)
    path.write_text(good, encoding="utf-8")
    assert await models(chain) == listed
    assert await config_state(chain) == "ok"
    assert told(logs, "info")[-1] == name


async def test_where_the_server_listens_waits_for_its_next_start_and_the_log_says_so_once(
    chain: Chain, logs: Logs
) -> None:
    home = home_of(chain)
    home.settings.write_text('{"port": 5199, "host": "localhost"}', encoding="utf-8")
    for _ in range(3):
        assert await config_state(chain) == "ok"
    assert told(logs, "warning") == ["host, port"]
    home.settings.write_text('{"port": 5199, "host": "localhost", "jobs_per_tab": 3}', encoding="utf-8")
    assert await config_state(chain) == "ok"
    assert told(logs, "warning") == ["host, port"]


async def test_who_saves_a_file_sees_in_the_log_what_it_brought_although_nobody_asks(
    chain: Chain, logs: Logs
) -> None:
    home = home_of(chain)
    home.settings.write_text('{\n  "port": "5102"\n}', encoding="utf-8")
    await until(lambda: bool(told(logs, "error")))
    home.settings.write_text('{"jobs_per_tab": 3}', encoding="utf-8")
    await until(lambda: bool(told(logs, "info")))
    assert told(logs, "info") == ["config.jsonc"]
    (said,) = told(logs, "error")
    assert said.startswith("config.jsonc, line 2, column 11: ")
