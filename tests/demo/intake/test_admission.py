import json
from dataclasses import replace
from typing import Any

import pytest

from demo.asking import CHAT, retry_body
from lmarena_bridge.demo.intake.admission import Admitted, Asked, admit, decode, find_model
from lmarena_bridge.demo.models import DEMO_POOL, STRANGER_ID, USER_ID, VOTED_MESSAGE_ID
from lmarena_bridge.demo.refusals import Refusal

ASKED = Asked(CHAT.session_id, CHAT.message_id, USER_ID, "text/plain;charset=UTF-8", b"{}")


def refused(outcome: object) -> tuple[int, Any]:
    assert isinstance(outcome, Refusal)
    return outcome.status, json.loads(outcome.body)["error"]


def test_the_model_is_found_by_session_and_message() -> None:
    assert find_model(ASKED) == CHAT
    pooled = DEMO_POOL[1]
    assert find_model(replace(ASKED, session_id=pooled.session_id, message_id=pooled.message_id)) == pooled


def test_who_may_not_ask_is_told_why() -> None:
    assert refused(find_model(replace(ASKED, user_id=None))) == (401, "Unauthorized")
    session = "019ade00-0000-7000-8000-000000000000"
    unknown = f"User {USER_ID} does not have access to evaluation session {session}"
    assert refused(find_model(replace(ASKED, session_id=session))) == (401, unknown)
    stranger = f"User {STRANGER_ID} does not have access to evaluation session {CHAT.session_id}"
    assert refused(find_model(replace(ASKED, user_id=STRANGER_ID))) == (401, stranger)


def test_a_message_may_be_unknown_or_voted_on() -> None:
    assert refused(find_model(replace(ASKED, message_id=DEMO_POOL[0].message_id))) == (
        404,
        "Message not found",
    )
    voted = replace(ASKED, message_id=VOTED_MESSAGE_ID)
    assert refused(find_model(voted)) == (400, "Message already has feedback, cannot retry")


@pytest.mark.parametrize("content_type", ["text/plain;charset=UTF-8", "application/json", "Text/Plain"])
def test_json_is_taken_as_text_and_as_json(content_type: str) -> None:
    assert decode(replace(ASKED, content_type=content_type, body=b'{"a": 1}')) == {"a": 1}


@pytest.mark.parametrize("body", [b"", b"{", b"\xff\xfe", b"[" * 100_000, b"messages=1"])
def test_what_is_no_json_is_refused(body: bytes) -> None:
    assert refused(decode(replace(ASKED, body=body))) == (400, "Invalid JSON in request body")


@pytest.mark.parametrize("content_type", ["", "application/x-www-form-urlencoded"])
def test_other_content_types_are_refused(content_type: str) -> None:
    assert refused(decode(replace(ASKED, content_type=content_type)))[0] == 415


def test_a_good_request_is_admitted_with_its_directives() -> None:
    body = retry_body(CHAT, ("system", "Be kind"), "Hi #arena:cut=3")
    admitted = admit(ASKED, body, ())
    assert isinstance(admitted, Admitted)
    assert admitted.model == CHAT
    assert admitted.conversation.question == "Hi"
    assert admitted.question == "Hi #arena:cut=3"
    assert admitted.directives.as_written() == ["cut=3"]
    assert list(admitted.message_ids) == [message["id"] for message in body["messages"]]


def test_directives_count_in_the_last_user_message_only() -> None:
    admitted = admit(ASKED, retry_body(CHAT, "Hi #arena:500", "Hello #arena:502", "And?"), ())
    assert isinstance(admitted, Admitted)
    assert admitted.directives.as_written() == []


def test_shape_is_checked_before_rules() -> None:
    body = retry_body(CHAT, "Hi")
    body["messages"][0] |= {"metadata": None, "status": "success"}
    status, error = refused(admit(ASKED, body, ()))
    assert (status, [issue["path"][-1] for issue in error["issues"]]) == (400, ["metadata"])
    body["messages"][0]["metadata"] = {}
    _, error = refused(admit(ASKED, body, ()))
    assert [issue["path"][-1] for issue in error["issues"]] == ["status"]


def test_the_model_in_the_body_is_the_sessions_or_none() -> None:
    assert isinstance(admit(ASKED, retry_body(CHAT, "Hi") | {"modelId": CHAT.model_id}, ()), Admitted)
    other = retry_body(CHAT, "Hi") | {"modelId": "019ade00-0001-7a00-8a00-0000000000ff"}
    assert refused(admit(ASKED, other, ())) == (404, "Model not found")


def test_message_ids_must_be_new() -> None:
    body = retry_body(CHAT, "Hi")
    used = {body["messages"][0]["id"]}
    assert refused(admit(ASKED, body, used)) == (400, "Message ids were used before, send new ones")


def test_admission_starts_with_who_is_asking() -> None:
    assert refused(admit(replace(ASKED, user_id=None), None, ()))[0] == 401
    assert refused(admit(ASKED, None, ()))[0] == 400
