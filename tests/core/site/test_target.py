import pytest

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, UnknownModel
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.pool import Situation
from lmarena_bridge.core.site.target import Target, choose_target

SESSION, MESSAGE = "019ade00-0002-7b00-8b00-000000000001", "019ade00-0003-7c00-8c00-000000000001"
IMAGE = ModelEntry("a-model", "an-id", "image")


def target(session: SessionEntry, settings: Settings | None = None, *models: ModelEntry) -> Target:
    listed = {model.name: model for model in models}
    config = Config(settings or Settings(), listed, {"a-model": (session,)})
    return choose_target("a-model", config, situation())


def situation() -> Situation:
    return Situation(SessionHealth(), now=0, profiles=lambda: (), pick=lambda _: 0)


def entry(**more: object) -> SessionEntry:
    return SessionEntry(SESSION, MESSAGE, **more)  # type: ignore[arg-type]


def test_a_target_is_what_the_files_say_of_a_model_and_its_session() -> None:
    chosen = target(entry(mode="battle", battle_target="B", profile="p"), None, IMAGE)
    assert chosen == Target("a-model", "an-id", "image", SESSION, MESSAGE, "battle", "b", "p")


def test_a_model_that_only_has_a_session_is_asked_without_naming_one() -> None:
    chosen = target(entry())
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


def test_what_the_files_do_not_know_has_no_target() -> None:
    with pytest.raises(UnknownModel):
        choose_target("nobody", Config(), situation())
    with pytest.raises(NoSessionForModel):
        choose_target("a-model", Config(models={"a-model": IMAGE}), situation())
