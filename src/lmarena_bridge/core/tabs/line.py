"""Who waits for a tab, and whose turn it is: the clients in turn, each one's requests in their order."""

from collections.abc import Callable, Iterator
from typing import TypeVar

import msgspec

from lmarena_bridge.core.tabs.effects import Job

PlaceT = TypeVar("PlaceT")


class Queued(msgspec.Struct):
    """A job in line: since when, and when its owner was last told anything."""

    job: Job
    since: float
    told_at: float


class Line:
    """The jobs that wait, by client: whoever has a hundred of them waits longer than who has a single one."""

    def __init__(self) -> None:
        # The clients in the order of their turns; nobody stands here without a job.
        self._clients: dict[str, dict[str, Queued]] = {}
        # Whose each of the jobs is; empty while nobody waits, which is asked at each beginning and end.
        self.client_of: dict[str, str] = {}

    def __len__(self) -> int:
        return len(self.client_of)

    def __contains__(self, job: str) -> bool:
        return job in self.client_of

    def __iter__(self) -> Iterator[Queued]:
        """All of them, client by client; the line may be changed meanwhile."""
        return iter([queued for jobs in self._clients.values() for queued in jobs.values()])

    def of(self, client: str) -> int:
        """How many jobs of this client wait."""
        return len(self._clients.get(client, ()))

    def add(self, queued: Queued) -> None:
        """The last place of its client; who had nothing in line comes after all others."""
        job = queued.job
        self._clients.setdefault(job.client, {})[job.id] = queued
        self.client_of[job.id] = job.client

    def remove(self, job: str) -> Queued | None:
        """The job leaves the line, if it stands there."""
        client = self.client_of.pop(job, None)
        if client is None:
            return None
        jobs = self._clients[client]
        queued = jobs.pop(job)
        if not jobs:
            del self._clients[client]
        return queued

    def next(self, place: Callable[[Job], PlaceT | None]) -> tuple[Queued, PlaceT] | None:
        """The job whose turn it is among those for which there is a place, and that place.

        It leaves the line, and its client's next turn comes after everybody else's.
        """
        for client, jobs in self._clients.items():
            for queued in jobs.values():
                found = place(queued.job)
                if found is not None:
                    self.remove(queued.job.id)
                    if client in self._clients:
                        self._clients[client] = self._clients.pop(client)
                    return queued, found
        return None

    def last_of_longest(self, than: str) -> Queued | None:
        """The newest job of the client with the most in line, if that is more than `than` has."""
        longest = max(self._clients, key=self.of)
        if self.of(longest) <= self.of(than):
            return None
        return next(reversed(self._clients[longest].values()))
