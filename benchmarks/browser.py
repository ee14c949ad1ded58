"""What a real browser adds to an answer: `python -m benchmarks.browser [ANSWERS]`.

Plays the same questions twice, on the demo's built-in arena: once through a headless Chromium with the
userscript, once through the tab written in Python, which fetches without a browser. The difference is the
browser's share: its network process, the page, and the userscript. Clock times are only as good as the
machine is quiet; CPU time is that of server, arena and browser together.
"""

import json
import re
import subprocess
import sys
import time
from statistics import median
from typing import Final

import httpx2
from benchmarks.processes import cpu_seconds, stop

_QUESTIONS: Final = {
    "some words, paced by the arena": "hi",
    "100 kB in 1,000 lines": "#arena:size=100000 #arena:line=100",
    "1 MB in lines of 16 kB": "#arena:size=1000000",
}


def main(answers: int) -> None:
    print("| answer | tab | first token, ms | whole, ms | CPU, ms |")
    print("|---|---|---:|---:|---:|")
    for tab in ("chromium", "none"):
        command = [sys.executable, "-m", "lmarena_bridge", "demo", "--browser", tab]
        server = subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8")
        try:
            base = base_url(server)
            for name, question in _QUESTIONS.items():
                print(row(name, tab, measure(server.pid, base, question, answers)), flush=True)
        finally:
            stop(server)


def base_url(server: subprocess.Popen[str]) -> str:
    """What the demo says when its tab is connected."""
    assert server.stdout is not None
    for line in server.stdout:
        if found := re.search(r"http://127\.0\.0\.1:\d+/v1", line):
            return found[0]
    raise RuntimeError("the demo did not start")


def measure(pid: int, base: str, question: str, answers: int) -> tuple[float, float, float]:
    """Medians of the first token and of the whole answer, and the CPU time of one; in milliseconds."""
    firsts: list[float] = []
    wholes: list[float] = []
    with httpx2.Client(base_url=base, timeout=60) as client:
        ask(client, question)
        used = cpu_seconds(pid)
        for _ in range(answers):
            first, whole = ask(client, question)
            firsts.append(first)
            wholes.append(whole)
        used = cpu_seconds(pid) - used
    return median(firsts) * 1e3, median(wholes) * 1e3, used / answers * 1e3


def ask(client: httpx2.Client, question: str) -> tuple[float, float]:
    """Seconds to the first token and to the end. Raises RuntimeError if it does not end well."""
    messages = [{"role": "user", "content": question}]
    body = {"model": "demo-chat", "stream": True, "messages": messages}
    began, first, ended = time.perf_counter(), 0.0, False
    with client.stream("POST", "/chat/completions", json=body) as response:
        for line in response.iter_lines():
            ended = ended or line == "data: [DONE]"
            if not first and line.startswith("data: {") and _has_text(line[6:]):
                first = time.perf_counter() - began
    if not first or not ended:
        raise RuntimeError(f"no whole answer to {question!r}")
    return first, time.perf_counter() - began


def _has_text(record: str) -> bool:
    choices = json.loads(record).get("choices") or [{}]
    return bool(choices[0].get("delta", {}).get("content"))


def row(name: str, tab: str, figures: tuple[float, float, float]) -> str:
    who = "Chromium" if tab == "chromium" else "Python"
    return f"| {name} | {who} | " + " | ".join(f"{figure:.1f}" for figure in figures) + " |"


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
