import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.storage.home import Home, prepare_home
from lmarena_bridge.storage.secret import SecretName, read_or_create, renew

PRINT_SECRET = """
import sys
from pathlib import Path
from lmarena_bridge.storage.home import prepare_home
from lmarena_bridge.storage.secret import read_or_create
home = prepare_home(Path(sys.argv[1]))
print("ready", flush=True)
sys.stdin.readline()
print(read_or_create(home), flush=True)
"""


@pytest.fixture
def home(tmp_path: Path) -> Home:
    return prepare_home(tmp_path)


@pytest.mark.parametrize("name", ["pairing_secret", "internal_token"])
def test_a_secret_is_made_once_and_kept(home: Home, name: SecretName) -> None:
    secret = read_or_create(home, name)
    assert read_or_create(home, name) == secret
    assert (home.state / name).read_text(encoding="ascii").strip() == secret


def test_a_secret_has_more_than_128_bits_and_needs_no_escape(home: Home) -> None:
    secret = read_or_create(home)
    assert len(secret) == 43
    assert secret.replace("-", "").replace("_", "").isalnum()
    assert secret.isascii()


def test_no_two_secrets_are_alike(home: Home, tmp_path: Path) -> None:
    other = prepare_home(tmp_path / "other")
    assert len({read_or_create(home), read_or_create(home, "internal_token"), read_or_create(other)}) == 3


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such permissions")
def test_only_the_owner_can_read_a_secret(home: Home) -> None:
    read_or_create(home)
    file = home.state / "pairing_secret"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.chmod(0o644)
    read_or_create(home)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600


def test_processes_that_start_at_once_get_the_same_secret(tmp_path: Path) -> None:
    starters = [
        subprocess.Popen(
            [sys.executable, "-c", PRINT_SECRET, str(tmp_path)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
        )
        for _ in range(4)
    ]
    for starter in starters:
        assert starter.stdout is not None
        assert starter.stdout.readline() == "ready\n"
    for starter in starters:
        assert starter.stdin is not None
        starter.stdin.write("go\n")
        starter.stdin.flush()
    said = {starter.communicate(timeout=20)[0].strip() for starter in starters}
    assert said == {read_or_create(Home(tmp_path))}
    assert sorted(os.listdir(tmp_path / "state")) == ["config.schema.json", "pairing_secret"]


@pytest.mark.parametrize("damaged", [b"", b"short", b"twenty-two characters but with blanks", b"\xff" * 30])
def test_a_damaged_secret_is_never_used(home: Home, damaged: bytes) -> None:
    (home.state / "pairing_secret").write_bytes(damaged)
    with pytest.raises(ConfigError, match="is damaged: delete it"):
        read_or_create(home)


def test_a_secret_that_cannot_be_read_is_the_persons_to_mend(home: Home) -> None:
    (home.state / "pairing_secret").mkdir()
    with pytest.raises(ConfigError, match="cannot be read or created"):
        read_or_create(home)


def test_a_renewed_secret_takes_the_place_of_the_old_one_for_its_owner_alone(home: Home) -> None:
    old = read_or_create(home)
    path = home.state / "pairing_secret"
    path.chmod(0o644)
    new = renew(home)
    assert new != old
    assert len(new) == 43
    assert read_or_create(home) == new
    if sys.platform != "win32":
        assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_secret_that_cannot_be_renewed_is_said(home: Home) -> None:
    (home.state / "pairing_secret").mkdir()
    with pytest.raises(ConfigError, match="pairing_secret cannot be written"):
        renew(home)
