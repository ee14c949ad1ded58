"""Watches answers being given: told at their beginning, at their first event and at their end.

Between these an answer passes through with one step and the length of its texts added up.
"""

from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextvars import ContextVar
from operator import attrgetter
from typing import Any, Final

import msgspec

from lmarena_bridge.answering import Answering, Ask, Begun, Chats, Tokens
from lmarena_bridge.bridge import Configs, World
from lmarena_bridge.core.chat.events import ChatEvent, Take
from lmarena_bridge.core.chat.request import ChatRequest
from lmarena_bridge.core.config.known import kind_of
from lmarena_bridge.core.config.settings import Settings
from lmarena_bridge.core.site.short_way import ShortWay
from lmarena_bridge.server.board.asked import Asked, asked_before
from lmarena_bridge.server.board.caller_label import PAGE
from lmarena_bridge.storage.history import History
from lmarena_bridge.storage.history_file import Limits
from lmarena_bridge.storage.history_schema import Text

_CONTENT: Final = attrgetter("content")
# Shown at once; older ones are read from the history.
_SHOWN: Final = 60
# A client may ask for a model of any name.
_LONGEST_NAME: Final = 200
_MB: Final = 1024 * 1024

# Which answer this task gives. Each has a task.
_CURRENT: ContextVar[Asked | None] = ContextVar("lmarena_bridge.asked", default=None)


class Watch:
    """All answers of one server: those on their way, and the latest that have ended."""

    def __init__(
        self, world: World, history: History, *, configs: Configs, changed: Callable[[], None]
    ) -> None:
        """`changed` is told whenever there is something new to see."""
        self._world = world
        self._history = history
        self._configs = configs
        self._changed = changed
        # Whose limits the history has.
        self._settings: Settings | None = None
        self._running: dict[int, Asked] = {}
        self._ended: deque[Asked] = deque(maxlen=_SHOWN)
        self._last_id = 0
        self._tab_of: Callable[[str], str | None] = lambda _: None
        self._enders: list[Callable[[Asked], None]] = []
        self.last_answers: dict[str, float] = {}
        self.others_answered = False

    def look_up_tabs(self, tab_of: Callable[[str], str | None]) -> None:
        """Who knows which tab works on a job."""
        self._tab_of = tab_of

    def on_end(self, told: Callable[[Asked], None]) -> None:
        """Be told of each answer that has ended."""
        self._enders.append(told)

    @property
    def running(self) -> list[Asked]:
        return list(self._running.values())

    @property
    def ended(self) -> list[Asked]:
        """The newest first."""
        return list(reversed(self._ended))

    def remember(self, rows: Iterable[Mapping[str, Any]]) -> None:
        """What the history holds of earlier runs of the program, the newest first."""
        asked = [asked_before(row) for row in rows]
        self._ended.extendleft(asked[:_SHOWN])
        self.others_answered = any(each.status == 200 and each.client != PAGE for each in asked)

    def forget(self) -> None:
        """The history was cleared."""
        self._ended.clear()

    def attempt(self, session: str, job: str) -> None:
        """A tab is asked in this session for the answer that this task gives, if it gives one."""
        if (asked := _CURRENT.get()) is not None:
            asked.attempt(session, job, self._world.steady())

    def refused(self, asked: Asked) -> None:
        """One that has ended before any model was asked. It gets its id here."""
        asked.id = self._new_id(self._world.clock())
        self._ended.append(asked)
        self._record(asked, None)
        self._changed()

    async def watched(
        self, ask: Ask, request: ChatRequest, take: Take, way: ShortWay | None, begun: Begun | None
    ) -> None:
        """Ask for the answer to this request, and see it go by."""
        asked = self._begin(request, begun)
        if way is not None:
            way.listeners.append(asked.hear)
        # A request, and each of several answers to it, has a task and so a context of its own.
        _CURRENT.set(asked)
        try:
            await ask(_Seen(self, asked, take).take, way)
        except BaseException as error:
            self._end(asked, request, None if asked.finished else error)
            raise
        else:
            self._end(asked, request, None)

    def _begin(self, request: ChatRequest, begun: Begun | None) -> Asked:
        config, world, model = self._configs.latest, self._world, request.model
        now, steady = world.clock(), world.steady()
        asked = Asked(
            id=self._new_id(now),
            started=now,
            begun=steady if begun is None else begun.at,
            model=model[:_LONGEST_NAME],
            kind=kind_of(model, config),
            client=request.label,
            asked=sum(map(len, map(_CONTENT, request.messages))),
            words=[] if config.settings.record_conversations else None,
        )
        if begun is not None and begun.job:
            asked.attempt(begun.session, begun.job, steady)
        self._running[asked.id] = asked
        self._changed()
        return asked

    def _new_id(self, now: float) -> int:
        """In milliseconds since 1970, and never twice. `now`: in seconds."""
        self._last_id = max(self._last_id + 1, int(now * 1000))
        return self._last_id

    def begun(self, asked: Asked) -> None:
        """The first of an answer was given."""
        asked.first = self._world.steady() - asked.begun
        asked.tab = self._tab_of(asked.job) or ""
        self._changed()

    def _end(self, asked: Asked, request: ChatRequest, error: BaseException | None) -> None:
        asked.end(self._world.steady(), error)
        del self._running[asked.id]
        self._ended.append(asked)
        for told in self._enders:
            told(asked)
        if asked.status == 200:
            if asked.client != PAGE:
                self.others_answered = True
            if asked.tab:
                self.last_answers[asked.tab] = self._world.clock()
        text = None
        if (words := asked.words) is not None:
            asked.words, text = None, Text(_prompt(request), "".join(words))
        self._record(asked, text)
        self._changed()

    def _record(self, asked: Asked, text: Text | None) -> None:
        settings = self._configs.latest.settings
        if not settings.record_requests:
            return
        if settings is not self._settings:
            self._settings, self._history.limits = settings, limits_of(settings)
        self._history.record(asked, text)


class _Seen(msgspec.Struct):
    """Takes an answer and gives it on, and sees it when that is done: the client comes first."""

    watch: Watch
    asked: Asked
    taker: Take

    def take(self, batch: Sequence[ChatEvent]) -> Awaitable[None] | None:
        until = self.taker(batch)
        if batch:
            asked = self.asked
            if asked.first is None:
                self.watch.begun(asked)
            asked.add(batch)
        return until


def limits_of(settings: Settings) -> Limits:
    return Limits(settings.history_keep_days, settings.history_max_mb * _MB)


def _prompt(request: ChatRequest) -> str:
    return "\n\n".join(f"{message.role.value}: {message.content}" for message in request.messages)


def watched(chats: Chats, tokens: Tokens, world: World, watch: Watch) -> Answering:
    """Answers that are watched."""
    return Answering(chats, tokens, new_id=world.new_id, steady=world.steady, watched=watch.watched)
