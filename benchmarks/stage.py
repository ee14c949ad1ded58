"""One contestant with its far end, up and connected; scenarios are played on it."""

import json
import subprocess
import sys
import time
from pathlib import Path
from types import TracebackType

import msgspec
from benchmarks import processes
from benchmarks.asking import Load
from benchmarks.contestants import KEY, ROOT, Contestant
from benchmarks.fake_tab import TabOrder
from benchmarks.order import Order
from benchmarks.scenarios import Scenario

Figures = dict[str, float | str]

_IDLE_STREAMS = 2000
# A tab of ours takes a thousand jobs at most.
_JOBS_PER_TAB = 1000


class Stage:
    """Starts on entering, is taken down on leaving, whatever happens."""

    def __init__(self, contestant: Contestant, log: Path) -> None:
        self._contestant = contestant
        self._log = log
        self._others: list[subprocess.Popen[str]] = []
        self._server: subprocess.Popen[str] | None = None
        self.base: Figures = {}

    def __enter__(self) -> "Stage":
        try:
            self._start()
        except BaseException:
            self._take_down()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._take_down()

    def play(self, scenario: Scenario) -> Figures:
        if scenario.kind == "idle":
            return self._idle()
        processes.forget_peak(self.pid)
        before = processes.memory_kb(self.pid)
        burden = None if scenario.beside is None else self._load(scenario.beside)
        if burden is not None:
            time.sleep(0.5)
        figures = self._figures(self._load(scenario.load))
        if burden is not None:
            processes.stop(burden)
        peak = processes.memory_kb(self.pid, peak=True)
        return {**self.base, **figures, "peak_kb": peak, "growth_kb": peak - before}

    @property
    def pid(self) -> int:
        assert self._server is not None
        return self._server.pid

    # -- up and down ---------------------------------------------------------------------------------------

    def _start(self) -> None:
        contestant = self._contestant
        self._port, upstream = processes.free_ports(2)
        if contestant.wire is None and contestant.name != "direct":
            self._start_other("benchmarks.fake_upstream", str(upstream))

        def filled(text: str) -> str:
            return text.replace("{port}", str(self._port)).replace("{upstream}", str(upstream))

        self._server = processes.start(
            [filled(each) for each in contestant.command],
            cpu=processes.SERVER_CPU,
            folder=contestant.folder,
            env={"PYTHONPATH": str(ROOT), **{name: filled(value) for name, value in contestant.env.items()}},
            log=self._log,
        )
        seconds = processes.until_open(self._port, self._server, contestant.patience)
        time.sleep(0.3)
        if contestant.wire is not None:
            self._open_tab()
        time.sleep(0.3)
        self.base = {"start_s": seconds, "rss_kb": processes.memory_kb(self.pid)}

    def _open_tab(self) -> None:
        contestant = self._contestant
        assert contestant.wire is not None
        secret = ""
        if contestant.wire == "own":
            secret = contestant.secret_file.read_text(encoding="ascii").strip()
        order = TabOrder(self._port, contestant.wire, secret, contestant.deflate)
        self._start_other("benchmarks.fake_tab", msgspec.json.encode(order).decode())

    def _start_other(self, module: str, argument: str) -> None:
        command = [sys.executable, "-m", module, argument]
        other = processes.start(command, cpu=processes.OTHER_CPU, folder=ROOT)
        self._others.append(other)
        assert other.stdout is not None
        if other.stdout.readline().strip() != "open":
            raise RuntimeError(f"{module} did not come up")

    def _take_down(self) -> None:
        for process in (*self._others, self._server):
            processes.stop(process)

    # -- load ----------------------------------------------------------------------------------------------

    def _load(self, load: Load) -> subprocess.Popen[str]:
        contestant = self._contestant
        key = KEY if contestant.name == "litellm" else load.key
        load = msgspec.structs.replace(load, port=self._port, pid=self.pid, model=contestant.model, key=key)
        command = [sys.executable, "-m", "benchmarks.load", msgspec.json.encode(load).decode()]
        if not contestant.verified:
            command.append("unverified")
        return processes.start(command, cpu=processes.OTHER_CPU, folder=ROOT)

    def _figures(self, loading: subprocess.Popen[str]) -> Figures:
        told, _ = loading.communicate(timeout=180)
        try:
            figures: Figures = json.loads(told)
        except ValueError:
            return {"error": "the load client failed"}
        return figures

    def _idle(self) -> Figures:
        """Memory of open streams: a first fragment, then a long pause."""
        if self._contestant.wire == "own":
            for _ in range(1, _IDLE_STREAMS // _JOBS_PER_TAB):
                self._open_tab()
            self._figures(self._load(Load(0, seconds=0)))
        before = processes.memory_kb(self.pid)
        order = Order(fragments=2, delay_us=8_000_000)
        loading = self._load(Load(0, order, _IDLE_STREAMS, seconds=0.001, most=1))
        most = before
        while loading.poll() is None:
            most = max(most, processes.memory_kb(self.pid))
            time.sleep(0.25)
        return {**self.base, **self._figures(loading), "idle_kb_stream": (most - before) / _IDLE_STREAMS}
