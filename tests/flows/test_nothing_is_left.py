"""What a request is made of goes when it is answered, without the collector of circles.

Of one that failed the error leads back to those who saw it: there the collector must find all.
"""

import gc
from collections import Counter

import pytest

from support.chain import Chain
from support.chain import question as asked

pytestmark = pytest.mark.asyncio

# More than the start page shows of those that have ended: these are kept.
WARM = 70
ROUNDS = 20


def alive() -> Counter[str]:
    """What there is of each kind of ours, and of the iterators that a library in C may forget."""
    kinds = Counter(map(type, gc.get_objects()))
    return Counter({f"{kind.__module__}.{kind.__qualname__}": kinds[kind] for kind in kinds if is_ours(kind)})


def is_ours(kind: type) -> bool:
    place = kind.__module__
    is_program = place.startswith("lmarena_bridge.") and not place.startswith("lmarena_bridge.demo.")
    return is_program or kind.__name__.endswith("_iterator")


@pytest.mark.parametrize("stream", [True, False])
@pytest.mark.parametrize(
    ("question", "fails"),
    [
        ("tell me a long story", False),
        ("#arena:pace=1 tell me a story", False),
        ("#arena:error-line", True),
        ("#arena:400", True),
    ],
)
async def test_an_answer_leaves_nothing_behind(
    chain: Chain, question: str, *, fails: bool, stream: bool
) -> None:
    async def ask(times: int) -> None:
        for _ in range(times):
            await chain.client.post("/v1/chat/completions", json=asked(question, stream=stream))
        await chain.until_idle()

    await ask(WARM)
    gc.collect()
    gc.disable()
    try:
        before = alive()
        await ask(ROUNDS)
        if fails:
            gc.collect()
        after = alive()
    finally:
        gc.enable()
    assert {kind: more for kind, more in (after - before).items() if more >= ROUNDS} == {}
