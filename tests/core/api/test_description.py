import msgspec
import pytest

from lmarena_bridge.core.api.description import (
    Description,
    Operation,
    array,
    nullable,
    paths,
    record,
    ref,
    schemas,
)


class Asked(msgspec.Struct):
    text: str
    more: dict[str, object] | None = None


class Odd(msgspec.Struct):
    what: complex


FORM = record({"file": {"type": "string"}})
DESCRIPTION = Description(
    (
        Operation("/ask", "Asks", "questions", Asked, "Told", "Piece"),
        Operation("/send", "Sends", "files", FORM, "Told"),
    ),
    {"Told": record({"text": {"type": "string"}}, {"why": nullable(array({"type": "string"}))})},
    "Wrong",
    {"Asked": {"text": {"type": "string", "minLength": 1}}},
)


def test_an_operation_says_what_it_takes_and_gives() -> None:
    asked = paths(DESCRIPTION)["/ask"]["post"]
    assert asked["requestBody"]["content"] == {"application/json": {"schema": ref("Asked")}}
    content = asked["responses"]["200"]["content"]
    assert content["application/json"] == {"schema": ref("Told")}
    event = content["text/event-stream"]["schema"]["properties"]["data"]
    assert event["contentSchema"] == ref("Piece")
    assert asked["responses"]["default"]["content"]["application/json"]["schema"] == ref("Wrong")
    sent = paths(DESCRIPTION)["/send"]["post"]
    assert sent["requestBody"]["content"]["multipart/form-data"]["schema"] == FORM
    assert list(sent["responses"]["200"]["content"]) == ["application/json"]


def test_the_schemas_of_bodies_are_those_they_are_read_by() -> None:
    found = schemas(DESCRIPTION)
    assert found["Asked"]["required"] == ["text"]
    assert found["Asked"]["properties"]["text"] == {"type": "string", "minLength": 1}
    assert found["Told"]["required"] == ["text"]
    assert found["Told"]["properties"]["why"]["anyOf"][1] == {"type": "null"}


def test_a_type_that_json_does_not_know_is_a_bug() -> None:
    odd = Description((Operation("/x", "", "", Odd, "Told"),), {}, "Wrong")
    with pytest.raises((TypeError, NotImplementedError)):
        schemas(odd)
