"""Storage that fails: a disk that is full, an S3 server that is killed."""

import asyncio
import logging
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx2
import pytest

from filebed.beds import PNG, Bench, as_json, bench_in, inside, pieces, served
from lmarena_bridge.filebed.problems import DiskFull, NoSuchFile, StorageFailed
from lmarena_bridge.filebed.storage import S3Place, in_bucket, in_directory
from support.free_port import free_port

MEBIBYTE = b"x" * 1024 * 1024
PATIENCE = 20.0


# -- a directory ------------------------------------------------------------------------------------------


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 4 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], check=True, timeout=PATIENCE)
    try:
        yield place
    finally:
        subprocess.run(["umount", "--lazy", place], check=True, timeout=PATIENCE)


async def test_fault_40_a_full_disk_is_said_and_leaves_no_half_file(small_disk: Path) -> None:
    bench = bench_in(small_disk / "uploads")
    first = await bench.bed.keep(pieces(*[MEBIBYTE] * 2))
    with pytest.raises(DiskFull):
        await bench.bed.keep(pieces(*[MEBIBYTE] * 3))
    assert inside(small_disk / "uploads") == [first.name]
    await bench.bed.keep(pieces(MEBIBYTE))  # there is room again for what fits


async def test_small_files_fill_a_disk_as_well(small_disk: Path) -> None:
    bench = bench_in(small_disk / "uploads")
    with pytest.raises(DiskFull):
        for _ in range(10):
            await bench.bed.keep(pieces(MEBIBYTE[:500_001]))
    assert len(inside(small_disk / "uploads")) == 8
    assert {file.stat().st_size for file in (small_disk / "uploads").iterdir()} == {500_001}


async def test_fault_40_a_full_disk_lets_go_what_is_over(small_disk: Path) -> None:
    bench = bench_in(small_disk / "uploads", keep_seconds=3600)
    await bench.bed.keep(pieces(*[MEBIBYTE] * 3))
    bench.ahead = 4000
    with pytest.raises(DiskFull):
        await bench.bed.keep(pieces(*[MEBIBYTE] * 2))
    assert inside(small_disk / "uploads") == []
    await bench.bed.keep(pieces(*[MEBIBYTE] * 2))


async def test_fault_40_the_client_hears_507_and_what_to_do(small_disk: Path) -> None:
    async with served(small_disk / "uploads") as bed:
        forms = [
            await bed.client.post("/upload", files={"file": ("x", MEBIBYTE * 6)}),
            await bed.client.post(
                "/upload", content=as_json(MEBIBYTE * 6), headers={"content-type": "application/json"}
            ),
        ]
        for answer in forms:
            assert answer.status_code == 507
            assert answer.json()["code"] == "disk_full"
            assert answer.json()["success"] is False
            assert "space" in answer.json()["error"]
            assert str(small_disk) not in answer.text
        assert inside(small_disk / "uploads") == []
        assert (await bed.upload(PNG))["success"] is True


def test_a_directory_that_cannot_be_is_an_error_at_once(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(OSError, match="file"):
        in_directory(tmp_path / "file" / "uploads")


# -- a bucket ---------------------------------------------------------------------------------------------


@dataclass
class Bucket:
    """A real S3 server, and the one bucket it has."""

    root: Path
    port: int
    process: asyncio.subprocess.Process

    def bench(self, **rules: object) -> Bench:
        place = S3Place("bed", "some/files", f"http://127.0.0.1:{self.port}", "", "an id", "a secret")
        return Bench(in_bucket(place), **rules)

    def files(self) -> list[str]:
        folder = self.root / "bed" / "some" / "files"
        return inside(folder) if folder.exists() else []

    async def kill(self) -> None:
        self.process.kill()
        await self.process.wait()


async def start(root: Path, port: int) -> Bucket:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "localbucket", "--port", str(port), str(root)), stderr=subprocess.DEVNULL
    )
    async with asyncio.timeout(PATIENCE), httpx2.AsyncClient() as client:
        while True:
            try:
                await client.get(f"http://127.0.0.1:{port}/")
                return Bucket(root, port, process)
            except httpx2.TransportError:
                await asyncio.sleep(0.02)


