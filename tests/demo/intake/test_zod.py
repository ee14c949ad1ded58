import pytest

from lmarena_bridge.demo.intake import zod
from lmarena_bridge.demo.intake.zod import MISSING


@pytest.mark.parametrize(
    ("value", "name"),
    [
        (None, "null"),
        (True, "boolean"),
        (1, "number"),
        (1.5, "number"),
        ("", "string"),
        ([], "array"),
        ({}, "object"),
        (MISSING, "undefined"),
    ],
)
def test_types_have_the_names_of_javascript(value: object, name: str) -> None:
    assert zod.type_name(value) == name


def test_the_recorded_complaint_about_metadata() -> None:
    issues = zod.expect("object", None, ("messages", 0, "metadata"))
    assert zod.zod_error(issues) == {
        "success": False,
        "error": {
            "issues": [
                {
                    "code": "invalid_type",
                    "expected": "object",
                    "received": "null",
                    "path": ["messages", 0, "metadata"],
                    "message": "Expected object, received null",
                }
            ],
            "name": "ZodError",
        },
    }


def test_a_missing_field_is_required() -> None:
    [issue] = zod.expect("string", MISSING, ("content",))
    assert (issue["message"], issue["received"]) == ("Required", "undefined")


def test_null_is_good_only_where_it_is_allowed() -> None:
    assert zod.expect_nullable("string", None, ()) == []
    assert zod.expect_nullable("string", "", ()) == []
    assert zod.expect_nullable("string", 1, ())[0]["expected"] == "string"


def test_uuids_and_dates_are_looked_at() -> None:
    assert zod.expect_uuid("019ade00-0001-7a00-8a00-00000000000A", ()) == []
    assert zod.expect_uuid("019ade00", ())[0]["validation"] == "uuid"
    assert zod.expect_uuid(4, ())[0]["code"] == "invalid_type"
    assert zod.expect_datetime("2026-01-02T03:04:05Z", ()) == []
    assert zod.expect_datetime("2026-01-02T03:04:05.123Z", ()) == []
    assert zod.expect_datetime("2026-01-02T03:04:05+00:00", ())[0]["validation"] == "datetime"
    assert zod.expect_datetime(None, ())[0]["received"] == "null"


def test_an_enumeration_names_its_options() -> None:
    assert zod.expect_one_of(("a", "b"), "a", ()) == []
    [issue] = zod.expect_one_of(("a", "b"), "c", ("p",))
    assert issue["message"] == "Invalid enum value. Expected 'a' | 'b', received 'c'"
    assert zod.expect_one_of(("a", "b"), None, ())[0]["expected"] == "'a' | 'b'"


def test_unknown_keys_are_named() -> None:
    assert zod.expect_no_others({"a": 1}, ("a",), ()) == []
    [issue] = zod.expect_no_others({"a": 1, "x": 2, "y": 3}, ("a",), ())
    assert issue["keys"] == ["x", "y"]
    assert issue["message"] == "Unrecognized key(s) in object: 'x', 'y'"


def test_a_rule_of_ones_own_has_code_custom() -> None:
    assert zod.custom("No", ("a", 0)) == {"code": "custom", "path": ["a", 0], "message": "No"}
