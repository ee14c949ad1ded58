from lmarena_bridge.core.tabs.rules import Rules


def test_a_tab_is_given_up_only_after_several_pings_went_unanswered() -> None:
    rules = Rules()
    assert rules.ping_every * 2 < rules.silence


def test_a_sign_of_life_comes_long_before_the_most_impatient_client_gives_up() -> None:
    assert Rules().quiet <= 10  # NextChat waits 60 s for headers (clients.md 0.5)
