from typing import Any

import pytest

from demo.asking import CHAT, retry_body
from lmarena_bridge.demo.intake.schema import body_issues, data_size

FIELDS = [name for name in retry_body(CHAT, "Hi")["messages"][0] if name != "modelId"]


def changed(**fields: Any) -> dict[str, Any]:
    body = retry_body(CHAT, "Hi")
    body["messages"][0].update(fields)
    return body


def paths(body: object) -> list[list[Any]]:
    return [issue["path"] for issue in body_issues(body)]


def test_a_good_body_has_no_issues() -> None:
    assert body_issues(retry_body(CHAT, ("system", "Be kind"), "Hi", "Hello", "And?")) == []


def test_the_pages_own_extra_fields_are_good() -> None:
    body = changed(modelId=None, reasoning="")
    body |= {"recaptchaV3Token": "x", "featureFlags": {}, "modelId": CHAT.model_id}
    assert body_issues(body) == []


@pytest.mark.parametrize("name", FIELDS)
def test_every_field_is_required(name: str) -> None:
    body = retry_body(CHAT, "Hi")
    del body["messages"][0][name]
    [issue] = body_issues(body)
    assert issue["path"] == ["messages", 0, name]
    assert issue["received"] == "undefined"


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("role", "tool"),
        ("content", [{"type": "text"}]),
        ("content", None),
        ("id", "1"),
        ("evaluationId", 1),
        ("evaluationSessionId", "x"),
        ("parentMessageIds", None),
        ("experimental_attachments", None),
        ("failureReason", {}),
        ("metadata", None),
        ("metadata", []),
        ("participantPosition", "A"),
        ("createdAt", "yesterday"),
        ("updatedAt", 1700000000),
        ("status", "done"),
    ],
)
def test_a_wrong_value_is_named_by_its_path(name: str, value: object) -> None:
    assert paths(changed(**{name: value})) == [["messages", 0, name]]


def test_unknown_fields_are_refused_at_both_levels() -> None:
    body = changed(attachments=[])
    body["model"] = "x"
    assert [issue["keys"] for issue in body_issues(body)] == [["model"], ["attachments"]]


@pytest.mark.parametrize("body", [None, [], "text", 4])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    assert paths(body) == [[]]


def test_messages_must_be_a_list_of_objects_and_not_empty() -> None:
    assert paths({"modelId": None}) == [["messages"]]
    assert paths({"messages": {}, "modelId": None}) == [["messages"]]
    assert paths({"messages": [], "modelId": None}) == [["messages"]]
    assert paths({"messages": ["Hi"], "modelId": None}) == [["messages", 0]]


def test_the_model_is_null_or_an_id_and_never_missing() -> None:
    assert paths(retry_body(CHAT, "Hi") | {"modelId": "gpt"}) == [["modelId"]]
    body = retry_body(CHAT, "Hi")
    del body["modelId"]
    assert paths(body) == [["modelId"]]


def test_parents_are_ids() -> None:
    assert paths(changed(parentMessageIds=["x"])) == [["messages", 0, "parentMessageIds", 0]]


@pytest.mark.parametrize(
    ("attachment", "field"),
    [
        ("photo.png", None),
        ({"name": "a", "contentType": "image/png"}, "url"),
        ({"name": 1, "contentType": "image/png", "url": "https://x"}, "name"),
        ({"name": "", "contentType": "image/png", "url": "https://x"}, "name"),
        ({"name": "a", "contentType": "png", "url": "https://x"}, "contentType"),
        ({"name": "a", "contentType": "image/png", "url": "file:///etc"}, "url"),
        ({"name": "a", "contentType": "image/png", "url": "data:image/png,raw"}, "url"),
        ({"name": "a", "contentType": "image/png", "url": "data:image/jpeg;base64,AAAA"}, "url"),
        ({"name": "a", "contentType": "image/png", "url": "data:image/png;base64,AA*A"}, "url"),
        ({"name": "a", "contentType": "image/png", "url": "data:image/png;base64,AAA"}, "url"),
    ],
)
def test_a_bad_attachment_is_named_by_its_field(attachment: object, field: str | None) -> None:
    expected = ["messages", 0, "experimental_attachments", 0] + ([field] if field else [])
    assert paths(changed(experimental_attachments=[attachment])) == [expected]


def test_an_attachment_has_no_other_fields() -> None:
    attachment = {"name": "a", "contentType": "image/png", "url": "https://x", "size": 4}
    assert [issue["code"] for issue in body_issues(changed(experimental_attachments=[attachment]))] == [
        "unrecognized_keys"
    ]


@pytest.mark.parametrize(
    "attachment",
    [
        {"name": "a", "contentType": "image/png", "url": "https://example.org/a.png"},
        {"name": "a", "contentType": "image/png", "url": "data:image/png;base64,AAAA"},
        {
            "name": "a",
            "contentType": "text/plain;charset=utf-8",
            "url": "data:text/plain;charset=utf-8;base64,",
        },
    ],
)
def test_good_attachments_pass(attachment: object) -> None:
    assert body_issues(changed(experimental_attachments=[attachment])) == []


def test_the_size_of_a_data_uri_is_that_of_what_it_holds() -> None:
    assert data_size("data:text/plain;base64,aGVsbG8=") == 5
    assert data_size("data:text/plain;base64,a") is None
    assert data_size("https://example.org") is None
