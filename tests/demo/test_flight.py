import json
import re
from itertools import pairwise
from typing import Any

from lmarena_bridge.demo.catalogue import site_models
from lmarena_bridge.demo.flight import cut_awkwardly, flight_text, push_scripts
from lmarena_bridge.demo.models import DEMO_MODELS

TEXT = flight_text(site_models(), "build")


def put_together(html: str) -> str:
    """What a browser would have in `self.__next_f`, joined as JavaScript joins strings."""
    pushes = re.findall(r"<script>self\.__next_f\.push\((.*?)\)</script>", html)
    joined = "".join(json.loads(push)[1] for push in pushes)
    return joined.encode("utf-16", "surrogatepass").decode("utf-16")


def models_in(text: str) -> list[dict[str, Any]]:
    start = text.index('"initialModels":') + len('"initialModels":')
    models, _end = json.JSONDecoder().raw_decode(text, start)
    assert isinstance(models, list)
    return models


def test_the_pieces_put_together_are_the_text() -> None:
    assert put_together(push_scripts(cut_awkwardly(TEXT))) == TEXT


def test_the_model_list_can_be_read_back() -> None:
    models = models_in(TEXT)
    assert models == site_models()
    assert [model["id"] for model in models[: len(DEMO_MODELS)]] == [model.model_id for model in DEMO_MODELS]


def test_the_cuts_are_awkward() -> None:
    pieces = cut_awkwardly(TEXT)
    assert any(before.endswith('"initialMod') for before in pieces)
    assert any(before.endswith('"public') for before in pieces)
    assert any(before.endswith("\\") and after.startswith('"') for before, after in pairwise(pieces))
    assert any("\ud800" <= before[-1] <= "\udbff" for before in pieces)


def test_no_piece_can_end_its_script_element() -> None:
    html = push_scripts(["</script><b>", "\u2028 & \ud83e"])
    assert html.count("</script>") == 3
    assert "\\u003c/script\\u003e" in html
    assert "\\u2028 \\u0026 \\ud83e" in html
    html.encode("utf-8")


def test_there_is_a_decoy_and_a_name_with_two_ids() -> None:
    assert '"initialState":"$undefined"' in TEXT
    assert TEXT.index('"initialState"') < TEXT.index('"initialModels"')
    names = [model["publicName"] for model in models_in(TEXT)]
    assert names.count("demo-video") == 2
    assert any("organization" not in model for model in models_in(TEXT))
    assert any("]}[{" in name for name in names)
