import pytest

from demo.asking import CHAT, retry_body
from lmarena_bridge.demo.intake.summary import message_summaries


def test_a_message_in_few_words() -> None:
    body = retry_body(CHAT, ("system", "Be kind"), "x" * 500)
    attachment = {"name": "a.txt", "contentType": "text/plain", "url": "data:text/plain;base64,AAAA"}
    body["messages"][1]["experimental_attachments"] = [attachment, "nonsense"]
    system, user = message_summaries(body)
    assert system == {
        "role": "system",
        "position": "b",
        "status": "success",
        "characters": 7,
        "text": "Be kind",
        "attachments": [],
    }
    assert (user["characters"], len(user["text"]), user["position"]) == (500, 200, "a")
    assert user["attachments"] == [{"name": "a.txt", "contentType": "text/plain", "size": 27}]


@pytest.mark.parametrize("body", [None, [], {"messages": None}, {"messages": ["x"]}])
def test_nonsense_has_no_messages(body: object) -> None:
    assert message_summaries(body) == []


def test_a_half_right_message_is_summed_up_too() -> None:
    [summary] = message_summaries({"messages": [{"experimental_attachments": None}]})
    assert (summary["role"], summary["text"]) == ("None", "")
