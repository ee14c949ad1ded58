"""Answers that are kept under their Idempotency-Key, so that a request that is sent again is not asked again.

A client that has lost its connection does not know whether it was heard; with the same key and the same body
it joins the answer that is on its way, or gets the one that was given. Kept is what was given whole, for a
while and within bounds: after a failure the next attempt is a new one.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lmarena_bridge.core.errors import IdempotencyConflict, IdempotencyKeyReused

# One message of a response, in the words of ASGI.
Message = Mapping[str, Any]
# Whose key it is, and the key.
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is kept. A longer answer is given once, and to those who are there."""

    answers: int = 1000
    bytes_of_one: int = 8 * 1024 * 1024
    bytes_of_all: int = 64 * 1024 * 1024


@dataclass(slots=True, eq=False)
class KeptAnswer:
    """One answer as far as it has come; `messages` begin with the one of the number `dropped`."""

    key: Key
    fingerprint: bytes
    messages: list[Message] = field(default_factory=list)
    dropped: int = 0
    size: int = 0
    too_long: bool = False
    failed: bool = False
    ended_at: float | None = None

    @property
    def last(self) -> int:
        """The number of the message that comes next."""
        return self.dropped + len(self.messages)

    def drop(self, before: int) -> None:
        """Let go of messages that everybody has."""
        count = max(0, before - self.dropped)
        del self.messages[:count]
        self.dropped += count


class KeptAnswers:
    """The answers by their keys, the oldest first. `now` is any monotonic clock, in seconds."""

    def __init__(self, bounds: Bounds | None = None) -> None:
        self._bounds = bounds or Bounds()
        self._answers: dict[Key, KeptAnswer] = {}
        self._size = 0

    def __len__(self) -> int:
        return len(self._answers)

    def find(self, key: Key, fingerprint: bytes, now: float, keep: float) -> KeptAnswer | None:
        """The answer to this very request, on its way or given within the last `keep` seconds.

        Raises IdempotencyKeyReused if the key came with another request, IdempotencyConflict if the answer
        is on its way and too long to be given again.
        """
        self._expire(now, keep)
        answer = self._answers.get(key)
        if answer is None:
            return None
        if answer.fingerprint != fingerprint:
            raise IdempotencyKeyReused(
                "This Idempotency-Key was already used for another request. Use a new key for each request; "
                "the same one only to send the very same request again."
            )
        if answer.too_long:
            raise IdempotencyConflict(
                "The request with this Idempotency-Key is being answered, and its answer is too long to be "
                "kept for a second reader. Wait until it has ended, or use a new key."
            )
        return answer

    def begin(self, key: Key, fingerprint: bytes) -> KeptAnswer:
        """A new answer under this key, which nobody else has."""
        answer = self._answers[key] = KeptAnswer(key, fingerprint)
        return answer

    def add(self, answer: KeptAnswer, message: Message) -> None:
        """The answer goes on."""
        answer.messages.append(message)
        if answer.too_long or not self._holds(answer):
            return
        size = len(message.get("body", b""))
        answer.size += size
        self._size += size
        self._make_room()
        if answer.size > self._bounds.bytes_of_one or self._size > self._bounds.bytes_of_all:
            # From now on only what its readers do not have yet is held.
            answer.too_long = True
            self._size -= answer.size
            answer.size = 0

    def end(self, answer: KeptAnswer, now: float) -> None:
        """The last message has been added; what failed or is too long is not kept."""
        answer.ended_at = now
        if answer.failed or answer.too_long:
            self.forget(answer)
        self._make_room()

    def forget(self, answer: KeptAnswer) -> None:
        """Whoever comes with this key is answered anew."""
        if self._holds(answer):
            del self._answers[answer.key]
            self._size -= answer.size

    def _holds(self, answer: KeptAnswer) -> bool:
        return self._answers.get(answer.key) is answer

    def _expire(self, now: float, keep: float) -> None:
        for answer in self._given():
            if answer.ended_at is not None and now - answer.ended_at >= keep:
                self.forget(answer)

    def _make_room(self) -> None:
        """Who was given an answer long ago hardly asks for it again."""
        given = iter(self._given())
        while len(self._answers) > self._bounds.answers or self._size > self._bounds.bytes_of_all:
            oldest = next(given, None)
            if oldest is None:
                return
            self.forget(oldest)

    def _given(self) -> list[KeptAnswer]:
        return [answer for answer in self._answers.values() if answer.ended_at is not None]
