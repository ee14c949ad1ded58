import asyncio
import socket
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from lmarena_bridge.cli.systemd import keep_alive, notify

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows has no systemd")


@pytest.fixture
def listening(tmp_path: Path) -> Iterator[tuple[socket.socket, str]]:
    address = str(tmp_path / "notify")
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(address)
        systemd.settimeout(10)
        yield systemd, address


def test_systemd_hears_what_it_is_told(listening: tuple[socket.socket, str]) -> None:
    systemd, address = listening
    notify("READY=1", {"NOTIFY_SOCKET": address})
    assert systemd.recv(100) == b"READY=1"


@pytest.mark.parametrize("address", ["", "vsock:2:1234"])
def test_where_no_systemd_is_nothing_happens(address: str) -> None:
    notify("READY=1", {"NOTIFY_SOCKET": address} if address else {})


def test_who_does_not_listen_any_more_is_no_trouble(tmp_path: Path) -> None:
    notify("READY=1", {"NOTIFY_SOCKET": str(tmp_path / "nobody")})


@pytest.mark.skipif(sys.platform != "linux", reason="abstract addresses are Linux's")
def test_an_abstract_address_is_understood(tmp_path: Path) -> None:
    name = f"lmarena-bridge-{tmp_path.name}"
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as systemd:
        systemd.bind(f"\0{name}")
        systemd.settimeout(10)
        notify("STOPPING=1", {"NOTIFY_SOCKET": f"@{name}"})
        assert systemd.recv(100) == b"STOPPING=1"


async def test_the_watchdog_is_fed_while_the_loop_turns(listening: tuple[socket.socket, str]) -> None:
    systemd, address = listening
    async with asyncio.TaskGroup() as group:
        environ = {"NOTIFY_SOCKET": address, "WATCHDOG_USEC": "2000"}
        task = group.create_task(keep_alive(environ))
        for _ in range(3):
            assert await asyncio.to_thread(systemd.recv, 100) == b"WATCHDOG=1"
        task.cancel()


@pytest.mark.parametrize("asked", ["", "0", "soon"])
async def test_a_watchdog_that_nobody_asked_for_is_not_fed(asked: str) -> None:
    await asyncio.wait_for(keep_alive({"WATCHDOG_USEC": asked} if asked else {}), 5)
