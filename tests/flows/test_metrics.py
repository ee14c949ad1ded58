"""GET /metrics, read by a parser of others."""

from pathlib import Path

import httpx2
from prometheus_client.parser import text_string_to_metric_families

from support.chain import chain as start


def samples(text: str) -> dict[tuple[str, str], float]:
    """(name, first label's value) → value."""
    return {
        (sample.name, next(iter(sample.labels.values()), "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def test_answers_tabs_and_jobs_are_counted(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        before = samples((await chain.client.get("/metrics")).text)
        assert before["lmarena_bridge_tabs", "connected"] == 1
        assert ("lmarena_bridge_answers_total", "200") not in before
        assert (await chain.ask("hi")).status_code == 200
        assert (await chain.ask("hi", model="no-such-model")).status_code == 404
        response = await chain.client.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=0.0.4")
    after = samples(response.text)
    assert after["lmarena_bridge_answers_total", "200"] == 1
    assert after["lmarena_bridge_answers_total", "404"] == 1
    assert after["lmarena_bridge_answer_tokens_total", ""] > 0
    assert after["lmarena_bridge_first_event_seconds_count", ""] == 1
    assert after["lmarena_bridge_answer_seconds_count", ""] == 2
    assert after["lmarena_bridge_jobs", "running"] == after["lmarena_bridge_jobs", "waiting"] == 0
    assert after["lmarena_bridge_sessions", "free"] >= 1
    assert ("lmarena_bridge_info", chain.server.services.version) in after


async def test_no_secret_and_no_text_is_among_the_figures(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        await chain.ask("a very private question", user="somebody")
        services = chain.server.services
        told = (await chain.client.get("/metrics")).text
    for secret in ("private", "somebody", services.secret, services.internal_token):
        assert secret not in told


async def test_a_page_of_another_site_gets_no_figures(tmp_path: Path) -> None:
    async with start(tmp_path) as chain:
        headers = {"origin": "https://evil.example"}
        response: httpx2.Response = await chain.client.get("/metrics", headers=headers)
        assert response.status_code == 403
        assert "lmarena_bridge" not in response.text
