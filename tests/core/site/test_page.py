import json
import time

import pytest

from lmarena_bridge.core.errors import BridgeError, HumanCheckRequired, SiteRefused
from lmarena_bridge.core.site.page import MODELS_PAGE, models_of_page
from lmarena_bridge.demo import pages, refusals
from lmarena_bridge.demo.catalogue import site_models as arena_objects
from lmarena_bridge.demo.flight import flight_text, push_scripts
from lmarena_bridge.demo.models import DEMO_MODELS, sessions_of

OBJECTS = [{"id": "1", "publicName": "A"}, {"id": "2", "publicName": "A", "name": 'B ]}[{ "\\'}]


def ids(page: str) -> list[str]:
    return [model.id for model in models_of_page(page)]


def rows(*values: object) -> str:
    return "".join(f"{number:x}:{json.dumps(value)}\n" for number, value in enumerate(values))


@pytest.mark.parametrize(
    "page",
    [
        pages.home_page(),
        pages.conversation_page(sessions_of(DEMO_MODELS[0].session_id)),
        pages.flight(),
        pages.flight().replace("\n", "\r\n"),
    ],
    ids=["start page", "conversation", "text/x-component", "with CRLF"],
)
def test_all_models_of_a_page_are_read_and_none_is_lost(page: str) -> None:
    models = models_of_page(page)
    assert [model.raw for model in models] == arena_objects()
    assert {"text", "image", "search", "video"} == {model.kind for model in models}


def test_the_list_may_be_cut_anywhere() -> None:
    text = flight_text(arena_objects(), "build")
    expected = [each["id"] for each in arena_objects()]
    start = text.index('"initialModels"') - 2
    cuts = [*range(start, start + 40), *range(start + 40, len(text), 7)]
    for cut in cuts:
        assert ids(push_scripts([text[:cut], text[cut:]])) == expected


def test_the_page_as_a_browser_gives_it_back_is_read() -> None:
    # outerHTML leaves scripts as they are and escapes nothing in them.
    page = f"<html><body><p>&lt;Tom &amp; Jerry&gt;</p>{push_scripts([rows({'initialModels': OBJECTS})])}"
    assert ids(page) == ["1", "2"]


@pytest.mark.parametrize("name", ["initialModels", "initialState", "models"])
def test_older_and_other_forms_are_read(name: str) -> None:
    assert ids(rows("$Sreact.fragment", [{name: OBJECTS, "initialModelAId": "1"}])) == ["1", "2"]


def test_a_list_of_this_name_comes_before_models_elsewhere() -> None:
    other = {"id": "9", "publicName": "Other"}
    assert ids(rows({"x": other}, {"initialModels": OBJECTS}, {"initialState": [other]})) == ["1", "2"]
    assert ids(rows({"x": other}, {"initialState": OBJECTS})) == ["1", "2"]
    assert ids(rows({"initialModels": "$undefined"}, {"initialState": "$undefined"}, {"x": other})) == ["9"]


def test_a_list_without_a_single_model_does_not_hide_the_other() -> None:
    nothing = [{"id": 1, "publicName": "number"}]
    assert ids(rows({"initialModels": nothing}, {"initialState": OBJECTS})) == ["1", "2"]


def test_what_a_person_wrote_in_a_conversation_is_no_list() -> None:
    fake = '{"initialModels":[{"id":"666","publicName":"fake"}]}'
    text = f"\n5:{fake}\n"
    page = f"1:T{len(text):x},{text}" + rows({"content": fake}, {"initialModels": OBJECTS})
    assert ids(page) == ["1", "2"]


def test_an_object_that_is_no_json_is_passed_over() -> None:
    good = json.dumps(OBJECTS[0])
    assert ids(f'0:{{"initialModels":[{{"id":"3","publicName":"A",}},{good}]}}') == ["1"]
    deep = '{"id":"4","publicName":"A","x":' + "[" * 100_000 + "]" * 100_000 + "}"
    assert ids(f'0:{{"initialModels":[{deep},{good}]}}') == ["1"]


def test_a_page_without_a_list_says_what_to_do() -> None:
    for page in ("", "<html><body>Hello</body></html>", rows({"initialModels": []})):
        with pytest.raises(SiteRefused, match="Open the site's start page") as caught:
            models_of_page(page)
        assert caught.value.code == "no_model_list"


def test_a_check_is_told_as_such() -> None:
    with pytest.raises(HumanCheckRequired):
        models_of_page(refusals.CHALLENGE_PAGE)


def test_a_conversation_about_checks_is_none() -> None:
    page = rows({"initialModels": OBJECTS}) + "<p>Just a moment... Verifying you are human</p>"
    assert ids(page) == ["1", "2"]


def test_the_page_asked_for_is_one_that_lists_models() -> None:
    assert MODELS_PAGE.startswith("/")


MODEL = '{"id":"a","publicName":"b","x":'
SIZE = 200_000


@pytest.mark.parametrize(
    ("page", "expected"),
    [
        ("{" * 1_000_000, "no_model_list"),
        ('"publicName"' + "{" * SIZE, "no_model_list"),
        (MODEL * (SIZE // len(MODEL)), "no_model_list"),
        (MODEL * (SIZE // 32) + "1" + "}" * (SIZE // 32), "no_model_list"),
        ('self.__next_f.push([1,"' * (SIZE // 23), "no_model_list"),
        ('"publicName"' + '"\\"' * (SIZE // 3), "no_model_list"),
        (rows({"initialModels": [{"id": str(n), "publicName": "b"} for n in range(SIZE // 30)]}), SIZE // 30),
    ],
    ids=["a megabyte of braces", "braces", "nested models", "closed", "pushes", "quotes", "many models"],
)
def test_a_hostile_page_costs_no_more_than_its_length(page: str, expected: str | int) -> None:
    started = time.perf_counter()
    try:
        result: str | int = len(models_of_page(page))
    except BridgeError as error:
        result = error.code
    # Quadratic time would be minutes here.
    assert time.perf_counter() - started < 15
    assert result == expected
