import json
from collections.abc import Iterator
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from lmarena_bridge.core.chat.request import Attachment, ChatRequest, Message, Role, Written
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.request import HEADERS, SiteRequest
from lmarena_bridge.core.site.retry import retry_builder
from lmarena_bridge.core.site.target import Target
from lmarena_bridge.demo import models as arena
from lmarena_bridge.demo.intake.rules import broken_rules
from lmarena_bridge.demo.intake.schema import body_issues

SESSION = "0199f3a1-7c4e-7b1a-8d2f-3e4a5b6c7d8e"
MESSAGE = "6d1f5f0e-1b2c-4d3e-9f4a-0b1c2d3e4f5a"
MODEL = "019aa208-5c19-7162-ae3b-0a9ddbb1e16a"
NOW = "2025-10-01T10:00:00.000Z"
PIXEL = Attachment("image_1.png", "image/png", "data:image/png;base64,iVBORw0KGgo=")
LINKED = Attachment("image_2.webp", "image/webp", "https://example.org/a.webp")

DIRECT = Target("demo", MODEL, "text", SESSION, MESSAGE, "direct_chat", "a")
BATTLE_A = Target("demo", None, "text", SESSION, MESSAGE, "battle", "a")
BATTLE_B = Target("demo", None, "text", SESSION, MESSAGE, "battle", "b")
IMAGE = Target("demo", MODEL, "image", SESSION, MESSAGE, "direct_chat", "a")

DIALOGUE = ChatRequest(
    "demo",
    (
        Message(Role.SYSTEM, "You are terse."),
        Message(Role.USER, "What is this?", (PIXEL, LINKED)),
        Message(Role.ASSISTANT, "A pixel. żółć 漢字 😀"),
        Message(Role.USER, "And\nnow?\u2028"),
    ),
)


def fresh_ids() -> Iterator[str]:
    number = 0
    while True:
        number += 1
        yield f"{number:08x}-0000-4000-8000-000000000000"


def build(target: Target, request: ChatRequest = DIALOGUE, settings: Settings | None = None) -> SiteRequest:
    return retry_builder(target, settings or Settings()).build(request, fresh_ids().__next__, NOW)


def body_of(request: SiteRequest) -> dict[str, Any]:
    body: dict[str, Any] = json.loads(request.body)
    return body


def column(request: SiteRequest, field: str) -> list[Any]:
    return [message[field] for message in body_of(request)["messages"]]


def test_the_request_is_a_retry_of_the_captured_message() -> None:
    request = build(DIRECT)
    assert request.method == "PUT"
    assert request.path == (
        f"/nextjs-api/stream/retry-evaluation-session-message/{SESSION}/messages/{MESSAGE}"
    )
    assert request.headers is HEADERS


def test_the_body_is_the_one_that_was_recorded_field_by_field_and_in_order() -> None:
    request = ChatRequest("demo", (Message(Role.SYSTEM, "You are terse."), Message(Role.USER, "?", (PIXEL,))))
    first, second = "00000001-0000-4000-8000-000000000000", "00000002-0000-4000-8000-000000000000"
    expected = {
        "messages": [
            {
                "role": "system",
                "content": "You are terse.",
                "id": first,
                "evaluationId": None,
                "evaluationSessionId": SESSION,
                "parentMessageIds": [],
                "experimental_attachments": [],
                "failureReason": None,
                "metadata": {},
                "participantPosition": "b",
                "createdAt": NOW,
                "updatedAt": NOW,
                "status": "success",
            },
            {
                "role": "user",
                "content": "?",
                "id": second,
                "evaluationId": None,
                "evaluationSessionId": SESSION,
                "parentMessageIds": [first],
                "experimental_attachments": [
                    {
                        "name": "image_1.png",
                        "contentType": "image/png",
                        "url": "data:image/png;base64,iVBORw0KGgo=",
                    }
                ],
                "failureReason": None,
                "metadata": {},
                "participantPosition": "a",
                "createdAt": NOW,
                "updatedAt": NOW,
                "status": "pending",
            },
        ],
        "modelId": MODEL,
    }
    assert build(DIRECT, request).body.decode() == json.dumps(expected, separators=(",", ":"))


@pytest.mark.parametrize(
    ("target", "positions"),
    [
        (DIRECT, ["b", "a", "a", "a"]),
        (IMAGE, ["b", "a", "a", "a"]),
        (BATTLE_A, ["a", "a", "a", "a"]),
        (BATTLE_B, ["b", "b", "b", "b"]),
    ],
    ids=["direct", "image", "battle a", "battle b"],
)
def test_everybody_stands_where_the_site_wants_them(target: Target, positions: list[str]) -> None:
    assert column(build(target), "participantPosition") == positions


def test_the_last_message_waits_for_its_answer() -> None:
    for target in (DIRECT, BATTLE_A, BATTLE_B):
        assert column(build(target), "status") == ["success", "success", "success", "pending"]


def test_for_image_models_nothing_waits() -> None:
    assert column(build(IMAGE), "status") == ["success"] * 4


def test_a_question_alone_is_the_last_message() -> None:
    alone = ChatRequest("demo", (Message(Role.USER, "hi"),))
    assert column(build(DIRECT, alone), "status") == ["pending"]
    assert column(build(DIRECT, alone), "parentMessageIds") == [[]]


