"""What available_models.json tells about models, whenever it changes."""

import json
from pathlib import Path

from lmarena_bridge.core.site.model_inputs import NOTHING_KNOWN
from lmarena_bridge.server.site_models import SiteModels
from lmarena_bridge.storage.available_models import available_models_path
from lmarena_bridge.storage.home import Home


def listed(*takes: str) -> str:
    inputs = {"text": True} | dict.fromkeys(takes, True)
    return json.dumps([{"id": "a", "publicName": "a", "capabilities": {"inputCapabilities": inputs}}])


async def test_a_list_is_read_when_it_has_changed(tmp_path: Path) -> None:
    known, path = SiteModels(Home(tmp_path)), available_models_path(Home(tmp_path))
    assert await known.known() is NOTHING_KNOWN
    path.write_text(listed("image"), encoding="utf-8")
    first = await known.known()
    assert first.by_id == {"a": {"text", "image"}}
    assert await known.known() is first
    path.write_text(listed("image", "audio"), encoding="utf-8")
    assert (await known.known()).words == {"text", "image", "audio"}
    assert [model.name for model in (await known.models()).values()] == ["a"]
    path.unlink()
    assert await known.known() == NOTHING_KNOWN
    assert await known.models() == {}


async def test_a_list_that_is_damaged_tells_nothing(tmp_path: Path) -> None:
    available_models_path(Home(tmp_path)).write_text("{", encoding="utf-8")
    assert await SiteModels(Home(tmp_path)).known() == NOTHING_KNOWN
