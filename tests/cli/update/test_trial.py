"""A version is tried beside the installed one, which nothing of it changes."""

from pathlib import Path

import pytest

from lmarena_bridge.cli.update import trial
from lmarena_bridge.cli.update.environment import Environment
from lmarena_bridge.cli.update.trial import PackagesMissing, try_out
from lmarena_bridge.core.releases.errors import NotInstalled
from lmarena_bridge.core.releases.version import released
from support.releases import tiny_wheel

NEW = released("2.0.0")


@pytest.fixture
def wheels(tmp_path: Path) -> Path:
    folder = tmp_path / "wheels"
    folder.mkdir()
    return folder


def test_a_good_version_starts_and_serves(environment: Environment, wheels: Path, tmp_path: Path) -> None:
    try_out(environment, tiny_wheel(wheels, "2.0.0"), NEW, tmp_path)
    assert environment.version() == "1.0.0"


@pytest.mark.parametrize(
    ("first", "said"),
    [
        ("sys.exit('no libfoo')", "does not start: no libfoo"),
        ("sys.exit('port?') if 'serve' in sys.argv else None", "does not serve: port?"),
    ],
)
def test_one_that_does_not_is_refused(
    environment: Environment, wheels: Path, tmp_path: Path, first: str, said: str
) -> None:
    with pytest.raises(NotInstalled, match=said.replace("?", r"\?")):
        try_out(environment, tiny_wheel(wheels, "2.0.0", first=first), NEW, tmp_path)
    assert environment.version() == "1.0.0"


def test_one_that_starts_and_never_answers_is_refused_and_ended(
    environment: Environment, wheels: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(trial, "_SERVES_WITHIN", 1.0)
    monkeypatch.setattr(trial, "_ENDS_WITHIN", 0.5)
    # The new version hangs and hears no SIGTERM; the test goes on when it is killed, 1.5 s later.
    deaf = "import signal, threading; signal.signal(signal.SIGTERM, signal.SIG_IGN)"
    first = f"{deaf}; print('here I am', flush=True); threading.Event().wait(60)"
    hanging = f"if 'serve' in sys.argv: {first}"
    with pytest.raises(NotInstalled, match="does not serve: here I am"):
        try_out(environment, tiny_wheel(wheels, "2.0.0", first=hanging), NEW, tmp_path)


def test_packages_that_are_missing_are_named(environment: Environment, wheels: Path, tmp_path: Path) -> None:
    with pytest.raises(PackagesMissing, match=r"lmarena-bridge 2\.0\.0 requires not-there"):
        try_out(environment, tiny_wheel(wheels, "2.0.0", needs="not-there>=2"), NEW, tmp_path)


def test_a_file_that_holds_another_version_is_refused(
    environment: Environment, wheels: Path, tmp_path: Path
) -> None:
    with pytest.raises(NotInstalled, match=r"version 2\.0\.0 holds version 3\.0\.0"):
        try_out(environment, tiny_wheel(wheels, "3.0.0"), NEW, tmp_path)