@pytest.fixture
async def bucket(tmp_path: Path) -> AsyncIterator[Bucket]:
    (tmp_path / "bed").mkdir()
    bucket = await start(tmp_path, free_port())
    yield bucket
    if bucket.process.returncode is None:
        await bucket.kill()


async def test_files_small_and_large_are_kept_in_a_bucket(bucket: Bucket) -> None:
    bench = bucket.bench(keep_seconds=3600)
    small = await bench.bed.keep(pieces(PNG))
    large = await bench.bed.keep(pieces(*[MEBIBYTE] * 11, b"end"))
    assert bucket.files() == sorted([small.name, large.name])
    found = await bench.bed.find(large.name)
    assert found.size == 11 * len(MEBIBYTE) + 3
    tail = [piece async for piece in await bench.bed.read(found, found.size - 5, found.size)]
    assert b"".join(tail) == b"xxend"
    bench.ahead = 4000
    await bench.bed.tidy()
    assert bucket.files() == []
    with pytest.raises(NoSuchFile):
        await bench.bed.find(small.name)


async def test_the_quota_counts_in_a_bucket(bucket: Bucket) -> None:
    bench = bucket.bench(quota_bytes=250)
    for _ in range(4):
        await bench.bed.keep(pieces(b"x" * 100))
    assert len(bucket.files()) == 2


async def test_an_upload_that_breaks_off_is_taken_back_from_the_bucket(bucket: Bucket) -> None:
    bench = bucket.bench()
    with pytest.raises(RuntimeError, match="gone"):
        async with bench.bed.draft() as draft:
            for _ in range(12):
                await draft.write(MEBIBYTE)
            raise RuntimeError("the sender is gone")
    assert bucket.files() == []


async def test_fault_42_an_object_storage_killed_in_mid_upload_fails_it_soon_and_leaves_no_half_file(
    bucket: Bucket, caplog: pytest.LogCaptureFixture
) -> None:
    bench = bucket.bench()
    first = await bench.bed.keep(pieces(PNG))
    with caplog.at_level(logging.ERROR), pytest.raises(StorageFailed) as failure:
        async with asyncio.timeout(10), bench.bed.draft() as draft:
            for _ in range(8):
                await draft.write(MEBIBYTE)
            await bucket.kill()
            while True:
                await draft.write(MEBIBYTE)
    assert str(bucket.port) not in failure.value.message  # what the storage said is for the log alone
    assert bucket.files() == [first.name]
    async with asyncio.timeout(10):
        with pytest.raises(StorageFailed):
            await bench.bed.keep(pieces(PNG))
        with pytest.raises(StorageFailed):
            await bench.bed.find(first.name)
    bucket.process = (await start(bucket.root, bucket.port)).process
    again = await bench.bed.keep(pieces(PNG))
    assert bucket.files() == sorted([first.name, again.name])


async def test_a_server_that_is_away_does_not_stop_the_tidying(bucket: Bucket) -> None:
    bench = bucket.bench()
    await bucket.kill()
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bench.bed.keep_tidy())
        with pytest.raises(StorageFailed):
            await bench.bed.tidy()
        assert not task.done()
        task.cancel()


@pytest.mark.parametrize(
    "place",
    [
        S3Place("bed", endpoint="http://[::1"),
        S3Place("bed", endpoint="http://"),
        S3Place("bed", access_key_id="without its secret"),
    ],
)
def test_a_bucket_that_cannot_be_is_an_error_at_once(place: S3Place) -> None:
    with pytest.raises(ValueError, match=r".+"):
        in_bucket(place)


def test_the_storage_s_keys_do_not_show_when_it_is_printed() -> None:
    assert "canary" not in repr(S3Place("bed", access_key_id="canary", secret_access_key="canary"))
