import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.home import Home, prepare_home
from lmarena_bridge.storage.running import Running, announced, find_running

HERE = Running(pid=os.getpid(), host="127.0.0.1", port=5102, started=1_700_000_000.5)

SERVER = """
import os, sys
from pathlib import Path
from lmarena_bridge.storage.home import Home
from lmarena_bridge.storage.running import Running, announced
with announced(Home(Path(sys.argv[1])), Running(os.getpid(), "127.0.0.1", 5999, 1.0)):
    print("ready", flush=True)
    sys.stdin.readline()
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


def start_server(home: Home) -> subprocess.Popen[str]:
    server = subprocess.Popen(
        [sys.executable, "-c", SERVER, str(home.path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
    )
    assert server.stdout is not None
    assert server.stdout.readline() == "ready\n"
    return server


def test_a_server_is_found_while_it_runs_and_not_after(home: Home) -> None:
    assert find_running(home) is None
    with announced(home, HERE):
        assert find_running(home) == HERE
        assert find_running(home) == HERE
    assert find_running(home) is None
    assert not (home.state / "server.json").exists()


def test_an_error_in_the_server_ends_the_announcement(home: Home) -> None:
    with pytest.raises(ZeroDivisionError), announced(home, HERE):
        raise ZeroDivisionError
    assert find_running(home) is None


def test_a_home_that_is_not_there_has_no_server(tmp_path: Path) -> None:
    assert find_running(Home(tmp_path / "none")) is None
    assert os.listdir(tmp_path) == []


def test_the_server_of_another_process_is_found(home: Home) -> None:
    with start_server(home) as server:
        found = find_running(home)
        server.communicate("stop\n", timeout=10)
    assert found == Running(server.pid, "127.0.0.1", 5999, 1.0)
    assert find_running(home) is None


def test_what_a_killed_server_left_behind_is_known_to_be_stale(home: Home) -> None:
    with start_server(home) as server:
        server.kill()
        server.wait(timeout=10)
    assert (home.state / "server.json").exists()
    assert find_running(home) is None
    with announced(home, HERE):
        assert find_running(home) == HERE


def test_a_second_server_of_a_home_is_refused_and_told_of_the_first(home: Home) -> None:
    with start_server(home) as server:
        refusal = pytest.raises(ConfigError, match=rf"on port 5999 \(process {server.pid}\) already works")
        with refusal, announced(home, HERE, patience=0):
            pytest.fail("must not start")
        server.communicate("stop\n", timeout=10)
    assert server.returncode == 0


@pytest.mark.parametrize(
    "said", ["", "[]", "{}", json.dumps({"pid": "x", "host": "h", "port": 1, "started": 0})]
)
def test_a_server_that_cannot_be_understood_is_still_in_the_way(home: Home, said: str) -> None:
    with announced(home, HERE):
        (home.state / "server.json").write_text(said, encoding="utf-8")
        assert find_running(home) is None
        with (
            pytest.raises(ConfigError, match="a server already works with"),
            announced(home, HERE, patience=0),
        ):
            pytest.fail("must not start")


@pytest.mark.parametrize(
    ("host", "url"),
    [
        ("127.0.0.1", "http://127.0.0.1:5102"),
        ("localhost", "http://127.0.0.1:5102"),
        ("0.0.0.0", "http://127.0.0.1:5102"),
        ("::", "http://[::1]:5102"),
        ("::1", "http://[::1]:5102"),
        ("192.168.7.7", "http://192.168.7.7:5102"),
    ],
)
def test_this_computer_reaches_a_server_wherever_it_listens(host: str, url: str) -> None:
    assert Running(1, host, 5102, 1.0).url == url
