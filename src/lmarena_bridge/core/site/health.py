"""How the captured sessions are doing: at work, cooling down after a rate limit, or set aside.

Kept for as long as the program runs, and by what an entry of the person's files says: a changed entry is
another session. `now` is in seconds since the epoch, like the moments the site names.
"""

from collections import Counter
from collections.abc import Callable
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Literal, Protocol

import msgspec

from lmarena_bridge.core.errors import BridgeError, RateLimited, SessionExpired

Word = Literal["free", "busy", "cooling", "set_aside"]


class Session(Protocol):
    """What tells one session from another."""

    @property
    def session_id(self) -> str: ...
    @property
    def message_id(self) -> str: ...
    @property
    def profile(self) -> str | None: ...


_Key = tuple[str, str, str | None]

# How long a session rests after the first failure in a row; each further one doubles it, up to the longest.
_REST_SECONDS: Final = 5.0
_LONGEST_REST: Final = 60.0


class SessionState(msgspec.Struct, frozen=True, gc=False):
    """`jobs`: answers on their way. `wait`: seconds until it may be asked. `reason`: why it is set aside.

    `resting`: something failed in it lately, so others are preferred.
    """

    jobs: int = 0
    wait: float = 0.0
    reason: str | None = None
    resting: bool = False

    @property
    def word(self) -> Word:
        if self.reason is not None:
            return "set_aside"
        if self.wait > 0:
            return "cooling"
        return "busy" if self.jobs else "free"


class SessionHealth:
    """What the site has said of each session since the program started."""

    def __init__(self, on_refusal: Callable[[Session, BridgeError], None] = lambda _, __: None) -> None:
        """`on_refusal` is told of each refusal, for the log."""
        self._on_refusal = on_refusal
        # Every session may be asked at any time: none was ever refused, or only such as were captured since.
        self.all_ready = True
        self._jobs: dict[_Key, int] = {}
        self._cool_at: dict[_Key, float] = {}
        self._set_aside: dict[_Key, str] = {}
        # Failures in a row, and until when others are preferred because of them.
        self._strikes: Counter[_Key] = Counter()
        self._rests_until: dict[_Key, float] = {}

    def at_work(self, session: Session) -> AbstractContextManager[None]:
        """The session answers from now on, until the context is left."""
        jobs, key = self._jobs, (session.session_id, session.message_id, session.profile)
        jobs[key] = jobs.get(key, 0) + 1
        return _AtWork(jobs, key)

    def refused(self, session: Session, error: SessionExpired | RateLimited, now: float) -> None:
        """The site has refused to answer in this session."""
        self.all_ready = False
        if isinstance(error, SessionExpired):
            self._set_aside[_key(session)] = error.message
        else:
            self._cool_at[_key(session)] = now + (error.retry_after or 0.0)
        self._on_refusal(session, error)

    def troubled(self, session: Session, now: float) -> None:
        """The site failed in this session, which may be to blame: others are preferred for a while."""
        key = _key(session)
        rest = min(_REST_SECONDS * 2 ** min(self._strikes[key], 8), _LONGEST_REST)
        self._strikes[key] += 1
        self._rests_until[key] = now + rest

    def worked(self, session: Session) -> None:
        """An answer has come in this session."""
        if self._strikes:
            key = _key(session)
            self._strikes.pop(key, None)
            self._rests_until.pop(key, None)

    def captured(self, session_id: str, message_id: str) -> None:
        """The person has just seen this session answer: what was said of it before holds no more."""
        kept: tuple[dict[_Key, float] | dict[_Key, str] | dict[_Key, int], ...]
        kept = (self._cool_at, self._set_aside, self._strikes, self._rests_until)
        for said in kept:
            for key in [key for key in said if key[:2] == (session_id, message_id)]:
                del said[key]
        self.all_ready = not self._cool_at and not self._set_aside

    def state(self, session: Session, now: float) -> SessionState:
        """How a session is doing."""
        key = _key(session)
        return SessionState(
            jobs=self._jobs.get(key, 0),
            wait=max(0.0, self._cool_at.get(key, now) - now),
            reason=self._set_aside.get(key),
            resting=self._rests_until.get(key, now) > now,
        )


class _AtWork(msgspec.Struct, gc=False):
    """One more answer of a session until the context is left."""

    jobs: dict[_Key, int]
    key: _Key

    def __enter__(self) -> None:
        """It was counted already: whoever is asked is so before the answer can be taken."""

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if left := self.jobs.pop(self.key) - 1:
            self.jobs[self.key] = left


def _key(session: Session) -> _Key:
    return session.session_id, session.message_id, session.profile
