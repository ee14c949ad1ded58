import pytest

from lmarena_bridge.core.config.api_keys import ApiKey, ApiKeys, named_keys

PHONE = {"key": " secret ", "name": "phone", "requests_per_minute": 20, "tool_calling": "Off"}


@pytest.mark.parametrize(
    ("given", "becomes"),
    [
        ("one", "one"),
        (" ", ""),
        (["one", "", "two"], ("one", "two")),
        (("one",), ("one",)),
        ({"key": "one"}, (ApiKey("one"),)),
        ([PHONE, "two"], (ApiKey("secret", "phone", 20, "off"), "two")),
        ([ApiKey("one", "a")], (ApiKey("one", "a"),)),
    ],
)
def test_a_key_is_a_text_or_an_object(given: object, becomes: object) -> None:
    assert ApiKeys().read(given) == becomes


@pytest.mark.parametrize(
    "given",
    [
        None,
        5,
        ["one", None],
        {},
        {"name": "without a key"},
        {"key": " "},
        {"key": "one", "nmae": "phone"},
        {"key": "one", "requests_per_minute": 0},
        {"key": "one", "requests_per_minute": "20"},
        {"key": "one", "tool_calling": "maybe"},
        [{"key": "one", "name": "same"}, {"key": "two", "name": "same"}],
        [["one"]],
    ],
)
def test_and_nothing_else_is_one(given: object) -> None:
    with pytest.raises(ValueError):
        ApiKeys().read(given)


def test_every_key_has_a_name_of_its_own() -> None:
    given = ("one", ApiKey("two", "phone"), ApiKey("three", requests_per_minute=5, tool_calling="on"), "four")
    assert named_keys(given) == (
        ApiKey("one", "key 1"),
        ApiKey("two", "phone"),
        ApiKey("three", "key 3", 5, "on"),
        ApiKey("four", "key 4"),
    )
    assert [key.name for key in named_keys(("a", ApiKey("b", "key 1")))] == ["key 2", "key 1"]
    assert named_keys("one") == (ApiKey("one", "key 1"),)
    assert named_keys("") == named_keys(()) == ()


def test_a_key_does_not_show_when_it_is_printed() -> None:
    assert "canary" not in repr(ApiKey("canary", "phone", 20))


def test_the_expectation_shows_how_such_an_object_looks() -> None:
    assert '"requests_per_minute": 20' in ApiKeys().expected.text


def test_editors_are_told_the_same() -> None:
    # Whether they understand it is proved in tests/contract/test_config_schema.py.
    text, named, listed = ApiKeys().schema["anyOf"]
    assert text == {"type": "string"}
    assert named["required"] == ["key"]
    assert listed["items"] == {"anyOf": [text, named]}
