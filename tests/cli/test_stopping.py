import asyncio
import signal

import pytest

from lmarena_bridge.cli.stopping import told_to_stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
async def test_the_first_signal_is_told_and_a_second_one_ends_the_process(number: signal.Signals) -> None:
    usual = {each: signal.getsignal(each) for each in (signal.SIGINT, signal.SIGTERM)}
    try:
        async with asyncio.timeout(5):
            with told_to_stop() as told:
                assert signal.getsignal(number) is not usual[number]
                signal.raise_signal(number)
                await told.wait()
        # Also afterwards: whatever ends then may take its time.
        assert signal.getsignal(signal.SIGINT) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGTERM) is signal.SIG_DFL
    finally:
        for each, handler in usual.items():
            signal.signal(each, handler)


async def test_without_a_signal_all_is_as_before() -> None:
    usual = signal.getsignal(signal.SIGTERM)
    with told_to_stop() as told:
        assert not told.is_set()
    assert signal.getsignal(signal.SIGTERM) is usual
