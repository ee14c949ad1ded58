from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import RateLimited, SessionExpired
from lmarena_bridge.core.site.health import SessionHealth
from lmarena_bridge.core.site.session_views import SessionView, session_views

SESSION, ONE, TWO, THREE, FOUR = (f"00000000-0000-4000-8000-{number:012x}" for number in range(5))


def test_every_session_is_shown_with_what_the_settings_say_for_it() -> None:
    config = Config(
        Settings(
            session_id=SESSION,
            message_id=FOUR,
            id_updater_last_mode="battle",
            id_updater_battle_target="B",
        ),
        sessions={
            "x": (SessionEntry(SESSION, ONE, "direct_chat", profile="p"), SessionEntry(SESSION, TWO)),
            "y": (SessionEntry("YOUR_SESSION", "YOUR_MESSAGE", "battle", "A"),),
        },
    )
    shown = session_views(config, SessionHealth(), 0)
    assert shown == (
        SessionView("x", SESSION, ONE, "direct_chat", None, "p", "free", 0, 0, None),
        SessionView("x", SESSION, TWO, "battle", "B", None, "free", 0, 0, None),
        SessionView("y", "YOUR_SESSION", "YOUR_MESSAGE", "battle", "A", None, "placeholder", 0, 0, None),
        SessionView(None, SESSION, FOUR, "battle", "B", None, "free", 0, 0, None),
    )


def test_how_a_session_is_doing_is_shown() -> None:
    one, two, three = (SessionEntry(SESSION, message) for message in (ONE, TWO, THREE))
    health = SessionHealth()
    health.refused(one, SessionExpired("voted on"), now=0)
    health.refused(two, RateLimited("wait", retry_after=30), now=0)
    with health.at_work(three):
        shown = session_views(Config(sessions={"x": (one, two, three)}), health, 10)
    assert [(each.state, each.jobs, each.wait, each.reason) for each in shown] == [
        ("set_aside", 0, 0, "voted on"),
        ("cooling", 0, 20, None),
        ("busy", 1, 0, None),
    ]


def test_a_default_session_that_may_not_be_used_is_not_shown() -> None:
    settings = Settings(session_id=SESSION, message_id=ONE, use_default_ids_if_mapping_not_found=False)
    assert session_views(Config(settings), SessionHealth(), 0) == ()
    assert session_views(Config(), SessionHealth(), 0) == ()
