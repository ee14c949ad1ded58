from importlib.metadata import PackageNotFoundError

from lmarena_bridge.server.board.installed import Installed


def test_a_version_that_was_put_in_place_of_the_running_one_is_noticed_some_time_later() -> None:
    now, there = [0.0], ["1.0"]
    installed = Installed(lambda: now[0], lambda _: there[0])
    assert installed.version == "1.0"
    there[0] = "1.1"
    assert installed.version == "1.0"
    now[0] = 31.0
    assert installed.version == "1.1"


def test_in_the_middle_of_an_update_there_is_none() -> None:
    def gone(name: str) -> str:
        raise PackageNotFoundError(name)

    assert Installed(lambda: 0.0, gone).version == ""
