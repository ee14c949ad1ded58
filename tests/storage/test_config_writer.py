import errno
import os
import stat
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from lmarena_bridge.core.config.files import read_models, read_sessions, read_settings
from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.config.jsonc_gaps import comments
from lmarena_bridge.core.config.sessions import SessionEntry
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage import atomic
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home, prepare_home
from support.earlier_files import MODELS, SESSIONS, SETTINGS, on_unix, on_windows

POSIX = sys.platform != "win32"

# Writes 200 pairs of ids, one after the other, and says so.
TWO_HUNDRED = """
import sys
from pathlib import Path
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home
writer = ConfigWriter(Home(Path(sys.argv[1])))
for number in range(200):
    print(number, flush=True)
    writer.set_default_session(f"s-{number}", f"m-{number}", "direct_chat", None)
"""
# Adds 253 models and removes 248 of them a little later: 501 writes. Whatever another writer does, what
# this one has written is there.
FIVE_HUNDRED = """
import json, sys
from pathlib import Path
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home
home, me = Home(Path(sys.argv[1])), sys.argv[2]
writer = ConfigWriter(home, patience=50)
for number in range(253):
    writer.add_models({f"{me}-{number}": str(number)})
    writer.remove_models([f"{me}-{number - 5}"])
    mine = [name for name in json.loads(home.models.read_bytes()) if name.startswith(me)]
    assert mine == [f"{me}-{each}" for each in range(max(0, number - 4), number + 1)], mine
"""
# No file may grow beyond 100 bytes: what a full disk does, on any machine.
FULL_DISK = """
import resource, sys
from pathlib import Path
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import Home
resource.setrlimit(resource.RLIMIT_FSIZE, (100, 100))
try:
    ConfigWriter(Home(Path(sys.argv[1]))).set_default_session("s", "m", "direct_chat", None)
except ConfigError as error:
    print(error)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def refusal(write: Callable[[], None]) -> str:
    with pytest.raises(ConfigError) as caught:
        write()
    return caught.value.message


def files(home: Home) -> list[str]:
    return sorted(os.listdir(home.path))


FILES = ["config.jsonc", "model_endpoint_map.json", "models.json", "state"]


def test_a_new_home_takes_everything_a_person_sets(home: Home) -> None:
    writer = ConfigWriter(home)
    writer.set_default_session("s", "m", "battle", "B")
    writer.add_models({"a": "1", "b": "2:image"})
    writer.remove_models(["a"])
    writer.add_session("b", SessionEntry("s1", "m1"), append=False)
    writer.add_session("b", SessionEntry("s2", "m2", profile="p"), append=True)
    settings = read_settings(home.settings.read_bytes()).value
    models = read_models(home.models.read_bytes()).value
    sessions = read_sessions(home.sessions.read_bytes()).value
    assert settings is not None and models is not None and sessions is not None
    assert (settings.session_id, settings.message_id) == ("s", "m")
    assert (settings.id_updater_last_mode, settings.id_updater_battle_target) == ("battle", "B")
    assert {name: entry.kind for name, entry in models.items()} == {"b": "image"}
    assert sessions["b"] == (SessionEntry("s1", "m1"), SessionEntry("s2", "m2", profile="p"))
    assert files(home) == FILES


@pytest.mark.parametrize("save", [on_unix, on_windows])
def test_the_files_of_an_earlier_bridge_keep_all_they_had(home: Home, save: Callable[[str], bytes]) -> None:
    written = {home.settings: SETTINGS, home.models: MODELS, home.sessions: SESSIONS}
    for path, text in written.items():
        path.write_bytes(save(text))
    writer = ConfigWriter(home)
    writer.set_default_session("s", "m", "direct_chat", "A")
    writer.add_models({"new": "id"})
    writer.add_session("chat-model-b", SessionEntry("s", "m"), append=True)
    for path, text in written.items():
        after = path.read_bytes().decode("utf-8")
        assert comments(after) == comments(save(text).decode("utf-8"))
        old, new = loads(text).value, loads(after).value
        assert list(new)[: len(old)] == list(old)
        assert after.startswith("\ufeff") == (save is on_windows)
        assert after.count("\r\n") == (after.count("\n") if save is on_windows else 0)


def test_what_a_file_says_already_is_not_written_again(home: Home) -> None:
    writer = ConfigWriter(home)
    writer.add_models({"a": "1"})
    before = home.models.stat()
    writer.add_models({"a": "1"})
    writer.remove_models(["b"])
    after = home.models.stat()
    assert (after.st_mtime_ns, after.st_ino) == (before.st_mtime_ns, before.st_ino)


def test_files_and_directories_that_are_missing_are_made(tmp_path: Path) -> None:
    home = Home(tmp_path / "new" / "home")
    ConfigWriter(home).add_models({"a": "1"})
    ConfigWriter(home).set_default_session("s", "m", "battle", None)
    assert home.models.read_bytes() == b'{\n  "a": "1"\n}\n'
    assert b"// In a battle" in home.settings.read_bytes()
    if POSIX:
        assert stat.S_IMODE(home.models.stat().st_mode) == 0o600
        assert stat.S_IMODE(home.state.stat().st_mode) == 0o700


@pytest.mark.skipif(not POSIX, reason="Windows has no such permissions")
def test_permissions_owner_and_links_stay(home: Home, tmp_path: Path) -> None:
    real = tmp_path / "elsewhere.json"
    real.write_bytes(b"{}")
    real.chmod(0o640)
    owner = 4321 if os.geteuid() == 0 else os.geteuid()
    os.chown(real, owner, -1)
    home.models.unlink()
    home.models.symlink_to(real)
    ConfigWriter(home).add_models({"a": "1"})
    assert home.models.is_symlink()
    assert b'"a": "1"' in real.read_bytes()
    assert (stat.S_IMODE(real.stat().st_mode), real.stat().st_uid) == (0o640, owner)


def test_a_file_that_its_owner_has_closed_is_left_alone(home: Home) -> None:
    home.models.chmod(0o400)
    said = refusal(lambda: ConfigWriter(home).add_models({"a": "1"}))
    assert said == (
        f"{home.models} could not be written and is as it was (it is read-only): "
        "see to its permissions and to those of its directory"
    )
    assert home.models.read_bytes() == b"{}\n"


def test_a_broken_file_is_left_alone(home: Home) -> None:
    home.models.write_bytes(b'{"a": }')
    said = refusal(lambda: ConfigWriter(home).add_models({"b": "1"}))
    assert said == (
        "models.json, line 1, column 7: a value is missing before this }. The file was not changed"
    )
    assert home.models.read_bytes() == b'{"a": }'


@pytest.mark.parametrize(
    ("number", "advice"),
    [
        (errno.ENOSPC, "make room on the disk"),
        (errno.EBUSY, "it is mounted by itself, as in a container; mount the directory that it is in"),
        (errno.EIO, "see to its permissions and to those of its directory"),
    ],
)
def test_an_error_of_the_disk_says_what_to_do(home: Home, number: int, advice: str) -> None:
    def write(path: Path, data: bytes, old: bytes | None) -> None:
        raise OSError(number, os.strerror(number))

    said = refusal(lambda: ConfigWriter(home, write=write).add_models({"b": "1"}))
    assert said.startswith(
        f"{home.models} could not be written and is as it was ({os.strerror(number)}): {advice}"
    )


@pytest.mark.skipif(not POSIX, reason="Windows has no limit for the size of files")
def test_a_full_disk_leaves_the_file_as_it_was_and_nothing_beside_it(home: Home) -> None:
    before = home.settings.read_bytes()
    said = subprocess.run(
        [sys.executable, "-c", FULL_DISK, home.path], capture_output=True, encoding="utf-8", timeout=30
    )
    assert said.stdout.strip().endswith(
        "(File too large): see to its permissions and to those of its directory"
    ), said.stderr
    assert home.settings.read_bytes() == before
    assert files(home) == FILES


def test_while_another_program_writes_one_waits_and_then_says_so(home: Home) -> None:
    writer = ConfigWriter(home, patience=0.05)
    with FileLock(home.state / "config.lock"):
        said = refusal(lambda: writer.add_models({"a": "1"}))
    assert said == (
        f"models.json was not changed: another program has held {home.state / 'config.lock'} for 0.05 s; "
        "try again when it has ended"
    )
    writer.add_models({"a": "1"})
    assert b'"a"' in home.models.read_bytes()


def test_what_an_editor_saves_in_between_is_kept(home: Home) -> None:
    saves = [b'{"mine": "1"}', b'{"mine": "2"}', None]

    def write(path: Path, data: bytes, old: bytes | None) -> None:
        saved = saves.pop(0)
        if saved is not None:
            path.write_bytes(saved)
        atomic.write_over(path, data, old)

    ConfigWriter(home, write=write).add_models({"a": "b"})
    assert home.models.read_bytes() == b'{"mine": "2", "a": "b"}'


def test_who_never_stops_writing_is_not_overwritten(home: Home) -> None:
    def write(path: Path, data: bytes, old: bytes | None) -> None:
        raise atomic.Overtaken

    said = refusal(lambda: ConfigWriter(home, write=write).add_models({"a": "b"}))
    assert said == "models.json was not changed: another program keeps writing to it; try again"
    assert home.models.read_bytes() == b"{}\n"


def test_what_a_killed_writer_has_left_is_cleared_away(home: Home) -> None:
    for name, age in ((".models.json.old.tmp", 120), (".models.json.new.tmp", 0), (".other.old.tmp", 120)):
        file = home.path / name
        file.touch()
        os.utime(file, (time.time() - age,) * 2)
    ConfigWriter(home).add_models({"a": "1"})
    assert files(home) == [".models.json.new.tmp", ".other.old.tmp", *FILES]


@pytest.mark.parametrize("after", [1, 38, 91, 142, 169, 199])
def test_a_kill_in_the_middle_of_200_writes_leaves_a_whole_file(home: Home, after: int) -> None:
    home.settings.write_bytes(on_windows(SETTINGS))
    ConfigWriter(home).set_default_session("s--1", "m--1", "direct_chat", None)
    with subprocess.Popen([sys.executable, "-c", TWO_HUNDRED, home.path], stdout=subprocess.PIPE) as writer:
        assert writer.stdout is not None
        for _ in range(after):
            begun = int(writer.stdout.readline())
        moment = time.monotonic() + after % 10 / 4000  # not only at the beginning of a write
        while time.monotonic() < moment:
            pass
        writer.kill()
        begun += len(writer.stdout.read().split())
    text = home.settings.read_bytes().decode("utf-8")
    number = int(loads(text).value["session_id"].removeprefix("s-"))
    assert begun - 1 <= number <= begun
    whole = SETTINGS.replace("5f3c5a0e-6a54-4d0e-9d3e-0d3f0a9c1b11", f"s-{number}")
    whole = whole.replace("0b8f2c1d-93b1-4a43-8a68-7f6f5e2d4c22", f"m-{number}")
    whole = whole.replace('last_mode": "battle"', 'last_mode": "direct_chat"')
    assert text == on_windows(whole).decode("utf-8")
    ConfigWriter(home).set_default_session("next", "next", "battle", None)
    assert loads(home.settings.read_bytes().decode("utf-8")).value["session_id"] == "next"


def test_two_processes_that_write_a_thousand_times_keep_everything(home: Home) -> None:
    home.models.write_bytes(b'{\n  "mine": "1"\n}\n')
    writers = [
        subprocess.Popen([sys.executable, "-c", FIVE_HUNDRED, home.path, name], stderr=subprocess.PIPE)
        for name in ("a", "b")
    ]
    for writer in writers:
        with writer:
            _, said = writer.communicate(timeout=50)
            assert writer.returncode == 0, said
    models = read_models(home.models.read_bytes()).value
    assert models is not None
    assert sorted(models) == sorted(
        ["mine", *(f"{name}-{number}" for name in "ab" for number in range(248, 253))]
    )


def test_threads_of_one_process_take_turns_as_well(home: Home) -> None:
    writer = ConfigWriter(home)
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda number: writer.add_models({f"m{number}": "1"}), range(40)))
    models = read_models(home.models.read_bytes()).value
    assert models is not None
    assert set(models) == {f"m{number}" for number in range(40)}
