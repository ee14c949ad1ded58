import importlib
import inspect
import io
import json
import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path
from typing import Any

import pytest

from lmarena_bridge.cli.main import main, never_fail_to_print, with_default_command
from lmarena_bridge.core.errors import ConfigError

# Everything that costs time to import and that no `--help` needs.
HEAVY = {"asyncio", "fastapi", "httpx2", "msgspec", "playwright", "pydantic", "rich", "structlog", "uvicorn"}


class Command:
    """Stands where a command's function is, with the same parameters, and remembers how it was called."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
        module = importlib.import_module(f"lmarena_bridge.cli.{name}")
        self._signature = inspect.signature(getattr(module, name))
        self.calls: list[dict[str, Any]] = []
        self.fails: BaseException | None = None
        monkeypatch.setattr(module, name, self)

    def __call__(self, **arguments: Any) -> None:
        self._signature.bind(**arguments)
        self.calls.append(arguments)
        if self.fails is not None:
            raise self.fails


@pytest.fixture
def serve(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Command:
    monkeypatch.setenv("LMARENA_BRIDGE_HOME", str(tmp_path / "home"))
    return Command(monkeypatch, "serve")


@pytest.fixture
def demo(monkeypatch: pytest.MonkeyPatch) -> Command:
    return Command(monkeypatch, "demo")


def run(*arguments: str) -> int:
    """The exit code of the command line."""
    with pytest.raises(SystemExit) as left:
        main(arguments)
    return int(left.value.code or 0)


def run_process(*arguments: str, **environ: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        [sys.executable, "-m", "lmarena_bridge", *arguments],
        env={**os.environ, **environ},
        capture_output=True,
        timeout=30,
        check=False,
    )


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ([], ["serve"]),
        (["--port", "5103"], ["serve", "--port", "5103"]),
        (["--open"], ["serve", "--open"]),
        (["serve", "--open"], ["serve", "--open"]),
        (["demo"], ["demo"]),
        (["config", "check"], ["config", "check"]),
        (["--help"], ["--help"]),
        (["-h"], ["-h"]),
        (["--version"], ["--version"]),
    ],
)
def test_serve_is_meant_when_no_command_is_named(typed: list[str], meant: list[str]) -> None:
    assert with_default_command(typed) == meant


def test_serve_gets_what_was_typed(serve: Command, tmp_path: Path) -> None:
    options = ["--home", str(tmp_path), "--host", "::1", "--port", "5103", "--browser", "--open"]
    assert run("serve", *options) == 0
    assert serve.calls == [
        {"home": tmp_path, "host": "::1", "port": 5103, "browser": True, "open_page": True}
    ]


def test_serve_leaves_to_the_files_what_was_not_typed(serve: Command, tmp_path: Path) -> None:
    assert run() == 0
    assert serve.calls == [
        {"home": tmp_path / "home", "host": None, "port": None, "browser": False, "open_page": False}
    ]


def test_a_port_that_is_none_is_refused_before_anything_starts(
    serve: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run("--port", "70000") == 2
    assert "65535" in capsys.readouterr().err
    assert serve.calls == []


@pytest.mark.parametrize(
    ("typed", "call"),
    [
        ([], {"ask": None, "browser": "chromium"}),
        (["--ask", "What is ✅?"], {"ask": "What is ✅?", "browser": "chromium"}),
        (["--browser", "none"], {"ask": None, "browser": "none"}),
    ],
)
def test_demo_gets_what_was_typed(demo: Command, typed: list[str], call: dict[str, Any]) -> None:
    assert run("demo", *typed) == 0
    assert demo.calls == [call]


def test_a_known_error_is_a_sentence_and_no_traceback(
    serve: Command, capsys: pytest.CaptureFixture[str]
) -> None:
    serve.fails = ConfigError("config.jsonc, line 2, column 3: a comma is missing before this")
    assert run("serve") == 1
    assert capsys.readouterr() == ("", f"Error: {serve.fails}\n")


def test_ctrl_c_is_no_error_to_explain(serve: Command, capsys: pytest.CaptureFixture[str]) -> None:
    serve.fails = KeyboardInterrupt()
    assert run("serve") == 130
    assert capsys.readouterr() == ("", "")


def test_the_version_is_that_of_the_package(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("--version") == 0
    assert capsys.readouterr().out == f"lmarena-bridge {version('lmarena-bridge')}\n"


def test_a_command_that_is_mistyped_is_guessed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run("serv") == 2
    assert "Did you mean 'serve'?" in capsys.readouterr().err


def test_config_path_prints_the_home(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "path", "--home", str(tmp_path)) == 0
    assert capsys.readouterr().out == f"{tmp_path}\n"


def test_config_check_leaves_with_its_verdict(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run("config", "check", "--home", str(tmp_path)) == 0
    (tmp_path / "config.jsonc").write_text("{", encoding="utf-8")
    assert run("config", "check", "--home", str(tmp_path)) == 1
    assert "is not closed" in capsys.readouterr().out


def test_the_command_line_imports_nothing_heavy() -> None:
    code = (
        "import json, sys; before = set(sys.modules); import lmarena_bridge.cli.main;"
        "print(json.dumps(sorted({name.split('.')[0] for name in set(sys.modules) - before})))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, timeout=30, check=True)
    assert HEAVY.isdisjoint(json.loads(done.stdout))


def test_help_is_printed_even_where_its_characters_cannot_be() -> None:
    done = run_process("--help", PYTHONIOENCODING="cp437", PYTHONUTF8="0")
    assert (done.returncode, done.stderr) == (0, b"")
    assert all(command in done.stdout for command in (b"serve", b"demo", b"config"))


def test_a_name_that_the_console_cannot_show_is_no_failure(tmp_path: Path) -> None:
    home = tmp_path / "✅"
    done = run_process("config", "path", "--home", str(home), PYTHONIOENCODING="cp1252", PYTHONUTF8="0")
    assert done.returncode == 0
    assert done.stdout.strip() == os.fsencode(tmp_path / "?")


def test_a_stream_that_cannot_be_reconfigured_is_left_alone() -> None:
    stream = io.StringIO()
    never_fail_to_print(stream)
    assert stream.write("✅") == 1


def test_a_demo_without_its_packages_says_which_command_brings_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.delitem(sys.modules, "lmarena_bridge.cli.demo", raising=False)
    monkeypatch.setitem(sys.modules, "PIL", None)
    for name in [name for name in sys.modules if name.startswith("lmarena_bridge.demo")]:
        monkeypatch.delitem(sys.modules, name)
    assert run("demo") == 1
    told = capsys.readouterr().err
    assert "PIL is missing" in told
    assert 'pip install ".[demo]"' in told
