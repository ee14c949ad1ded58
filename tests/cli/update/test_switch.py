import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from lmarena_bridge.cli.update import switch as switching
from lmarena_bridge.cli.update.environment import Environment
from lmarena_bridge.cli.update.packing import pack
from lmarena_bridge.cli.update.switch import go_back, switch
from lmarena_bridge.core.releases.errors import NotInstalled
from support.releases import install, tiny_wheel


@pytest.fixture
def kept(tmp_path: Path) -> Path:
    """Where the new wheel comes to lie, and the old one."""
    folder = tmp_path / "kept"
    folder.mkdir()
    return folder


def test_the_new_version_is_installed_and_the_old_one_kept(environment: Environment, kept: Path) -> None:
    old = switch(environment, tiny_wheel(kept, "2.0.0"), "2.0.0", kept)
    assert environment.version() == "2.0.0"
    assert old.name == "lmarena_bridge-1.0.0-py3-none-any.whl"
    assert str(old) in go_back(environment, old)
    install(environment, old)
    assert environment.version() == "1.0.0"


def test_a_version_packed_twice_is_the_same(environment: Environment, kept: Path) -> None:
    once = pack(environment.installed(), kept)
    with zipfile.ZipFile(once) as archive:
        names, record = archive.namelist(), archive.read("lmarena_bridge-1.0.0.dist-info/RECORD").decode()
    install(environment, once)
    again = pack(environment.installed(), kept)
    with zipfile.ZipFile(again) as archive:
        assert sorted(archive.namelist()) == sorted(names)
    assert {line.split(",")[0] for line in record.splitlines()} == set(names)
    assert not [name for name in names if "__pycache__" in name or name.endswith(("INSTALLER", "REQUESTED"))]


@pytest.mark.parametrize(
    ("wheel", "said"),
    [
        (lambda folder: tiny_wheel(folder, "2.0.0", first="sys.exit('no libfoo')"), "no libfoo"),
        (lambda folder: _no_wheel(folder), "pip could not install it"),
    ],
    ids=["does-not-start", "no-wheel"],
)
def test_what_does_not_work_is_taken_back(
    environment: Environment, kept: Path, wheel: Callable[[Path], Path], said: str
) -> None:
    with pytest.raises(NotInstalled, match=f"{said}.* Version 1.0.0 is in use as before"):
        switch(environment, wheel(kept), "2.0.0", kept)
    assert environment.version() == "1.0.0"


def test_a_person_without_patience_keeps_the_old_version(
    environment: Environment, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def impatient(environment: Environment) -> str:
        monkeypatch.undo()
        raise KeyboardInterrupt

    monkeypatch.setattr(Environment, "version", impatient)
    with pytest.raises(KeyboardInterrupt):
        switch(environment, tiny_wheel(kept, "2.0.0"), "2.0.0", kept)
    assert environment.version() == "1.0.0"


def test_where_not_even_the_old_version_can_be_put_back_the_way_by_hand_is_said(
    environment: Environment, kept: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(switching, "_PIP_SECONDS", 0.001)
    monkeypatch.setattr(switching, "_BACK_SECONDS", 0.001)
    with pytest.raises(NotInstalled, match=r"By hand: .*pip install .*1\.0\.0"):
        switch(environment, tiny_wheel(kept, "2.0.0"), "2.0.0", kept)


def _no_wheel(folder: Path) -> Path:
    file = folder / "lmarena_bridge-2.0.0-py3-none-any.whl"
    file.write_bytes(b"no archive")
    return file
