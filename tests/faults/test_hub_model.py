"""The whole server against a model, on real sockets: tabs, links and clients come and go while answers flow.

What `test_model.py` proves of the ledger, in any order that Hypothesis thinks of, is tried here of everything
around it: the hub with its inboxes and sockets, back-pressure, resuming, the answers of the API. Real time
passes, so that an order of events is not quite the same each time; the promises are.
"""

import asyncio
import threading
from collections.abc import Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, TypeVar

import httpx2
import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from hypothesis.stateful import run_state_machine_as_test as run_machine

from lmarena_bridge.core.tabs import messages as m
from lmarena_bridge.demo.answers.bulk import bulk_text
from lmarena_bridge.demo.python_tab import PythonTab
from support.chain import Chain, records, text_of, until
from support.chain import chain as start

T = TypeVar("T")

SIZES = (1, 5_000, 60_000, 300_000)
MOST_TABS, MOST_CLIENTS = 3, 8
# No step lasts longer, on a busy machine.
WITHIN = 40.0
# What a client may be told when its tab is gone, or when there is none.
OF_TABS = frozenset({"tab_lost", "no_tab"})
index = st.integers(0, 1_000_000)


@dataclass
class Asked:
    """A request as its client sees it. `reads` unset: the client takes nothing for the moment."""

    size: int
    streamed: bool
    reads: asyncio.Event = field(default_factory=asyncio.Event)
    got: str = ""
    error: str | None = None
    failure: Exception | None = None
    ended: bool = False
    left: bool = False
    task: "asyncio.Task[None] | None" = None

    @property
    def asking(self) -> bool:
        return not self.ended and not self.left


