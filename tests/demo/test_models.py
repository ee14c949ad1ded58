import uuid

from lmarena_bridge.demo.models import DEMO_MODELS, DEMO_POOL, TOOL_MODELS, VOTED_MESSAGE_ID, sessions_of


def test_every_name_and_message_is_there_once() -> None:
    named = DEMO_MODELS + TOOL_MODELS
    assert len({model.name for model in named}) == len(named)
    messages = [model.message_id for model in DEMO_MODELS + TOOL_MODELS + DEMO_POOL] + [VOTED_MESSAGE_ID]
    assert len(set(messages)) == len(messages)


def test_all_ids_are_uuids() -> None:
    for model in DEMO_MODELS + TOOL_MODELS + DEMO_POOL:
        for each in (model.model_id, model.session_id, model.message_id):
            assert str(uuid.UUID(each)) == each


def test_the_two_sides_of_a_battle_share_their_session() -> None:
    for name, other in (("demo-left", "demo-right"), ("demo-duel-a", "demo-duel-b")):
        by_name = {model.name: model for model in DEMO_MODELS}
        assert sessions_of(by_name[name].session_id) == (by_name[name], by_name[other])
        assert [by_name[name].side, by_name[other].side] == ["a", "b"]


def test_the_pool_is_one_model_in_sessions_of_its_own() -> None:
    chat = next(model for model in DEMO_MODELS if model.name == "demo-chat")
    assert {model.model_id for model in DEMO_POOL} == {chat.model_id}
    assert len({model.session_id for model in (chat, *DEMO_POOL)}) == len(DEMO_POOL) + 1


def test_an_unknown_session_has_no_models() -> None:
    assert sessions_of("nobody") == ()
