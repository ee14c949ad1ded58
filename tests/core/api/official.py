"""The official types as judges: strict values, nothing missing, nothing they do not know."""

from typing import TypeVar

from pydantic import BaseModel

Model = TypeVar("Model", bound=BaseModel)


def official(model: type[Model], json: bytes | str, *, known_extras: frozenset[str] = frozenset()) -> Model:
    """The JSON as the official type. Fails on wrong types, missing fields and unknown ones.

    `known_extras` are fields that the world uses although OpenAI does not.
    """
    parsed = model.model_validate_json(json, strict=True)
    assert unknown_fields(parsed) - known_extras == set()
    return parsed


def unknown_fields(value: object) -> set[str]:
    """The official types keep what they do not know; this finds it, at any depth."""
    if isinstance(value, list):
        return {name for item in value for name in unknown_fields(item)}
    if not isinstance(value, BaseModel):
        return set()
    inner = {name for field in type(value).model_fields for name in unknown_fields(getattr(value, field))}
    return inner | set(value.model_extra or {})
