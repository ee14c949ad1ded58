"""Complaints about a value in the words of Zod, the site's validator (sample of 2025-11-04).

`{"success":false,"error":{"issues":[{"code","expected","received","path","message"}],"name":"ZodError"}}`
"""

import re
from collections.abc import Iterable
from typing import Any, Final

Path = tuple[str | int, ...]
Issue = dict[str, Any]

MISSING: Final = object()
"""Stands for a field that is not there; Zod calls it undefined."""

_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", re.IGNORECASE)
_DATETIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z")


def zod_error(issues: list[Issue]) -> dict[str, Any]:
    return {"success": False, "error": {"issues": issues, "name": "ZodError"}}


def type_name(value: object) -> str:
    names = {bool: "boolean", int: "number", float: "number", str: "string", list: "array", dict: "object"}
    return "undefined" if value is MISSING else names.get(type(value), "null")


def wrong_type(expected: str, value: object, path: Path) -> Issue:
    received = type_name(value)
    message = "Required" if value is MISSING else f"Expected {expected}, received {received}"
    return {
        "code": "invalid_type",
        "expected": expected,
        "received": received,
        "path": list(path),
        "message": message,
    }


def custom(message: str, path: Path) -> Issue:
    return {"code": "custom", "path": list(path), "message": message}


def expect(expected: str, value: object, path: Path) -> list[Issue]:
    return [] if type_name(value) == expected else [wrong_type(expected, value, path)]


def expect_nullable(expected: str, value: object, path: Path) -> list[Issue]:
    return [] if value is None else expect(expected, value, path)


def expect_uuid(value: object, path: Path) -> list[Issue]:
    if not isinstance(value, str):
        return [wrong_type("string", value, path)]
    return [] if _UUID.fullmatch(value) else [_bad_string("uuid", path)]


def expect_datetime(value: object, path: Path) -> list[Issue]:
    if not isinstance(value, str):
        return [wrong_type("string", value, path)]
    return [] if _DATETIME.fullmatch(value) else [_bad_string("datetime", path)]


def expect_one_of(options: tuple[str, ...], value: object, path: Path) -> list[Issue]:
    listed = " | ".join(f"'{option}'" for option in options)
    if not isinstance(value, str):
        return [wrong_type(listed, value, path)]
    if value in options:
        return []
    message = f"Invalid enum value. Expected {listed}, received '{value}'"
    return [
        {
            "received": value,
            "code": "invalid_enum_value",
            "options": list(options),
            "path": list(path),
            "message": message,
        }
    ]


def expect_no_others(value: dict[str, Any], known: Iterable[str], path: Path) -> list[Issue]:
    others = [key for key in value if key not in set(known)]
    if not others:
        return []
    listed = ", ".join(f"'{key}'" for key in others)
    return [
        {
            "code": "unrecognized_keys",
            "keys": others,
            "path": list(path),
            "message": f"Unrecognized key(s) in object: {listed}",
        }
    ]


def _bad_string(kind: str, path: Path) -> Issue:
    return {"validation": kind, "code": "invalid_string", "message": f"Invalid {kind}", "path": list(path)}
