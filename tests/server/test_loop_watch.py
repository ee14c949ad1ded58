import time
from collections.abc import Iterator, MutableMapping
from typing import Any

import pytest
from structlog.testing import capture_logs

from lmarena_bridge.server.loop_watch import loop_watched
from support.chain import until

Logs = list[MutableMapping[str, Any]]
PATIENCE = 20.0


@pytest.fixture
def logs() -> Iterator[Logs]:
    with capture_logs() as captured:
        yield captured


def events(logs: Logs) -> list[str]:
    return [str(each["event"]) for each in logs]


def stand_in_everybodys_way(logs: Logs) -> None:
    """Keep the loop from turning until somebody has said so."""
    gives_up_at = time.monotonic() + PATIENCE
    while not logs and time.monotonic() < gives_up_at:
        time.sleep(0.01)


async def test_who_keeps_the_loop_from_turning_is_named_once_and_its_end_is_told(logs: Logs) -> None:
    async with loop_watched(1):
        stand_in_everybodys_way(logs)
        await until(lambda: len(logs) > 1)
    stuck, goes_on = logs
    assert "the event loop is stuck" in stuck["event"]
    assert "stand_in_everybodys_way" in stuck["stack"]
    assert goes_on["event"] == "the event loop goes on"
    assert goes_on["stuck_seconds"] >= 1


async def test_a_loop_that_turns_is_left_in_peace(logs: Logs) -> None:
    async with loop_watched(30):
        pass
    assert events(logs) == []
