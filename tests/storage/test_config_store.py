import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lmarena_bridge.core.config.models import ModelEntry
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.config.snapshot import Config
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.config_store import ConfigChange, ConfigStore
from lmarena_bridge.storage.home import Home, prepare_home

# Writes the settings in place, as an editor does, a piece at a time, until it is stopped.
EDITOR = """
import sys
from pathlib import Path
path = Path(sys.argv[1])
print("ready", flush=True)
while True:
    for port in range(5000, 5010):
        with path.open("w", encoding="utf-8", buffering=1) as file:
            for line in ("{\\n", '"api_key":\\n', '"a key",\\n', f'"port": {port}\\n', "}\\n"):
                file.write(line)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def said(store: ConfigStore) -> str | None:
    return None if store.problem is None else store.problem.message


def test_a_new_home_holds_the_defaults(home: Home) -> None:
    assert ConfigStore(home).current() == Config()


def test_all_files_are_read(home: Home) -> None:
    home.settings.write_text('{"port": 5103}', encoding="utf-8")
    home.models.write_text('{"name": "id:image"}', encoding="utf-8")
    home.sessions.write_text('{"name": {"session_id": "s", "message_id": "m"}}', encoding="utf-8")
    assert ConfigStore(home).current() == Config(
        settings=Settings(port=5103),
        models={"name": ModelEntry("name", "id", "image")},
        sessions={"name": (SessionEntry("s", "m"),)},
    )


def test_a_home_without_files_holds_the_defaults(tmp_path: Path) -> None:
    store = ConfigStore(Home(tmp_path / "none"))
    assert store.current() == Config()
    assert store.problem is None


def test_nothing_is_reported_while_nothing_changes(home: Home) -> None:
    changes: list[ConfigChange] = []
    store = ConfigStore(home, changes.append)
    first = store.current()
    assert store.current() is first
    assert changes == []


def test_the_latest_is_what_the_last_look_found(home: Home) -> None:
    store = ConfigStore(home)
    before = store.current()
    home.models.write_text('{"another": "null:image"}', encoding="utf-8")
    assert store.latest is before
    assert store.latest is not store.current()
    assert set(store.latest.models) == {"another"}


def test_requests_of_one_moment_share_a_look(home: Home) -> None:
    now = 5.0
    store = ConfigStore(home, clock=lambda: now)
    home.models.write_text('{"another": "null:image"}', encoding="utf-8")
    now += 0.0009
    assert set(store.recent().models) != {"another"}
    now += 0.0002
    assert set(store.recent().models) == {"another"}
    home.models.write_text('{"a-third": "null:image"}', encoding="utf-8")
    assert set(store.current().models) == {"a-third"}
    assert set(store.recent().models) == {"a-third"}


def test_a_change_is_in_force_at_once_and_old_snapshots_stay_as_they_were(home: Home) -> None:
    changes: list[ConfigChange] = []
    store = ConfigStore(home, changes.append)
    before = store.current()
    home.settings.write_text('{"jobs_per_tab": 3}', encoding="utf-8")
    after = store.current()
    assert (before.settings.jobs_per_tab, after.settings.jobs_per_tab) == (20, 3)
    assert changes == [ConfigChange(("config.jsonc",), before, after, None, ())]


@pytest.mark.parametrize("file", ["config.jsonc", "models.json", "model_endpoint_map.json"])
def test_each_file_may_break_and_be_mended(home: Home, file: str) -> None:
    changes: list[ConfigChange] = []
    store = ConfigStore(home, changes.append)
    good = store.current()
    path = home.path / file
    text = path.read_text(encoding="utf-8")
    path.write_text("{ broken", encoding="utf-8")
    assert store.current() == good
    assert store.current() == good
    assert said(store) == f"{file}, line 1, column 3: a name in double quotes is expected here"
    path.write_text(text, encoding="utf-8")
    assert store.current() == good
    assert said(store) is None
    assert [(change.files, change.problem is None) for change in changes] == [
        ((file,), False),
        ((file,), True),
    ]


def test_a_protection_never_drops_because_of_a_mistake(home: Home) -> None:
    home.settings.write_text('{"api_key": "a key"}', encoding="utf-8")
    store = ConfigStore(home)
    for text in ("", "{", '{"api_key": 5}', '{"api_key": "a key" "port": 1}', "[]", "\x00"):
        home.settings.write_text(text, encoding="utf-8")
        assert store.current().settings.own_key == "a key"
    home.settings.unlink()
    assert store.current().settings.own_key == "a key"
    assert store.problem is not None


def test_while_one_file_is_broken_the_others_are_followed(home: Home) -> None:
    store = ConfigStore(home)
    home.models.write_text("{", encoding="utf-8")
    home.settings.write_text('{"api_key": "a new key"}', encoding="utf-8")
    assert store.current().settings.own_key == "a new key"
    assert store.problem is not None


def test_the_problems_of_several_files_are_told_together(home: Home) -> None:
    store = ConfigStore(home)
    home.models.write_text("{", encoding="utf-8")
    home.sessions.write_text("{", encoding="utf-8")
    store.current()
    assert store.problem is not None
    assert [line.split(",")[0] for line in store.problem.message.splitlines()] == [
        "models.json",
        "model_endpoint_map.json",
    ]


def test_a_start_with_a_broken_file_is_refused_with_its_place(home: Home) -> None:
    home.settings.write_text('{\n  "port": 0\n}', encoding="utf-8")
    with pytest.raises(ConfigError, match=r"config\.jsonc, line 2, column 11: \"port\" must be"):
        ConfigStore(home)


def test_warnings_are_known_but_stop_nothing(home: Home) -> None:
    home.settings.write_text('{"prot": 1}', encoding="utf-8")
    store = ConfigStore(home)
    assert [str(problem.message) for problem in store.warnings] == [
        'there is no setting "prot"; did you mean "port"?'
    ]
    assert store.problem is None


def test_a_server_for_others_needs_a_key_from_the_start(home: Home) -> None:
    with pytest.raises(ConfigError, match="set an"):
        ConfigStore(home, host="0.0.0.0")
    home.settings.unlink()
    with pytest.raises(ConfigError, match="set an"):
        ConfigStore(home, host="0.0.0.0")
    home.settings.write_text('{"host": "0.0.0.0"}', encoding="utf-8")
    with pytest.raises(ConfigError, match="set an"):
        ConfigStore(home)


@pytest.mark.parametrize("host", [None, "0.0.0.0"])
def test_a_server_for_others_keeps_its_key_until_it_is_restarted(home: Home, host: str | None) -> None:
    home.settings.write_text('{"host": "0.0.0.0", "api_key": "a key"}', encoding="utf-8")
    store = ConfigStore(home, host=host)
    home.settings.write_text('{"host": "127.0.0.1"}', encoding="utf-8")
    assert store.current().settings.own_key == "a key"
    assert store.problem is not None


def test_an_editor_at_work_is_never_seen_with_half_a_file(home: Home) -> None:
    home.settings.write_text('{"api_key": "a key", "port": 5000}', encoding="utf-8")
    store = ConfigStore(home)
    ports: set[int] = set()
    with subprocess.Popen(
        [sys.executable, "-c", EDITOR, os.fspath(home.settings)], stdout=subprocess.PIPE
    ) as editor:
        assert editor.stdout is not None
        assert editor.stdout.readline().strip() == b"ready"
        deadline = time.monotonic() + 10
        while len(ports) < 5 and time.monotonic() < deadline:
            settings = store.current().settings
            assert settings.own_key == "a key"
            ports.add(settings.port)
        editor.kill()
        editor.wait(timeout=10)
    assert len(ports) >= 5
