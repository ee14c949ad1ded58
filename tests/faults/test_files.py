"""Faults of files and disks, by the numbers of docs/reliability.md; the places named there try much more."""

import errno
import os
import subprocess
import sys
import time
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from lmarena_bridge.core.config.jsonc import loads
from lmarena_bridge.core.errors import ConfigError
from lmarena_bridge.server.loop_watch import loop_watched
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import prepare_home
from support.chain import Chain, until
from support.chain import chain as start

ADD_MODELS = """
import sys
from pathlib import Path
from lmarena_bridge.storage.config_writer import ConfigWriter
from lmarena_bridge.storage.home import prepare_home
writer = ConfigWriter(prepare_home(Path(sys.argv[1])))
for number in range(int(sys.argv[3])):
    writer.add_models({f"{sys.argv[2]}-{number}": "null"})
    print(number, flush=True)
"""


def adding(home: Path, name: str, count: int) -> "subprocess.Popen[str]":
    """A process that adds `count` models, one write each, and says so after each."""
    command = [sys.executable, "-c", ADD_MODELS, str(home), name, str(count)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")


def test_fault_34_a_kill_in_the_middle_of_writing_leaves_a_whole_file_with_all_that_was_acknowledged(
    tmp_path: Path,
) -> None:
    home = prepare_home(tmp_path / "home")
    with adding(home.path, "m", 100_000) as writer:
        assert writer.stdout is not None
        acknowledged = [int(next(writer.stdout)) for _ in range(20)]
        writer.kill()
    models = loads(home.models.read_text(encoding="utf-8")).value
    assert {f"m-{number}" for number in acknowledged} <= set(models)


def test_fault_35_what_is_acknowledged_is_on_the_disk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A power cut cannot be had here: file and directory are synchronised before the write is told."""
    synced: list[bool] = []
    real = os.fsync

    def fsync(descriptor: int) -> None:
        synced.append(os.path.isdir(f"/proc/self/fd/{descriptor}"))
        real(descriptor)

    home = prepare_home(tmp_path / "home")
    monkeypatch.setattr(os, "fsync", fsync)
    ConfigWriter(home).add_models({"a": "null"})
    assert synced == [False, True]


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EIO])
def test_fault_36_a_disk_that_fails_is_told_and_the_file_is_as_it_was(tmp_path: Path, number: int) -> None:
    home = prepare_home(tmp_path / "home")
    before = home.models.read_bytes()

    def write(path: Path, data: bytes, old: bytes | None) -> None:
        raise OSError(number, os.strerror(number))

    with pytest.raises(ConfigError, match=os.strerror(number)):
        ConfigWriter(home, write=write).add_models({"b": "1"})
    assert home.models.read_bytes() == before


def test_fault_37_several_processes_that_write_at_once_lose_nothing(tmp_path: Path) -> None:
    home = prepare_home(tmp_path / "home")
    names, count = ("a", "b", "c", "d"), 10
    writers = [adding(home.path, name, count) for name in names]
    for writer in writers:
        writer.communicate(timeout=50)
        assert writer.returncode == 0
    models = loads(home.models.read_text(encoding="utf-8")).value
    assert {f"{name}-{number}" for name in names for number in range(count)} <= set(models)


async def test_fault_38_a_config_that_breaks_leaves_the_last_good_one_and_its_key_in_force(
    tmp_path: Path,
) -> None:
    async with start(tmp_path, settings={"api_key": "sk-right"}) as chain:
        settings = chain.server.services.home.settings
        settings.write_text('{\n  "api_key": \n', encoding="utf-8")
        assert (await chain.ask("hi")).status_code == 401
        problem = (await ready(chain))["config"]
        assert "config.jsonc, line" in problem
        chain.client.headers["authorization"] = "Bearer sk-right"
        assert (await chain.ask("hi")).status_code == 200


async def ready(chain: Chain) -> dict[str, str]:
    body: dict[str, str] = (await chain.client.get("/readyz")).json()
    return body


async def test_fault_39_a_config_that_vanishes_stays_in_force_and_one_that_is_replaced_is_read(
    tmp_path: Path,
) -> None:
    async with start(tmp_path, settings={"api_key": "sk-right"}) as chain:
        settings = chain.server.services.home.settings
        settings.unlink()
        assert (await chain.ask("hi")).status_code == 401
        beside = settings.with_name("config.jsonc.new")
        beside.write_text('{"api_key": "sk-new"}', encoding="utf-8")
        beside.replace(settings)
        chain.client.headers["authorization"] = "Bearer sk-new"
        assert (await chain.ask("hi")).status_code == 200


async def test_fault_41_a_file_bed_that_is_down_fails_what_needs_it_and_nothing_else(tmp_path: Path) -> None:
    settings = {"file_bed_enabled": True, "file_bed_upload_url": "http://127.0.0.1:9/upload"}
    picture = {"type": "image_url", "image_url": {"url": "data:image/png;base64,iVBORw0KGgo="}}
    async with start(tmp_path, settings=settings) as chain:
        text = {"type": "text", "text": "look"}
        body = {"model": "demo-chat", "messages": [{"role": "user", "content": [text, picture]}]}
        answer = await chain.client.post("/v1/chat/completions", json=body)
        assert (answer.status_code, answer.json()["error"]["code"]) == (502, "file_bed")
        assert (await chain.ask("hi")).status_code == 200


def stuck(logs: list[MutableMapping[str, Any]]) -> list[str]:
    """The stacks that were logged."""
    return [str(each["stack"]) for each in logs if "stuck:" in str(each["event"])]


async def test_fault_45_a_loop_that_is_blocked_is_named_and_costs_no_tab(chain: Chain) -> None:
    with capture_logs() as logs:
        async with loop_watched(1):
            gives_up_at = time.monotonic() + 20
            while not stuck(logs) and time.monotonic() < gives_up_at:
                time.sleep(0.01)  # noqa: ASYNC251 - it is the fault
            await until(lambda: any("goes on" in str(each["event"]) for each in logs))
    assert "test_fault_45" in stuck(logs)[0]
    assert (await chain.ask("hi")).status_code == 200
    assert [tab.connected for tab in chain.server.services.hub.tabs] == [True]
