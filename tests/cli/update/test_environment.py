import json
from pathlib import Path

import pytest

from lmarena_bridge.cli.update.environment import Environment, last_words, this_environment
from lmarena_bridge.core.releases.errors import NotInstalled
from support.releases import install, tiny_wheel


def test_what_is_installed_is_asked_of_the_disk_and_of_the_program(environment: Environment) -> None:
    assert environment.installed().version == "1.0.0"
    assert environment.version() == "1.0.0"
    assert environment.has_pip
    assert not environment.is_working_copy


def test_our_own_one_is_a_working_copy() -> None:
    ours = this_environment()
    assert ours.is_working_copy
    assert ours.version() == ours.installed().version


def test_an_installed_file_is_no_working_copy(environment: Environment) -> None:
    told = {"url": "file:///somewhere/a.whl", "archive_info": {}}
    folder = environment.packages / "lmarena_bridge-1.0.0.dist-info"
    (folder / "direct_url.json").write_text(json.dumps(told), encoding="utf-8")
    assert not environment.is_working_copy
    told = {"url": "file:///somewhere", "dir_info": {"editable": True}}
    (folder / "direct_url.json").write_text(json.dumps(told), encoding="utf-8")
    assert environment.is_working_copy


@pytest.mark.parametrize(
    ("first", "said"),
    [("sys.exit('no libfoo')", "no libfoo"), ("print('something else 1.0.0'); sys.exit()", "something else")],
)
def test_a_program_that_does_not_start_says_why(
    environment: Environment, tmp_path: Path, first: str, said: str
) -> None:
    (tmp_path / "broken").mkdir()
    install(environment, tiny_wheel(tmp_path / "broken", "1.0.0", first=first))
    with pytest.raises(NotInstalled, match=f"does not start: .*{said}"):
        environment.version()


def test_what_lies_in_the_current_directory_is_not_started(
    environment: Environment, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "lmarena_bridge.py").write_text("raise SystemExit('not me')", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    assert environment.version() == "1.0.0"


def test_one_that_hangs_or_is_not_there_has_failed(environment: Environment, tmp_path: Path) -> None:
    # The program that is run hangs; the test goes on after half a second.
    hanging = environment.run("-c", "import threading; threading.Event().wait(60)", seconds=0.5)
    assert hanging.returncode != 0
    gone = Environment(tmp_path / "python", tmp_path)
    assert gone.run("-c", "").returncode != 0
    assert not gone.has_pip
    with pytest.raises(NotInstalled, match="is not installed"):
        gone.installed()


def test_the_last_words_are_one_line_and_short() -> None:
    assert last_words("a\n  b\n") == "a b"
    assert last_words(" \n") == "it said nothing"
    assert len(last_words("x" * 5000)) == 600
