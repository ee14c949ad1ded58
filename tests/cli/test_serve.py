"""`lmarena-bridge serve` as a program of its own."""

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import httpx2

from lmarena_bridge.cli.serve import greeting, next_step
from support.chain import chain
from support.free_port import free_port

# How long the program may take to start or to stop, on a busy machine.
PATIENCE = 30


@contextmanager
def serving(home: Path, port: int, *arguments: str) -> Iterator[tuple[subprocess.Popen[str], list[str]]]:
    """The running program, and the lines of its greeting."""
    process = subprocess.Popen(
        [
            sys.executable,
            "-m",
            "lmarena_bridge",
            "serve",
            "--home",
            str(home),
            "--port",
            str(port),
            *arguments,
        ],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200", "PYTHONIOENCODING": "utf-8"},
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        lines: list[str] = []
        for line in process.stdout:
            lines.append(line.rstrip())
            if line.startswith("  3."):
                break
        yield process, lines
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def test_the_first_start_makes_a_home_and_says_what_to_do_next(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with serving(home, port) as (process, lines):
        text = "\n".join(lines)
        assert f"http://127.0.0.1:{port}/v1" in text
        steps = [line for line in lines if line.startswith(("  1.", "  2.", "  3."))]
        assert f"http://127.0.0.1:{port}/LMArenaApiBridge.user.js" in steps[0]
        assert "https://lmarena.ai/" in steps[1]
        assert "models update" in steps[2]
        assert httpx2.get(f"http://127.0.0.1:{port}/healthz").json()["status"] == "ok"
        assert httpx2.get(f"http://127.0.0.1:{port}/readyz").status_code == 503
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    assert {path.name for path in home.iterdir()} >= {
        "config.jsonc",
        "models.json",
        "model_endpoint_map.json",
    }


def test_a_second_start_changes_nothing_and_says_that_one_runs_already(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with serving(home, port):
        before = (home / "config.jsonc").read_bytes()
        second = subprocess.run(
            [sys.executable, "-m", "lmarena_bridge", "serve", "--home", str(home), "--port", str(port)],
            capture_output=True,
            encoding="utf-8",
            timeout=PATIENCE,
        )
        assert second.returncode != 0
        assert "running" in second.stderr
        assert "Traceback" not in second.stderr
        assert (home / "config.jsonc").read_bytes() == before


def test_a_broken_file_is_said_with_its_place_and_nothing_is_served(tmp_path: Path) -> None:
    (tmp_path / "config.jsonc").write_text('{\n  "port": "many"\n}', encoding="utf-8")
    started = subprocess.run(
        [sys.executable, "-m", "lmarena_bridge", "serve", "--home", str(tmp_path)],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert started.returncode != 0
    assert "config.jsonc" in started.stderr
    assert "line 2" in started.stderr
    assert "Traceback" not in started.stderr


def test_other_computers_are_not_served_without_a_key(tmp_path: Path) -> None:
    started = subprocess.run(
        [sys.executable, "-m", "lmarena_bridge", "serve", "--home", str(tmp_path), "--host", "0.0.0.0"],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )
    assert started.returncode != 0
    assert "api_key" in started.stderr


async def test_the_next_step_is_what_is_missing_and_at_last_the_chat(tmp_path: Path) -> None:
    async with chain(tmp_path, tab=False) as running:
        home = running.server.services.home
        assert "demo-chat" in next_step(running.server)
        home.sessions.write_text("{}", encoding="utf-8")
        assert "session capture" in next_step(running.server)
        home.models.write_text("{}", encoding="utf-8")
        assert "models update" in next_step(running.server)


async def test_with_a_window_of_its_own_nothing_is_to_be_installed(tmp_path: Path) -> None:
    async with chain(tmp_path, tab=False) as running:
        text = greeting(running.server, own_window=True)
        assert "Install" not in text
        assert "browser window opens" in text


def test_what_was_asked_and_answered_is_not_logged(tmp_path: Path) -> None:
    home, port = tmp_path / "home", free_port()
    with serving(home, port) as (process, _):
        body = {"model": "canary-model", "messages": [{"role": "user", "content": "canary-prompt"}]}
        httpx2.post(f"http://127.0.0.1:{port}/v1/chat/completions", json=body)
        secret = (home / "state" / "pairing_secret").read_text(encoding="utf-8").strip()
        process.send_signal(signal.SIGTERM)
        output, log = process.communicate(timeout=PATIENCE)
    assert "model_not_found" in log
    for written in (output, log):
        assert "canary-prompt" not in written
        assert secret not in written


def test_a_model_file_of_an_earlier_bridge_is_taken_as_it_is(tmp_path: Path) -> None:
    (tmp_path / "models.json").write_text(json.dumps({"gpt": "null:image"}), encoding="utf-8")
    port = free_port()
    with serving(tmp_path, port):
        listed = httpx2.get(f"http://127.0.0.1:{port}/v1/models").json()
    assert [model["id"] for model in listed["data"]] == ["gpt"]


async def test_a_server_that_others_can_reach_says_so(tmp_path: Path) -> None:
    async with chain(tmp_path, tab=False) as running:
        assert "Other computers" not in greeting(running.server)
        # Not listened on for the sake of a test: nobody shall reach it.
        open_to_all = replace(running.server, address="0.0.0.0")
        assert "Other computers can reach it (0.0.0.0)" in greeting(open_to_all)
