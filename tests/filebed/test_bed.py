import asyncio
import os
from pathlib import Path

import pytest

from filebed.beds import BASE, PNG, bench_in, inside, pieces
from lmarena_bridge.filebed.bed import FileBed, Found, StoredFile
from lmarena_bridge.filebed.kinds import KINDS
from lmarena_bridge.filebed.problems import BadUpload, NoSuchFile, TooLarge
from support.chain import until

HOUR = 3600.0


async def content(bed: FileBed, found: Found) -> bytes:
    return b"".join([piece async for piece in await bed.read(found, 0, found.size)])


def sizes(directory: Path) -> set[int]:
    return {file.stat().st_size for file in directory.iterdir()}


async def test_a_file_is_kept_under_a_name_of_ours_until_its_time_is_over(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, keep_seconds=HOUR)
    kept = await bench.bed.keep(pieces(PNG[:5], PNG[5:]), "text/html")
    name = f"{1:032x}.png"
    assert kept.expires is not None
    assert kept == StoredFile(name, f"{BASE}/uploads/{name}", len(PNG), "image/png", kept.expires)
    found = await bench.bed.find(name)
    assert found == Found(name, KINDS["png"], len(PNG), found.since)
    assert found.since == pytest.approx(kept.expires - HOUR, abs=5)
    assert await content(bench.bed, found) == PNG
    assert inside(tmp_path) == [name]


async def test_the_declared_type_may_come_late_and_counts_within_text(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    async with bench.bed.draft() as draft:
        await draft.write(b"{")
        await draft.write(b"}", "application/json")
        assert bench.bed.stored(await draft.finish()).name.endswith(".json")


async def test_a_file_of_many_pieces_is_whole(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    data = os.urandom(3_000_001)
    kept = await bench.bed.keep(pieces(*[data[at : at + 1000] for at in range(0, len(data), 1000)]))
    assert await content(bench.bed, await bench.bed.find(kept.name)) == data


async def test_a_file_whose_time_is_over_is_gone_at_once_and_removed_with_the_next_tidying(
    tmp_path: Path,
) -> None:
    bench = bench_in(tmp_path, keep_seconds=HOUR)
    kept = await bench.bed.keep(pieces(PNG))
    bench.ahead = HOUR - 10
    await bench.bed.tidy()
    assert (await bench.bed.find(kept.name)).size == len(PNG)
    bench.ahead = HOUR + 10
    with pytest.raises(NoSuchFile):
        await bench.bed.find(kept.name)
    assert inside(tmp_path) == [kept.name]
    await bench.bed.tidy()
    assert inside(tmp_path) == []


async def test_with_no_time_set_a_file_stays_for_ever(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, keep_seconds=0)
    kept = await bench.bed.keep(pieces(PNG))
    bench.ahead = 100 * 365 * 24 * HOUR
    await bench.bed.tidy()
    assert kept.expires is None
    assert (await bench.bed.find(kept.name)).name == kept.name


async def test_the_time_that_is_set_later_counts_for_earlier_files(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, keep_seconds=0)
    kept = await bench.bed.keep(pieces(PNG))
    bench.ahead = 2 * HOUR
    bench.change(keep_seconds=HOUR)
    with pytest.raises(NoSuchFile):
        await bench.bed.find(kept.name)


async def test_when_the_quota_is_reached_the_oldest_go(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, quota_bytes=250)
    names = [(await bench.bed.keep(pieces(b"x" * 100))).name for _ in range(2)]
    os.utime(tmp_path / names[0], (1, 2_000_000_000))  # the first is made the younger one
    third = (await bench.bed.keep(pieces(b"x" * 100))).name
    assert inside(tmp_path) == sorted([names[0], third])


async def test_what_is_over_goes_before_what_is_not(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, quota_bytes=250, keep_seconds=HOUR)
    names = [(await bench.bed.keep(pieces(b"x" * 100))).name for _ in range(2)]
    bench.ahead = HOUR + 10
    third = (await bench.bed.keep(pieces(b"x" * 10))).name
    assert inside(tmp_path) == [third]
    assert third not in names


async def test_a_file_that_never_fits_takes_nobody_s_place(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, quota_bytes=250, max_bytes=1000)
    first = await bench.bed.keep(pieces(b"x" * 100))
    with pytest.raises(TooLarge, match="250"):
        await bench.bed.keep(pieces(*[b"x" * 100] * 3))
    assert inside(tmp_path) == [first.name]


async def test_many_at_once_stay_within_the_quota(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, quota_bytes=50_000)
    async with asyncio.TaskGroup() as group:
        for _ in range(40):
            group.create_task(bench.bed.keep(pieces(b"x" * 4000, b"y" * 6000)))
    assert 0 < len(inside(tmp_path)) <= 5
    assert sizes(tmp_path) == {10_000}


async def test_what_is_no_file_of_ours_is_never_removed_and_never_found(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, quota_bytes=10, keep_seconds=1)
    (tmp_path / "diary.txt").write_bytes(b"x" * 1000)
    bench.ahead = 1e6
    await bench.bed.tidy()
    assert inside(tmp_path) == ["diary.txt"]
    with pytest.raises(NoSuchFile):
        await bench.bed.find("diary.txt")


async def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadUpload, match="empty"):
        await bench_in(tmp_path).bed.keep(pieces(b"", b""))
    assert inside(tmp_path) == []


async def test_the_limit_counts_to_the_byte(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, max_bytes=10_000)
    await bench.bed.keep(pieces(b"x" * 9999, b"x"))
    with pytest.raises(TooLarge):
        await bench.bed.keep(pieces(b"x" * 9999, b"xx"))
    assert len(inside(tmp_path)) == 1


@pytest.mark.parametrize("size", [10, 5000, 3_000_000])
async def test_a_stream_that_breaks_leaves_nothing(tmp_path: Path, size: int) -> None:
    async def broken() -> object:
        raise RuntimeError("the sender is gone")

    bench = bench_in(tmp_path)
    with pytest.raises(RuntimeError, match="gone"):
        async with bench.bed.draft() as draft:
            await draft.write(b"x" * size)
            await broken()
    assert inside(tmp_path) == []


async def test_an_upload_that_is_cancelled_leaves_nothing(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    started = asyncio.Event()

    async def endless() -> None:
        async with bench.bed.draft() as draft:
            await draft.write(b"x" * 3_000_000)
            started.set()
            await asyncio.Event().wait()

    async with asyncio.TaskGroup() as group:
        task = group.create_task(endless())
        await started.wait()
        task.cancel()
    assert inside(tmp_path) == []


async def test_what_a_killed_process_left_is_removed_an_hour_later(tmp_path: Path) -> None:
    bench = bench_in(tmp_path)
    left = tmp_path / f"{7:032x}.png#1"
    left.write_bytes(b"half a file")
    (tmp_path / "notes#1").write_bytes(b"mine")
    await bench.bed.tidy()
    assert left.exists()
    bench.ahead = 2 * HOUR
    await bench.bed.tidy()
    assert inside(tmp_path) == ["notes#1"]


async def test_it_keeps_itself_tidy_from_the_start(tmp_path: Path) -> None:
    bench = bench_in(tmp_path, keep_seconds=HOUR)
    await bench.bed.keep(pieces(PNG))
    bench.ahead = 2 * HOUR
    async with asyncio.TaskGroup() as group:
        task = group.create_task(bench.bed.keep_tidy())
        await until(lambda: not inside(tmp_path))
        task.cancel()
