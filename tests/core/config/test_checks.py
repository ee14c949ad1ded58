import pytest

from lmarena_bridge.core.config.checks import (
    Check,
    Choice,
    FilledText,
    Flag,
    Seconds,
    Text,
    Texts,
    WebAddress,
    Whole,
    found,
    found_kind,
)

SIDE = Choice(("A", "B"))
PORT = Whole(1, 65535)
WAIT = Seconds(0, 86_400)


@pytest.mark.parametrize(
    ("check", "given", "becomes"),
    [
        (Flag(), True, True),
        (Flag(), False, False),
        (Text(), " copied \n", "copied"),
        (Text(), "", ""),
        (FilledText(), " 127.0.0.1", "127.0.0.1"),
        (WebAddress(), "", ""),
        (WebAddress(), "HTTPS://example.org/upload", "HTTPS://example.org/upload"),
        (WebAddress(), " http://127.0.0.1:5104/upload ", "http://127.0.0.1:5104/upload"),
        (Texts(), [], ()),
        (Texts(), ["one", "", " ", " two "], ("one", "two")),
        (Texts(), ("one",), ("one",)),
        (SIDE, "B", "B"),
        (SIDE, " a ", "A"),
        (PORT, 1, 1),
        (PORT, 65535, 65535),
        (WAIT, 0, 0.0),
        (WAIT, 2.5, 2.5),
    ],
)
def test_a_good_value_becomes_what_the_program_wants(check: Check, given: object, becomes: object) -> None:
    read = check.read(given)
    assert (read, type(read)) == (becomes, type(becomes))


@pytest.mark.parametrize(
    ("check", "given"),
    [
        (Flag(), 1),
        (Flag(), "true"),
        (Flag(), None),
        (Text(), 5),
        (Text(), None),
        (FilledText(), "  "),
        (FilledText(), 5),
        (WebAddress(), "127.0.0.1:5104/upload"),
        (WebAddress(), 5),
        (Texts(), "one"),
        (Texts(), ["one", 2]),
        (SIDE, "C"),
        (SIDE, 1),
        (PORT, 0),
        (PORT, 65536),
        (PORT, "5102"),
        (PORT, 80.0),
        (PORT, True),
        (WAIT, -1),
        (WAIT, 86_400.5),
        (WAIT, True),
        (WAIT, "5"),
    ],
)
def test_a_value_of_another_kind_is_never_guessed_at(check: Check, given: object) -> None:
    with pytest.raises(ValueError):
        check.read(given)


@pytest.mark.parametrize(
    ("check", "expected"),
    [
        (Flag(), "true or false"),
        (SIDE, '"A" or "B"'),
        (PORT, "a whole number from 1 to 65535"),
        (WAIT, "a number of seconds from 0 to 86400"),
        (WebAddress(), "an address that begins with http:// or https://"),
    ],
)
def test_every_check_says_what_it_expects(check: Check, expected: str) -> None:
    assert str(check.expected) == expected


@pytest.mark.parametrize(
    ("value", "said", "kind"),
    [
        (None, "null", "null"),
        (True, "true", "true or false"),
        (5, "5", "a number"),
        (0.5, "0.5", "a number"),
        ("é", '"é"', "another text"),
        ("x" * 50, f'"{"x" * 40}…"', "another text"),
        ([1], "a list […]", "a list […]"),
        ({}, "an object {…}", "an object {…}"),
    ],
)
def test_what_was_found_is_said_shortly_or_not_shown_at_all(value: object, said: str, kind: str) -> None:
    assert str(found(value)) == said
    assert str(found_kind(value)) == kind


@pytest.mark.parametrize(
    ("check", "schema"),
    [
        (Flag(), {"type": "boolean"}),
        (Text(), {"type": "string"}),
        (FilledText(), {"type": "string", "pattern": r"\S"}),
        (WebAddress(), {"type": "string", "pattern": r"^\s*([Hh][Tt][Tt][Pp][Ss]?://|$)"}),
        (Texts(), {"type": "array", "items": {"type": "string"}}),
        (Choice(("a", "b")), {"enum": ["a", "b"]}),
        (Whole(1, 9), {"type": "integer", "minimum": 1, "maximum": 9}),
        (Seconds(0.5, 9), {"type": "number", "minimum": 0.5, "maximum": 9}),
    ],
)
def test_editors_are_told_the_same(check: Check, schema: dict[str, object]) -> None:
    # Whether editors understand it that way is proved in tests/contract/test_config_schema.py.
    assert check.schema == schema
