"""Processes under measurement: started on a CPU of their own, looked at, stopped by their ids. Linux."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Mapping, Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import Final

SERVER_CPU: Final = 0
OTHER_CPU: Final = 1


def start(
    command: Sequence[str],
    *,
    cpu: int,
    folder: Path | None = None,
    env: Mapping[str, str] | None = None,
    log: Path | None = None,
) -> subprocess.Popen[str]:
    """A process on one CPU. Its output goes to `log`, or to a pipe if there is none."""
    with ExitStack() as stack:
        out = subprocess.PIPE if log is None else stack.enter_context(log.open("w", encoding="utf-8"))
        return subprocess.Popen(
            ["taskset", "-c", str(cpu % (os.cpu_count() or 1)), *command],
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=None if log is None else subprocess.STDOUT,
            cwd=folder,
            env={**os.environ, **(env or {})},
            encoding="utf-8",
        )


def stop(process: subprocess.Popen[str] | None) -> None:
    """End a process and its children, each by its own id."""
    if process is None:
        return
    ids = family(process.pid)
    process.terminate()
    try:
        process.wait(5)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait(5)
    for pid in ids[1:]:
        try:
            os.kill(pid, signal.SIGKILL)
        except ProcessLookupError:
            continue
    if process.stdout is not None:
        process.stdout.close()


def family(pid: int) -> list[int]:
    """A process and its children, and theirs."""
    found = [pid]
    try:
        for task in os.listdir(f"/proc/{pid}/task"):
            children = Path(f"/proc/{pid}/task/{task}/children").read_text(encoding="ascii")
            for child in children.split():
                found += family(int(child))
    except OSError:  # it has just ended
        pass
    return found


def cpu_seconds(pid: int) -> float:
    """What a process and its children have used so far, all threads; 0 for process 0."""
    return sum(map(_cpu_seconds, family(pid))) if pid else 0.0


def _cpu_seconds(pid: int) -> float:
    try:
        return time.clock_gettime((~pid) << 3 | 2)  # the clock of that process, as the kernel numbers it
    except OSError:
        return 0.0


def memory_kb(pid: int, *, peak: bool = False) -> float:
    """Resident memory of a process and its children, or the most it has been since `forget_peak`."""
    return sum(_memory_kb(each, "VmHWM:" if peak else "VmRSS:") for each in family(pid))


def _memory_kb(pid: int, field: str) -> int:
    try:
        for line in Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines():
            if line.startswith(field):
                return int(line.split()[1])
    except OSError:
        pass
    return 0


def forget_peak(pid: int) -> None:
    for each in family(pid):
        Path(f"/proc/{each}/clear_refs").write_text("5", encoding="ascii")


def free_ports(count: int) -> list[int]:
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports


def until_open(port: int, process: subprocess.Popen[str], patience: float) -> float:
    """Wait until somebody listens; how long it took."""
    began = time.monotonic()
    while time.monotonic() - began < patience:
        with socket.socket() as trying:
            trying.settimeout(0.3)
            if trying.connect_ex(("127.0.0.1", port)) == 0:
                return time.monotonic() - began
        if process.poll() is not None:
            raise RuntimeError(f"it ended at once, with exit code {process.returncode}")
        time.sleep(0.01)
    raise RuntimeError(f"nobody listens on port {port}")
