"""After the whole run: no secret of any home that a test has made stands in anything that was put out.

What tests print and log is collected as they end. In the end the secrets are read from the homes in pytest's
own folder, and looked for: in that output, and in every file of the homes but those that are meant to hold
them.
"""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Final

import pytest

_SECRET_FILES: Final = ("pairing_secret", "internal_token", "picture_names")
# Those files themselves; the settings, where people write their keys; a browser, which has the userscript.
_MAY_HOLD: Final = frozenset({*_SECRET_FILES, "config.jsonc"})
_BROWSER: Final = "browser"
# Shorter texts are no secrets: a test's key "a" is everywhere.
_SHORTEST: Final = 16
_LARGEST: Final = 4 * 1024 * 1024


class CanaryWatch:
    """The plugin."""

    def __init__(self) -> None:
        self._output: list[tuple[str, str]] = []
        self._found: list[str] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.when == "teardown":
            for title, text in report.sections:
                self._output.append((f"{report.nodeid}, {title}", text))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        folders: pytest.TempPathFactory = session.config._tmp_path_factory  # type: ignore[attr-defined]
        folder = folders.getbasetemp()
        self._found = [*leaks(self._output, secrets_below(folder)), *leaks_in_homes(folder)]
        if self._found and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        if self._found:
            terminalreporter.section("secrets in what was put out", red=True)
            for each in self._found[:50]:
                terminalreporter.line(each)


def secrets_below(folder: Path) -> frozenset[str]:
    """The secrets of all homes below a folder, and the keys in their settings."""
    found = set[str]()
    for home in homes_below(folder):
        for name in _SECRET_FILES:
            found.add(_text(home / "state" / name).strip())
        found.update(_keys(_text(home / "config.jsonc")))
    return frozenset(secret for secret in found if len(secret) >= _SHORTEST)


def homes_below(folder: Path) -> list[Path]:
    """The folders with a state/pairing_secret."""
    return [path.parent.parent for path in _files(folder) if path.parts[-2:] == ("state", "pairing_secret")]


def leaks(output: list[tuple[str, str]], secrets: frozenset[str]) -> Iterator[str]:
    """Where a secret stands. The secret itself is not said."""
    for place, text in output:
        for secret in secrets:
            if secret in text:
                yield f"{place}: …{_around(text, secret)}…"


def leaks_in_homes(folder: Path) -> Iterator[str]:
    """Files of homes that hold a secret of theirs and should not."""
    for home in homes_below(folder):
        secrets = secrets_below(home)
        for path in _files(home):
            if path.name not in _MAY_HOLD and _BROWSER not in path.parts:
                yield from leaks([(str(path), _text(path))], secrets)


def _keys(settings: str) -> Iterator[str]:
    """Whatever looks like a key in the settings of a test; most are plain JSON, others have none."""
    try:
        api_key = json.loads(settings).get("api_key", "")
    except (ValueError, AttributeError):
        return
    for key in api_key if isinstance(api_key, list) else [api_key]:
        if isinstance(key, dict):
            key = key.get("key")
        if isinstance(key, str):
            yield key


def _around(text: str, secret: str) -> str:
    at = text.index(secret)
    return repr(text[max(0, at - 60) : at] + "<secret>" + text[at + len(secret) :][:30])


def _files(folder: Path) -> Iterator[Path]:
    """All files below a folder. Programs that are still ending may remove some meanwhile: no harm in that."""
    for place, _, names in os.walk(folder):
        yield from (path for name in names if (path := Path(place, name)).is_file())


def _text(path: Path) -> str:
    """The beginning of a file, as far as it can be read."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode("utf-8", errors="replace")
    except OSError:
        return ""
