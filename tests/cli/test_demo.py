"""`lmarena-bridge demo` as a stranger runs it."""

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

import httpx2
import pytest

from lmarena_bridge.cli.demo import demo_chain, invitation, write_home
from lmarena_bridge.demo.models import DEMO_MODELS, TOOL_MODELS
from lmarena_bridge.storage.config_store import ConfigStore
from lmarena_bridge.storage.home import Home

PATIENCE = 60


def demo(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "lmarena_bridge", "demo", *arguments],
        capture_output=True,
        encoding="utf-8",
        timeout=PATIENCE,
    )


@pytest.mark.browser
def test_one_question_is_answered_through_a_real_browser() -> None:
    asked = demo("--ask", "Hi, I am Zażółć 🦔.")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "Zażółć" in asked.stdout
    assert "\x1b" not in asked.stdout


def test_one_question_is_answered_without_any_browser() -> None:
    asked = demo("--browser", "none", "--ask", "What is 6 * 7?")
    assert (asked.returncode, asked.stderr) == (0, "")
    assert "42" in asked.stdout


def test_an_error_is_said_in_words_and_by_the_exit_code() -> None:
    asked = demo("--browser", "none", "--ask", "#arena:422")
    assert asked.returncode == 1
    assert "refused the content" in asked.stderr
    assert "Traceback" not in asked.stderr


def test_an_error_in_the_middle_is_said_after_what_had_come() -> None:
    asked = demo("--browser", "none", "--ask", "hello #arena:error-line")
    assert asked.returncode == 1
    assert asked.stdout.strip()
    assert "reported an error" in asked.stderr


def test_it_stays_until_it_is_told_to_stop() -> None:
    process = subprocess.Popen(
        [sys.executable, "-m", "lmarena_bridge", "demo", "--browser", "none"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env={**os.environ, "COLUMNS": "200"},
    )
    watchdog = threading.Timer(PATIENCE, process.kill)
    watchdog.start()
    try:
        assert process.stdout is not None
        lines = []
        for line in process.stdout:
            lines.append(line)
            if "Ctrl-C" in line:
                break
        base = next(line.split()[-1] for line in lines if "base URL" in line)
        models = httpx2.get(f"{base}/models").json()["data"]
        assert [model["id"] for model in models] == [model.name for model in DEMO_MODELS + TOOL_MODELS]
        assert any("connected" in line for line in log_on_the_page(base))
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0
    finally:
        watchdog.cancel()
        process.kill()
        process.communicate()


def log_on_the_page(base: str) -> list[str]:
    """The lines that the page of this server shows first."""
    events, own = base.replace("/v1", "/internal/events"), {"sec-fetch-site": "same-origin"}
    with httpx2.stream("GET", events, headers=own, timeout=PATIENCE) as response:
        lines = response.iter_lines()
        while next(lines) != "event: log":
            pass
        return [str(line) for line in json.loads(next(lines).removeprefix("data: "))]


async def test_what_it_prints_can_be_pasted() -> None:
    async with demo_chain(real=False, port=0) as running:
        printed = invitation(running.server)
        body = printed.partition("-d '")[2].partition("'")[0]
        assert json.loads(body)["model"] == DEMO_MODELS[0].name
        python = printed.partition("pip install openai[/dim]\n")[2].partition("\n\n")[0]
        compile(python, "snippet", "exec")
        assert f"{running.server.url}/v1" in python


def test_its_home_maps_every_model_of_the_arena(tmp_path: Path) -> None:
    write_home(tmp_path / "home")
    config = ConfigStore(Home(tmp_path / "home")).current()
    assert set(config.models) == set(config.sessions) == {model.name for model in DEMO_MODELS + TOOL_MODELS}
    assert config.models["demo-painter"].kind == "image"
    assert config.sessions["demo-duel-b"][0].battle_target == "B"
