import pytest

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel
from lmarena_bridge.core.site.target import Target, targets_of

SESSION, MESSAGE = "019ade00-0002-7b00-8b00-000000000001", "019ade00-0003-7c00-8c00-000000000001"
IMAGE = ModelEntry("a-model", "an-id", "image")


def target(session: SessionEntry, settings: Settings | None = None, model: ModelEntry = IMAGE) -> Target:
    config = Config(settings or Settings(), sessions={"a-model": (session,)})
    (only,) = targets_of(model, config)
    return only


def entry(**more: object) -> SessionEntry:
    return SessionEntry(SESSION, MESSAGE, **more)  # type: ignore[arg-type]


def test_a_target_is_what_the_files_say_of_a_model_and_its_session() -> None:
    chosen = target(entry(mode="battle", battle_target="B", profile="p"))
    assert chosen == Target("a-model", "an-id", "image", SESSION, MESSAGE, "battle", "b", "p")


def test_a_model_that_only_has_a_session_is_asked_without_naming_one() -> None:
    chosen = target(entry(), model=ModelEntry("a-model", None))
    assert chosen == Target("a-model", None, "text", SESSION, MESSAGE, "direct_chat", "a", None)


@pytest.mark.parametrize(
    ("mode", "letter", "side"), [("direct_chat", "B", "a"), ("battle", "A", "a"), ("battle", "B", "b")]
)
def test_what_a_session_does_not_say_the_settings_say(mode: str, letter: str, side: str) -> None:
    settings = Settings(id_updater_last_mode=mode, id_updater_battle_target=letter)  # type: ignore[arg-type]
    chosen = target(entry(), settings)
    assert (chosen.mode, chosen.side) == (mode, side)


def test_what_a_session_says_itself_counts() -> None:
    battle_b = Settings(id_updater_last_mode="battle", id_updater_battle_target="B")
    assert target(entry(mode="direct_chat"), battle_b).side == "a"
    assert target(entry(battle_target="A"), battle_b).side == "a"
    assert target(entry(mode="battle", battle_target="B")).side == "b"


def test_the_answer_of_a_direct_chat_is_on_side_a_whatever_a_battle_would_have() -> None:
    assert target(entry(mode="direct_chat", battle_target="B")).side == "a"


def test_there_is_one_for_each_session_in_their_order() -> None:
    mine, yours = entry(profile="mine"), entry(profile="yours")
    targets = targets_of(IMAGE, Config(sessions={"a-model": (mine, entry(), yours)}))
    assert [each.profile for each in targets] == ["mine", None, "yours"]


def test_without_a_session_there_is_none() -> None:
    with pytest.raises(NoSessionForModel):
        targets_of(IMAGE, Config(models={"a-model": IMAGE}))