class Stage:
    """A chain that runs on a thread of its own, for a machine that knows nothing of asyncio."""

    def __init__(self, chain: Chain, loop: asyncio.AbstractEventLoop) -> None:
        self.chain = chain
        self._loop = loop

    def do(self, work: Coroutine[Any, Any, T]) -> T:
        """Have it done on the loop; what it raises is raised here."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)

    async def ask(self, asked: Asked) -> None:
        """Begin to ask; the answer is written into `asked`."""
        asked.task = self.chain.group.create_task(self._listen(asked))

    async def _listen(self, asked: Asked) -> None:
        try:
            await self._hear(asked)
        except Exception as failure:  # told by the machine, which knows the order of events
            asked.failure = failure
        asked.ended = True

    async def _hear(self, asked: Asked) -> None:
        text = f"#arena:size={asked.size} #arena:line=700"
        if asked.streamed:
            async with self.chain.asking(text) as response:
                await self._hear_stream(asked, response)
        else:
            answer = (await self.chain.ask(text)).json()
            asked.error = answer["error"]["code"] if "error" in answer else None
            asked.got = "" if asked.error else answer["choices"][0]["message"]["content"]

    async def _hear_stream(self, asked: Asked, response: httpx2.Response) -> None:
        if response.status_code != 200:
            await response.aread()
            asked.error = response.json()["error"]["code"]
            return
        last: Any = None
        async for record in records(response):
            await asked.reads.wait()
            if record == "[DONE]":
                assert last is not None and ("error" in last or last["choices"][0]["finish_reason"]), last
            elif not isinstance(record, str):
                assert asked.error is None, "nothing comes after an error"
                asked.error = record["error"]["code"] if "error" in record else None
                asked.got += text_of([record])
                last = record if record.get("choices") or "error" in record else last

    async def leave(self, asked: Asked) -> None:
        asked.left = True
        assert asked.task is not None
        asked.task.cancel()
        await asyncio.gather(asked.task, return_exceptions=True)

    async def open_tab(self) -> PythonTab:
        """A page whose link holds."""
        tab = self.chain.open_tab()
        await until(tab.welcomed.is_set)
        return tab

    async def close_tab(self, tab: PythonTab) -> None:
        await until(tab.welcomed.is_set)  # without a link its goodbye would be lost, and it be waited for
        await tab.say(m.Bye())
        self.chain.tasks.pop(tab).cancel()

    async def lose_tab(self, tab: PythonTab) -> None:
        """The browser is killed: no goodbye."""
        self.chain.tasks.pop(tab).cancel()

    async def break_link(self, tab: PythonTab) -> None:
        tab.break_link()

    async def progress(self, asked: list[Asked]) -> None:
        """Return when one of them has got more, or its end; at once if all have theirs by now."""
        waiting = [each for each in asked if each.asking]
        before = [len(each.got) for each in waiting]

        def got_on() -> bool:
            return any(each.ended for each in waiting) or before != [len(each.got) for each in waiting]

        await until(lambda: not waiting or got_on(), within=WITHIN / 2)

    async def nothing_left(self) -> None:
        """Jobs, inboxes, sockets and fetches are counted, here, in the tabs and at the site."""
        chain, hub = self.chain, self.chain.server.services.hub
        await chain.until_idle()
        assert hub._inboxes == {}
        await until(lambda: all(not tab.streams for tab in chain.tasks))
        await until(lambda: not chain.arena.journal.open_streams)
        for tab in tuple(chain.tasks):
            await self.close_tab(tab)
        await until(lambda: not hub.tabs and not hub._sockets)


@contextmanager
def stage(folder: Path) -> Iterator[Stage]:
    ready: list[Stage] = []
    begun, over = threading.Event(), threading.Event()

    async def play() -> None:
        waits = {"resume_grace_seconds": 3, "tab_wait_seconds": 2}
        async with start(folder, tab=False, pace_ms=0, settings=waits, within=600) as chain:
            ledger = chain.server.services.hub._ledger
            # Small enough that credit counts in every answer but the smallest.
            ledger.rules = replace(ledger.rules, window=16 * 1024)
            ready.append(Stage(chain, asyncio.get_running_loop()))
            begun.set()
            await asyncio.to_thread(over.wait)

    thread = threading.Thread(target=lambda: asyncio.run(play()))
    thread.start()
    try:
        assert begun.wait(WITHIN)
        yield ready[0]
    finally:
        over.set()
        thread.join()


class TabsAndClients(RuleBasedStateMachine):
    """`stage` is given by the test; it is the same for all orders, each of which leaves nothing behind."""

    stage: Stage

    def __init__(self) -> None:
        super().__init__()
        self.tabs: list[PythonTab] = []
        self.asked: list[Asked] = []
        # Since then answers may fail: a page that was there is not any more, or none was there to begin with.
        self.went_away = False

    @property
    def asking(self) -> list[Asked]:
        """By the model's own count, which does not depend on time: those whose end was not waited for."""
        return [each for each in self.asked if not each.left]

    @initialize()
    def somebody_asks(self) -> None:
        self.tab_comes()
        self.client_asks(2, True, True)

    @precondition(lambda self: len(self.tabs) < MOST_TABS)
    @rule()
    def tab_comes(self) -> None:
        self.tabs.append(self.stage.do(self.stage.open_tab()))

    @precondition(lambda self: self.tabs)
    @rule(at=index, killed=st.booleans(), reloaded=st.booleans())
    def page_goes(self, at: int, killed: bool, reloaded: bool) -> None:
        tab = self.tabs.pop(at % len(self.tabs))
        self.went_away = True
        self.stage.do(self.stage.lose_tab(tab) if killed else self.stage.close_tab(tab))
        if reloaded:
            self.tab_comes()

    @precondition(lambda self: self.tabs)
    @rule(at=index)
    def link_breaks(self, at: int) -> None:
        self.stage.do(self.stage.break_link(self.tabs[at % len(self.tabs)]))

    @precondition(lambda self: len(self.asking) < MOST_CLIENTS)
    @rule(size=st.integers(0, len(SIZES) - 1), streamed=st.booleans(), reads=st.booleans())
    def client_asks(self, size: int, streamed: bool, reads: bool) -> None:
        asked = Asked(SIZES[size], streamed)
        if reads or not streamed:
            asked.reads.set()
        self.asked.append(asked)
        self.went_away = self.went_away or not self.tabs
        self.stage.do(self.stage.ask(asked))

    @precondition(lambda self: self.asking)
    @rule(at=index)
    def client_leaves(self, at: int) -> None:
        self.stage.do(self.stage.leave(self.asking[at % len(self.asking)]))

    @rule()
    def slow_clients_read(self) -> None:
        self.stage.do(self._read())

    async def _read(self) -> None:
        for each in self.asked:
            each.reads.set()

    @rule()
    def answers_flow(self) -> None:
        """Whoever reads gets on, whatever the slow ones do."""
        if waiting := [each for each in self.asked if each.asking and each.reads.is_set()]:
            self.stage.do(self.stage.progress(waiting))

    @invariant()
    def clients_have_what_was_said_and_all_of_it_when_it_ends_well(self) -> None:
        for each in self.asked:
            ended = each.ended  # first of all: the answer goes on meanwhile
            error, got = each.error, each.got
            assert got == bulk_text(0, each.size)[: len(got)]
            assert error is None or (self.went_away and error in OF_TABS), error
            if ended and error is None:
                assert len(got) == each.size

    @invariant()
    def no_answer_is_malformed(self) -> None:
        for each in self.asked:
            if each.failure is not None:
                raise each.failure

    def teardown(self) -> None:
        """Those who stay get their whole answer; then nothing is left."""
        self.slow_clients_read()
        for each in self.asked:
            if each.asking and each.task is not None:
                self.stage.do(self._end(each.task))
        self.no_answer_is_malformed()
        self.clients_have_what_was_said_and_all_of_it_when_it_ends_well()
        self.stage.do(self.stage.nothing_left())

    async def _end(self, task: "asyncio.Task[None]") -> None:
        async with asyncio.timeout(WITHIN):
            await task


@pytest.mark.parametrize(
    ("orders", "steps"),
    [
        pytest.param(12, 20, id="some", marks=pytest.mark.timeout(300)),
        pytest.param(300, 40, id="many", marks=[pytest.mark.extended, pytest.mark.timeout(3000)]),
    ],
)
def test_no_order_of_events_breaks_a_promise(tmp_path: Path, orders: int, steps: int) -> None:
    with stage(tmp_path) as here:
        machine = type("Machine", (TabsAndClients,), {"stage": here})
        run_machine(
            machine,
            settings=settings(
                max_examples=orders,
                stateful_step_count=steps,
                deadline=None,
                # The same orders each time: what is found in one run is found in the next.
                derandomize=True,
                suppress_health_check=[HealthCheck.too_slow],
            ),
        )
