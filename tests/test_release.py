"""What a publisher does by docs/updates.md, believed by who looks."""

import json
import re
import subprocess
import sys
import time
from pathlib import Path

import pytest

from lmarena_bridge.core.config.update_checks import key_bytes
from lmarena_bridge.core.releases.manifest import read_manifest
from lmarena_bridge.outbound.signatures import signed_with
from support.releases import tiny_wheel

ROOT = Path(__file__).parent.parent


def release(*arguments: str | Path, code: int = 0) -> str:
    command = [sys.executable, "-m", "scripts.release", *map(str, arguments)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", timeout=30)
    assert done.returncode == code, done.stderr
    return done.stdout + done.stderr


def new_key(file: Path) -> bytes:
    (text,) = re.findall(r'"update_public_key": "(.+)"', release("key", file))
    return key_bytes(text)


def test_a_signed_manifest_is_believed_with_each_of_its_keys_and_with_no_other(tmp_path: Path) -> None:
    keys = [new_key(tmp_path / name) for name in ("old.key", "new.key", "foreign.key")]
    wheel = tiny_wheel(tmp_path, "1.2.3")
    (tmp_path / "notes.txt").write_text("Better.", encoding="utf-8")
    both = ("--key", tmp_path / "old.key", "--key", tmp_path / "new.key")
    assert "version 1.2.3" in release("sign", wheel, *both, "--notes", tmp_path / "notes.txt", "--days", "5")
    raw, now = (tmp_path / "manifest.json").read_bytes(), time.time()
    for key in keys[:2]:
        found = read_manifest(raw, signed_with(key), now)
        assert (str(found.version), found.notes, found.size) == ("1.2.3", "Better.", wheel.stat().st_size)
        assert 4 * 86_400 < found.expires - now <= 5 * 86_400
    assert signed_with(keys[2])(b"", b"") is False
    assert json.loads(raw)["signatures"][0] != json.loads(raw)["signatures"][1]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other permissions")
def test_the_private_half_is_for_nobody_else_and_never_written_over(tmp_path: Path) -> None:
    file = tmp_path / "release.key"
    new_key(file)
    assert file.stat().st_mode & 0o077 == 0
    before = file.read_bytes()
    assert "is there already" in release("key", file, code=1)
    assert file.read_bytes() == before


def test_a_wheel_of_another_name_is_refused(tmp_path: Path) -> None:
    new_key(tmp_path / "release.key")
    for name in ("lmarena_bridge-1.2.3rc1-py3-none-any.whl", "other-1.2.3-py3-none-any.whl", "wheel.whl"):
        (tmp_path / name).write_bytes(b"x")
        assert name in release("sign", tmp_path / name, "--key", tmp_path / "release.key", code=1)
