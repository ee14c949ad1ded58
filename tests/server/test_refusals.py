from typing import Any

from lmarena_bridge.core.errors import Unauthorized
from lmarena_bridge.server.board.asked import Asked
from lmarena_bridge.server.board.refusals import Refusals


class Rows:
    """What a watch would be told."""

    def __init__(self) -> None:
        self.rows: list[Asked] = []

    def refused(self, asked: Asked) -> None:
        self.rows.append(asked)


def request(path: str = "/v1/chat/completions", method: str = "POST") -> dict[str, Any]:
    return {"method": method, "path": path, "headers": [(b"user-agent", b"curl/8.0")]}


def test_some_at_once_then_one_a_minute_that_counts_the_others() -> None:
    now, watch = [1000.0], Rows()
    refusals = Refusals(watch, lambda: 5.0, lambda: now[0])  # type: ignore[arg-type]
    wrong = Unauthorized("The key is wrong.")
    for _ in range(500):
        refusals.tell(request(), wrong)
    assert len(watch.rows) == 10
    now[0] += 60
    refusals.tell(request(), wrong)
    refusals.tell(request(), wrong)
    assert len(watch.rows) == 11
    row = watch.rows[-1]
    assert row.message == (
        "POST /v1/chat/completions: The key is wrong. (And 490 more requests were refused before.)"
    )
    assert (row.status, row.code, row.client, row.started) == (401, "invalid_api_key", "curl/8.0", 5.0)


def test_only_what_is_asked_of_the_api_counts() -> None:
    watch = Rows()
    refusals = Refusals(watch, lambda: 5.0, lambda: 0.0)  # type: ignore[arg-type]
    refusals.tell(request(method="GET"), Unauthorized("no"))
    refusals.tell(request("/internal/settings"), Unauthorized("no"))
    assert watch.rows == []
    refusals.tell(request(f"/v1/{'x' * 5000}"), Unauthorized("y" * 5000))
    assert len(watch.rows[0].message) < 1000
