import asyncio

import pytest

from lmarena_bridge.server.beside import beside


async def forever() -> None:
    await asyncio.Event().wait()


async def test_the_work_runs_while_the_body_does_and_no_longer() -> None:
    ran = asyncio.Event()
    ended = asyncio.Event()

    async def work() -> None:
        try:
            ran.set()
            await forever()
        finally:
            ended.set()

    async with asyncio.timeout(5):
        async with beside(work()):
            await ran.wait()
            assert not ended.is_set()
        assert ended.is_set()


async def test_an_error_of_the_body_comes_out_as_it_is() -> None:
    with pytest.raises(KeyError, match="mine"):
        async with beside(forever()):
            raise KeyError("mine")


async def test_an_error_of_the_work_ends_the_body() -> None:
    async def work() -> None:
        raise ValueError("its own")

    with pytest.raises(ExceptionGroup) as failed:
        async with asyncio.timeout(5), beside(work()):
            await forever()
    assert failed.group_contains(ValueError, match="its own")
