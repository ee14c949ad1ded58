"""One gigabyte into the file bed and out again by ranges: `python -m benchmarks.large_upload [MEGABYTES]`.

The file is made on the way and never held, neither here nor, that is the point, in the server: its memory
may grow by at most `CEILING` bytes. Prints what it measured; the exit code says whether the ceiling held.
"""

import hashlib
import json
import re
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
RANGE = 16 * MIB
FILLING = hashlib.sha256(b"piece").digest() * (MIB // 32)
BOUNDARY = "a-boundary-of-the-benchmark"


def main(megabytes: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        size = (megabytes + 1) * MIB
        settings = {"file_bed_max_bytes": size, "file_bed_quota_bytes": 2 * size}
        (home / "config.jsonc").write_text(json.dumps(settings), encoding="utf-8")
        command = [sys.executable, "-m", "lmarena_bridge", "file-bed", "--home", folder, "--port", "0"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8") as server:
            try:
                assert server.stdout is not None
                told = re.search(r"http://[\w.:]+", server.stdout.readline())
                assert told, "the file bed did not start"
                return measure(told[0], server.pid, megabytes)
            finally:
                server.terminate()


def measure(url: str, pid: int, megabytes: int) -> int:
    with httpx2.Client(base_url=url, timeout=600) as client, Watch(pid) as memory:
        began = time.perf_counter()
        headers = {"content-type": f"multipart/form-data; boundary={BOUNDARY}"}
        kept = client.post("/upload", content=form(megabytes), headers=headers).raise_for_status().json()
        uploaded = time.perf_counter()
        found = download(client, f"/uploads/{kept['filename']}", megabytes * MIB)
        downloaded = time.perf_counter()
    wanted = hashlib.sha256()
    for number in range(megabytes):
        wanted.update(piece(number))
    whole = found == wanted.digest()
    grown = memory.peak - memory.first
    print(f"size           {megabytes} MiB, {'whole' if whole else 'DAMAGED'}")
    print(f"up             {megabytes / (uploaded - began):.0f} MiB/s")
    print(f"down           {megabytes / (downloaded - uploaded):.0f} MiB/s")
    print(f"memory before  {memory.first / MIB:.0f} MiB, peak {memory.peak / MIB:.0f} MiB")
    print(f"growth         {grown / MIB:.0f} MiB, ceiling {CEILING / MIB:.0f} MiB")
    return 0 if whole and grown <= CEILING else 1


def download(client: httpx2.Client, path: str, size: int) -> bytes:
    """The hash of the file, fetched range by range."""
    found = hashlib.sha256()
    for start in range(0, size, RANGE):
        end = min(start + RANGE, size)
        with client.stream("GET", path, headers={"range": f"bytes={start}-{end - 1}"}) as answer:
            assert answer.status_code == 206, f"HTTP {answer.status_code} for a range"
            assert answer.headers["content-range"] == f"bytes {start}-{end - 1}/{size}"
            for data in answer.iter_bytes():
                found.update(data)
    return found.digest()


def piece(number: int) -> bytes:
    """One MiB that differs from all others, so that a piece in the wrong place is found out."""
    return number.to_bytes(8, "big") + FILLING[8:]


def form(megabytes: int) -> Iterator[bytes]:
    """A form with one file, piece by piece."""
    head = 'Content-Disposition: form-data; name="file"; filename="large.bin"'
    yield f"--{BOUNDARY}\r\n{head}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()
    for number in range(megabytes):
        yield piece(number)
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
