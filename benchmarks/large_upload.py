"""One gigabyte into the file bed and out again: `python -m benchmarks.large_upload [MEGABYTES]`.

The file is made on the way and never held, neither here nor, that is the point, in the server: its memory
may grow by at most `CEILING` bytes. Prints what it measured; the exit code says whether the ceiling held.
"""

import hashlib
import json
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx2

MIB = 1024 * 1024
CEILING = 64 * MIB
PIECE = hashlib.sha256(b"piece").digest() * (MIB // 32)
BOUNDARY = "a-boundary-of-the-benchmark"


def main(megabytes: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        size = (megabytes + 1) * MIB
        settings = {"file_bed_max_bytes": size, "file_bed_quota_bytes": 2 * size}
        (home / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")
        command = [sys.executable, "-m", "lmarena_bridge", "file-bed", "--home", folder, "--port", "5194"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
            try:
                assert server.stdout is not None
                server.stdout.readline()
                return measure(server.pid, megabytes)
            finally:
                server.terminate()


def measure(pid: int, megabytes: int) -> int:
    with httpx2.Client(base_url="http://127.0.0.1:5194", timeout=600) as client, Watch(pid) as memory:
        began = time.perf_counter()
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        kept = client.post("/upload", content=form(megabytes), headers=headers).raise_for_status().json()
        uploaded = time.perf_counter()
        found, wanted = hashlib.sha256(), hashlib.sha256()
        with client.stream("GET", f"/uploads/{kept['filename']}") as answer:
            for piece in answer.iter_bytes():
                found.update(piece)
        downloaded = time.perf_counter()
    for _ in range(megabytes):
        wanted.update(PIECE)
    whole = found.digest() == wanted.digest()
    grown = memory.peak - memory.first
    print(f"size           {megabytes} MiB, {'whole' if whole else 'DAMAGED'}")
    print(f"up             {megabytes / (uploaded - began):.0f} MiB/s")
    print(f"down           {megabytes / (downloaded - uploaded):.0f} MiB/s")
    print(f"memory before  {memory.first / MIB:.0f} MiB, peak {memory.peak / MIB:.0f} MiB")
    print(f"growth         {grown / MIB:.0f} MiB, ceiling {CEILING / MIB:.0f} MiB")
    return 0 if whole and grown <= CEILING else 1


def form(megabytes: int) -> Iterator[bytes]:
    """A form with one file, piece by piece."""
    head = 'Content-Disposition: form-data; name="file"; filename="large.bin"'
    yield f"--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
    for _ in range(megabytes):
        yield PIECE
    yield f"\r\n--{BOUNDARY}--\r\n".encode()


class Watch:
    """The memory of a process, looked at again and again from a thread."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look)
        self.first = self.peak = self._resident()

    def __enter__(self) -> "Watch":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._over.set()
        self._thread.join()

    def _look(self) -> None:
        while not self._over.wait(0.05):
            self.peak = max(self.peak, self._resident())

    def _resident(self) -> int:
        """In bytes. `ps` is on Linux and macOS alike."""
        told = subprocess.run(["ps", "-o", "rss=", "-p", str(self._pid)], capture_output=True, check=True)
        return int(told.stdout) * 1024


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else 1024))
