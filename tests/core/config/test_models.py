import pytest

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.models import ModelEntry, parse_models
from lmarena_bridge.core.config.problem import Report


def parse(text: str) -> tuple[list[ModelEntry], list[str]]:
    document = loads(text)
    report = Report("models.json", document)
    models = parse_models(document, report)
    assert all(name == entry.name for name, entry in models.items())
    return list(models.values()), [str(problem) for problem in report.problems]


@pytest.mark.parametrize(
    ("value", "model_id", "kind"),
    [
        ('"0d1e"', "0d1e", "text"),
        ('"0d1e:image"', "0d1e", "image"),
        ('"0d1e:search"', "0d1e", "search"),
        ('"0d1e:"', "0d1e", "text"),
        ('"0d1e:chat"', "0d1e", "text"),
        ('" 0d1e : IMAGE "', "0d1e", "image"),
        ('"null:image"', None, "image"),
        ('"null"', None, "text"),
        ('"NULL"', None, "text"),
        ("null", None, "text"),
    ],
)
def test_a_model_has_an_id_or_none_and_a_kind(value: str, model_id: str | None, kind: str) -> None:
    assert parse(f'{{"name": {value}}}') == ([ModelEntry("name", model_id, kind)], [])


def test_models_keep_the_order_of_the_file() -> None:
    models, problems = parse('{"z": "1", "a": "2", "m": "3"}')
    assert [model.name for model in models] == ["z", "a", "m"]
    assert problems == []


@pytest.mark.parametrize(
    ("value", "found"),
    [('""', '""'), ('":image"', '":image"'), ("5", "5"), ('{"id": "x"}', "an object {…}")],
)
def test_what_names_no_model_is_refused_with_its_place(value: str, found: str) -> None:
    assert parse(f'{{"good": "1",\n "bad": {value}}}') == (
        [ModelEntry("good", "1")],
        [
            'models.json, line 2, column 9: the model "bad" must be "id", "id:kind" or "null:kind", '
            f"but is {found}"
        ],
    )


def test_a_model_without_a_name_is_refused() -> None:
    models, problems = parse('{" ": "1"}')
    assert models == []
    assert len(problems) == 1


def test_models_that_are_no_object_are_refused() -> None:
    assert parse('["one"]') == (
        [],
        [
            'models.json, line 1, column 1: the models must stand in one object {"name": "id"}, '
            "not in a list […]"
        ],
    )
