"""The kit itself runs: our own server, a fake tab, a load, figures. How large they are is no matter here."""

import sys
from pathlib import Path

import pytest
from benchmarks.asking import Load
from benchmarks.contestants import bare, contestants, own, peer_bridge
from benchmarks.order import Order
from benchmarks.page import BEGIN, END, renew
from benchmarks.scenarios import SCENARIOS, Scenario
from benchmarks.stage import Stage

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="reads /proc and pins processes to CPUs")

SHORT = {
    "burst": Scenario("", Load(0, Order(fragments=20), 4, seconds=0.1)),
    "whole": Scenario("", Load(0, Order(fragments=20), 4, stream=False, seconds=0.1)),
    "paced": Scenario("", Load(0, Order(fragments=3, delay_us=1000), 4, seconds=0.1)),
    "large": Scenario("", Load(0, Order(fragments=2000, size=1000), 1, seconds=0.1)),
    "image": Scenario("", Load(0, Order(fragments=1), image=100_000, history=2, seconds=0.1)),
    "beside": Scenario("", Load(0, Order(fragments=3), seconds=0.1), Load(0, Order(fragments=3), seconds=9)),
}


@pytest.mark.parametrize("scenario", SHORT.values(), ids=SHORT)
def test_our_server_is_measured(scenario: Scenario, tmp_path: Path) -> None:
    with Stage(own(tmp_path / "own"), tmp_path / "log") as stage:
        figures = stage.play(scenario)
    assert "error" not in figures, figures
    assert float(figures["cpu_us_fragment"]) > 0
    assert float(figures["first_p50_us"]) > 0
    assert float(figures["peak_kb"]) >= float(figures["rss_kb"]) > 0


def test_the_bare_relay_is_measured(tmp_path: Path) -> None:
    with Stage(bare(tmp_path), tmp_path / "log") as stage:
        assert "error" not in stage.play(SHORT["burst"])


def test_a_server_that_does_not_come_up_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "peer").mkdir()
    (tmp_path / "peer" / "api_server.py").write_text("raise SystemExit(3)", encoding="utf-8")
    config = '{\n  // a comment\n  "session_id": "old", "enable_auto_update": true\n}'
    (tmp_path / "peer" / "config.jsonc").write_text(config, encoding="utf-8")
    peer = peer_bridge(tmp_path / "peer", tmp_path / "copy")
    assert peer is not None
    assert '"enable_auto_update": false' in (tmp_path / "copy" / "config.jsonc").read_text(encoding="utf-8")
    with pytest.raises(RuntimeError, match="exit code 3"), Stage(peer, tmp_path / "log"):
        raise AssertionError("it did come up")


def test_who_is_not_here_is_left_out(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert contestants(["peer"], tmp_path, None) == []
    assert "peer: not here" in capsys.readouterr().out


def test_the_page_is_renewed_between_its_marks(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(f"before\n{BEGIN}\nwhat was there\n{END}\nafter\n", encoding="utf-8")
    renew([{"contestant": "own", "scenario": "s16", "round": 0, "cpu_us_fragment": 2.0}], page)
    text = page.read_text(encoding="utf-8")
    assert text.startswith("before\n") and text.endswith("after\n")
    assert "what was there" not in text and "| own | 2 |" in text and SCENARIOS["s16"].about in text
