from lmarena_bridge.core.tabs.effects import Arrived, Deliver, FetchJob, PageJob, Send


def test_effects_are_values() -> None:
    assert Deliver("j", (Arrived(b"x"),)) == Deliver("j", (Arrived(b"x"),))
    assert Send(1, (b"x",)) != Send(2, (b"x",))


def test_any_tab_will_do_for_a_job_unless_it_names_a_profile() -> None:
    assert PageJob("j").profile is None
    assert FetchJob("j", "GET", "/", {}, (), b"").profile is None
