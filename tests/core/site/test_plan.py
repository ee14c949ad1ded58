import pytest

from lmarena_bridge.core.chat.shaping import Shaping
from lmarena_bridge.core.chat.sizes import Room
from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import NoSessionForModel, UnknownModel
from lmarena_bridge.core.site.plan import Plan, Plans, plan_for
from lmarena_bridge.core.site.retry import retry_builder
from lmarena_bridge.core.site.target import targets_of

SESSION = SessionEntry("019ade00-0002-7b00-8b00-000000000001", "019ade00-0003-7c00-8c00-000000000001")
TEXT, IMAGE = ModelEntry("text", "t", "text"), ModelEntry("image", "i", "image")
MODELS = {"text": TEXT, "image": IMAGE}


def config(**settings: object) -> Config:
    said = Settings(**settings)  # type: ignore[arg-type]
    return Config(said, MODELS, {"text": (SESSION, SESSION), "image": (SESSION,)})


def plan(model: str = "text", **settings: object) -> Plan:
    return plan_for(model, config(**settings))


def test_the_settings_and_sessions_of_a_model_are_in_its_plan() -> None:
    files = config()
    text = plan_for("text", files)
    assert text.settings is files.settings
    assert text.targets == targets_of(TEXT, files)
    assert len(text.targets) == 2
    assert text.builders == {target: retry_builder(target, files.settings) for target in text.targets}


def test_by_default_nothing_is_shaped() -> None:
    assert plan().shaping == plan("image").shaping == Shaping()


def test_what_the_person_wants_shaped_is() -> None:
    assert plan(tavern_mode_enabled=True).shaping == Shaping(one_system_prompt=True)
    assert plan(strip_reasoning_from_history=True).shaping == Shaping(no_reasoning=True)
    assert plan(bypass_enabled=True).shaping == Shaping(images_before_marker=True, blank_turn=True)


def test_a_plain_conversation_stays_as_it_is_where_nothing_is_wanted() -> None:
    assert plan().leaves_plain
    assert not plan("image").leaves_plain
    assert plan("image", markdown_images="off").leaves_plain
    assert not plan(tavern_mode_enabled=True).leaves_plain


def test_a_blank_turn_is_for_models_that_write_text() -> None:
    assert plan("image", bypass_enabled=True).shaping == Shaping(images_before_marker=True)


@pytest.mark.parametrize(
    ("setting", "text", "image"), [("off", False, False), ("image_models", False, True), ("all", True, True)]
)
def test_whose_drawn_images_are_passed_on_the_person_says(setting: str, text: bool, image: bool) -> None:
    plans = plan(markdown_images=setting), plan("image", markdown_images=setting)
    assert [each.passes_drawn_images_on for each in plans] == [text, image]


def test_the_room_tells_what_is_not_done_yet_about_too_little_of_it() -> None:
    assert plan(site_max_body_bytes=7).room == Room(7, file_bed=False, scaling=False)
    wide = plan(site_max_body_bytes=7, file_bed_enabled=True, image_max_bytes=5).room
    assert wide == Room(7, file_bed=True, scaling=True)


def test_a_plan_is_made_once_until_a_file_changes() -> None:
    plans, before, after = Plans(), config(), config(tavern_mode_enabled=True)
    made = plans.of("text", before)
    assert made == plan_for("text", before)
    assert plans.of("image", before) == plan_for("image", before)
    assert plans.of("text", before) is made
    assert plans.of("text", after) == plan_for("text", after) != made
    # Kept by what it is, not by what it says.
    assert plans.of("text", config()) is not made


def test_for_what_the_files_do_not_know_there_is_none() -> None:
    plans = Plans()
    for _ in range(2):
        with pytest.raises(UnknownModel):
            plans.of("nobody", config())
        with pytest.raises(NoSessionForModel):
            plans.of("text", Config(models=MODELS))
