import json
from typing import Any

from lmarena_bridge.core.api.responses.references import with_items
from lmarena_bridge.core.api.responses.requests import ResponsesBody, decode_responses_body

SAID = {"id": "msg_1f_0", "type": "message", "role": "assistant", "content": "I will look."}
CALLED = {"id": "fc_1f_1", "type": "function_call", "call_id": "c", "name": "look", "arguments": "{}"}
KEPT = {"resp_1f": json.dumps({"id": "resp_1f", "output": [SAID, CALLED]}).encode()}


def read(*items: Any) -> ResponsesBody:
    return decode_responses_body(json.dumps({"model": "m", "input": items}).encode())


def named(item_id: str | None) -> dict[str, str | None]:
    return {"type": "item_reference", "id": item_id}


def test_items_take_the_place_of_their_names() -> None:
    asked = {"role": "user", "content": "Look!"}
    found = with_items(read(asked, named("msg_1f_0"), named("fc_1f_1")), KEPT.get)
    assert found == read(asked, SAID, CALLED)


def test_what_is_not_kept_stays_a_name() -> None:
    names = (named("msg_2f_0"), named("msg_1f_7"), named("msg"), named(None))
    assert with_items(read(*names), KEPT.get) == read(*names)


def test_bodies_without_names_are_left_as_they_are() -> None:
    for body in (
        read({"role": "user", "content": "Hi"}),
        decode_responses_body(b'{"model": "m", "input": "Hi"}'),
    ):
        assert with_items(body, KEPT.get) is body