def test_the_messages_are_a_chain() -> None:
    ids = column(build(DIRECT), "id")
    assert len(set(ids)) == 4
    assert column(build(DIRECT), "parentMessageIds") == [[], [ids[0]], [ids[1]], [ids[2]]]


def test_all_attachments_go_with_their_message_whoever_sent_it() -> None:
    drawn = ChatRequest("demo", (Message(Role.ASSISTANT, "", (LINKED, PIXEL)), Message(Role.USER, "Bigger.")))
    assert column(build(DIRECT, drawn), "experimental_attachments") == [
        [
            {"name": "image_2.webp", "contentType": "image/webp", "url": "https://example.org/a.webp"},
            {"name": "image_1.png", "contentType": "image/png", "url": "data:image/png;base64,iVBORw0KGgo="},
        ],
        [],
    ]


def test_metadata_is_an_object_unless_the_settings_want_null() -> None:
    assert column(build(DIRECT), "metadata") == [{}] * 4
    assert column(build(DIRECT, settings=Settings(retry_metadata="object")), "metadata") == [{}] * 4
    assert column(build(DIRECT, settings=Settings(retry_metadata="null")), "metadata") == [None] * 4


def test_a_model_without_an_id_leaves_the_choice_to_the_session() -> None:
    assert body_of(build(BATTLE_A))["modelId"] is None
    assert body_of(build(DIRECT))["modelId"] == MODEL


def test_the_words_arrive_as_they_were_said() -> None:
    assert column(build(DIRECT), "content") == [message.content for message in DIALOGUE.messages]
    assert "żółć 漢字 😀".encode() in build(DIRECT).body


def test_half_a_character_costs_itself_and_not_the_conversation() -> None:
    """Clients cut texts between UTF-16 units; UTF-8, which the site reads, knows no such halves."""
    odd = Attachment("a\udc00.png", "image/png", "https://example.org/\ud83d\ude00\ud83d")
    request = ChatRequest("demo", (Message(Role.USER, "cut \ud83d", (odd,)), Message(Role.USER, "whole 😀")))
    built = build(DIRECT, request)
    assert column(built, "content") == ["cut \ufffd", "whole 😀"]
    assert column(built, "experimental_attachments")[0] == [
        {"name": "a\ufffd.png", "contentType": "image/png", "url": "https://example.org/😀\ufffd"}
    ]


def test_a_text_is_passed_on_as_the_client_wrote_it() -> None:
    text = "A\nB 😀"
    written = Written(text, msgspec.Raw(b'"A\\nB \\/ \xf0\x9f\x98\x80"'))
    kept = Message(Role.USER, text, written=written)
    built = build(DIRECT, ChatRequest("demo", (kept, replace(kept, content="changed"))))
    assert b'"content":"A\\nB \\/ \xf0\x9f\x98\x80",' in built.body
    assert column(built, "content") == ["A\nB / 😀", "changed"]


def test_half_a_character_of_another_message_leaves_it_as_it_is() -> None:
    written = Written("ą", msgspec.Raw(b'"\xc4\x85"'))
    said = (Message(Role.USER, written.text, written=written), Message(Role.USER, "cut \ud83d"))
    assert column(build(DIRECT, ChatRequest("demo", said)), "content") == ["ą", "cut \ufffd"]


def test_the_conversation_is_left_as_it_was() -> None:
    before = repr(DIALOGUE)
    build(DIRECT)
    assert repr(DIALOGUE) == before


# -- as the practice arena judges it, written by others from the same facts ----------------------------------


def arena_target(model: arena.DemoModel) -> Target:
    return Target(
        model.name, model.model_id, model.kind, model.session_id, model.message_id, model.mode, model.side
    )


@pytest.mark.parametrize("model", arena.DEMO_MODELS, ids=lambda model: model.name)
def test_the_arena_finds_nothing_to_complain_about(model: arena.DemoModel) -> None:
    body = body_of(build(arena_target(model)))
    assert body_issues(body) == []
    assert broken_rules(body["messages"], model) == []


def test_the_arena_complains_about_metadata_null_as_the_site_does() -> None:
    body = body_of(build(DIRECT, settings=Settings(retry_metadata="null")))
    assert {tuple(issue["path"])[-1] for issue in body_issues(body)} == {"metadata"}


# As shaping leaves them: no developers, and no text that is empty.
MESSAGES = st.builds(
    Message,
    st.sampled_from([Role.SYSTEM, Role.USER, Role.ASSISTANT]),
    st.text(st.characters(exclude_categories=["Cs"]), min_size=1),
    st.lists(st.sampled_from([PIXEL, LINKED]), max_size=2).map(tuple),
)


@given(st.lists(MESSAGES, min_size=1, max_size=6).map(tuple), st.sampled_from(arena.DEMO_MODELS))
def test_whatever_is_said_the_arena_takes_it(messages: tuple[Message, ...], model: arena.DemoModel) -> None:
    body = body_of(build(arena_target(model), ChatRequest("demo", messages)))
    assert body_issues(body) == []
    assert broken_rules(body["messages"], model) == []
    assert [message["content"] for message in body["messages"]] == [each.content for each in messages]
