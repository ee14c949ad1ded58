"""docs/configuration.md: its examples are good. `make check` sees to it that it has what the settings say."""

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from lmarena_bridge.core.config.files import read_models, read_sessions
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.schema import SCHEMA_PLACE
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import SETTINGS

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs" / "configuration.md").read_text(encoding="utf-8")
EXAMPLES: Mapping[str, str] = dict(
    re.findall(r"^```jsonc? ?(\S*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
)


@pytest.mark.parametrize("name", SETTINGS)
def test_every_setting_is_on_the_page(name: str) -> None:
    heading = f"#### `{name}`\n"
    assert PAGE.count(heading) == SETTINGS[name].in_use
    assert f"`{name}`" in PAGE


def test_the_models_of_the_example_are_good() -> None:
    models = read_models(EXAMPLES["models.json"].encode())
    assert models.problems == ()
    assert models.value is not None
    assert [(entry.id is None, entry.kind) for entry in models.value.values()] == [
        (False, "text"),
        (False, "image"),
        (True, "text"),
        (True, "image"),
    ]


def test_the_sessions_of_the_example_are_good() -> None:
    sessions = read_sessions(EXAMPLES["model_endpoint_map.json"].encode())
    assert sessions.problems == ()
    assert sessions.value is not None
    assert [len(pool) for pool in sessions.value.values()] == [1, 2]
    assert sessions.value["an-image-model"][0].battle_target == "A"


def test_every_field_of_a_session_has_its_row() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (?:yes|no) \|", PAGE, re.MULTILINE)
    assert rows == list(SessionEntry.__dataclass_fields__)


def test_the_list_of_the_site_is_json_and_the_schema_is_where_the_page_says() -> None:
    (model,) = json.loads(EXAMPLES["available_models.json"])
    assert model["publicName"] in loads(EXAMPLES["models.json"]).value
    assert loads(f"{{{EXAMPLES['']}}}").value == {"$schema": SCHEMA_PLACE}
