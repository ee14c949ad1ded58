from typing import Any

import pytest

from demo.asking import CHAT, model, retry_messages
from lmarena_bridge.demo.intake.rules import broken_rules
from lmarena_bridge.demo.models import DEMO_MODELS, DemoModel

LEFT, RIGHT, PAINTER = model("demo-left"), model("demo-right"), model("demo-painter")
SAID = (("system", "Be kind"), "Hi", "Hello", "And?")


def broken(to: DemoModel, index: int, **fields: Any) -> list[list[Any]]:
    messages = retry_messages(to, *SAID)
    messages[index].update(fields)
    return [issue["path"] for issue in broken_rules(messages, to)]


@pytest.mark.parametrize("to", DEMO_MODELS, ids=lambda each: each.name)
def test_well_shaped_messages_break_no_rule(to: DemoModel) -> None:
    assert broken_rules(retry_messages(to, *SAID), to) == []
    assert broken_rules(retry_messages(to, "Hi"), to) == []


def test_every_message_names_the_session_of_the_request() -> None:
    assert broken(CHAT, 1, evaluationSessionId=LEFT.session_id) == [["messages", 1, "evaluationSessionId"]]


def test_no_two_messages_share_an_id() -> None:
    messages = retry_messages(CHAT, "a", "b")
    messages[1]["id"] = messages[0]["id"]
    assert [issue["path"] for issue in broken_rules(messages, CHAT)] == [["messages", 1, "id"]]


@pytest.mark.parametrize("parents", [[], ["019ade00-0001-7a00-8a00-000000000001"]])
def test_each_message_hangs_on_the_one_before(parents: list[str]) -> None:
    assert broken(CHAT, 2, parentMessageIds=parents) == [["messages", 2, "parentMessageIds"]]


def test_the_first_message_has_no_parent() -> None:
    messages = retry_messages(CHAT, "a", "b")
    messages[0]["parentMessageIds"] = [messages[1]["id"]]
    assert [issue["path"] for issue in broken_rules(messages, CHAT)] == [["messages", 0, "parentMessageIds"]]


@pytest.mark.parametrize(
    ("to", "index", "status"),
    [(CHAT, 3, "success"), (CHAT, 1, "pending"), (PAINTER, 3, "pending"), (PAINTER, 0, "failed")],
)
def test_only_the_last_message_is_pending_and_none_for_pictures(
    to: DemoModel, index: int, status: str
) -> None:
    assert broken(to, index, status=status) == [["messages", index, "status"]]


@pytest.mark.parametrize(
    ("to", "index", "position"),
    [(CHAT, 0, "a"), (CHAT, 1, "b"), (LEFT, 0, "b"), (LEFT, 3, "b"), (RIGHT, 0, "a"), (RIGHT, 2, "a")],
)
def test_positions_follow_the_mode(to: DemoModel, index: int, position: str) -> None:
    assert broken(to, index, participantPosition=position) == [["messages", index, "participantPosition"]]


def test_a_question_may_be_blank_but_not_empty() -> None:
    assert broken(CHAT, 1, content="") == [["messages", 1, "content"]]
    assert broken(CHAT, 1, content=" ") == []
    assert broken(CHAT, 2, content="") == []
