from demo.asking import CHAT, model
from lmarena_bridge.demo.directives import read_directives
from lmarena_bridge.demo.state import ArenaState


def fresh() -> ArenaState:
    return ArenaState(require_login=True, pace_ms=None, image_base=None)


def test_ids_are_remembered_but_not_without_bound() -> None:
    state = fresh()
    state.remember_ids(["first"])
    assert "first" in state.used_ids
    state.remember_ids(str(number) for number in range(50_000))
    assert "first" not in state.used_ids
    assert len(state.used_ids) == 50_000


def test_misbehaviour_can_end_after_some_times() -> None:
    state = fresh()
    twice = read_directives("#arena:500 #arena:times=2")
    assert [state.still_misbehaving(twice, "q") for _ in range(3)] == [True, True, False]
    assert state.still_misbehaving(twice, "another question")
    assert all(state.still_misbehaving(read_directives("#arena:500"), "q") for _ in range(3))


def test_the_rate_headers_count_down() -> None:
    state = fresh()
    first, second = (dict(state.rate_headers(CHAT)) for _ in range(2))
    assert first["ratelimit"].startswith("limit=3000, remaining=2999, reset=")
    assert second["ratelimit"].startswith("limit=3000, remaining=2998, reset=")
    assert first["ratelimit-policy"] == "3000;w=300"
    assert first["ratelimit-modality"] == "chat"
    assert dict(state.rate_headers(model("demo-painter")))["ratelimit-modality"] == "image"
