"""One file that is read again when it changes; while it is broken, what it last said stays in force."""

import os
import time
from collections.abc import Callable, Iterable
from operator import attrgetter
from pathlib import Path
from typing import Any, Final, Generic, TypeVar

from lmarena_bridge.core.config.files import UNREADABLE, Reading, is_blank
from lmarena_bridge.core.config.problem import Problem, errors
from lmarena_bridge.core.sentences import Sentence, Template

T = TypeVar("T")

_GONE: Final = Template("file.gone", "the file is gone; what it said last stays in force until it is back")

# (mtime in ns, size, inode): what a file looks like from outside. None: it is not there.
Stamp = tuple[int, int, int] | None
_STAMP: Final = attrgetter("st_mtime_ns", "st_size", "st_ino")

# File systems keep times as coarsely as 2 s (FAT). So soon after a change a second one may leave the same
# stamp: it proves nothing yet, and an empty file may be one that an editor has just begun to write.
_SETTLING_NS: Final = 2_000_000_000
# So long what was just read is taken for what is there, if the stamp is the same: a busy server would read
# the file a thousand times a second, 60 µs each.
_MOMENT_NS: Final = 20_000_000


class WatchedFile(Generic[T]):
    """What a file said when it was last good, and what is wrong with what it says now."""

    def __init__(
        self,
        path: Path,
        read: Callable[[bytes], Reading[T]],
        value: T,
        *,
        steady_ns: Callable[[], int] = time.monotonic_ns,
    ) -> None:
        """`value` is in force as long as there is no file. `steady_ns`: a clock that is never set back."""
        self.path = path
        # As text: this is asked for each request, and pathlib takes twice as long as the system.
        self.place = str(path)
        self.value = value
        self.problems: tuple[Problem, ...] = ()
        self._read = read
        self._steady_ns = steady_ns
        # The stamp that proves, as long as the file has it, that nothing is new.
        self.proof: Stamp = None
        self._stamp: Stamp = None
        self._read_at = 0
        self._seen: bytes | Sentence | None = None

    def look(self) -> bool:
        """Read the file if it may have changed. True if that brought something new, good or bad."""
        stamp: Stamp = None
        seen: bytes | Sentence | None = None
        try:
            stamp = _STAMP(os.stat(self.place))
            if stamp == self.proof or (stamp == self._stamp and self._was_just_read()):
                return False
            seen = self.path.read_bytes()
        except FileNotFoundError:
            stamp = None
        except OSError as error:
            stamp, seen = None, UNREADABLE(why=error.strerror or str(error))
        self._stamp, self._read_at = stamp, self._steady_ns()
        settled = stamp is None or time.time_ns() - stamp[0] > _SETTLING_NS
        if isinstance(seen, bytes) and is_blank(seen) and self._seen is not None and not settled:
            self.proof = None
            return False
        changed = seen != self._seen
        if changed:
            self._take(seen)
        self._seen = seen
        self.proof = stamp if settled and not errors(self.problems) else None
        return changed

    def _was_just_read(self) -> bool:
        return self._steady_ns() - self._read_at < _MOMENT_NS

    def _take(self, seen: bytes | Sentence | None) -> None:
        if seen is None:
            self._fail(_GONE())
        elif isinstance(seen, Sentence):
            self._fail(seen)
        else:
            reading = self._read(seen)
            self.problems = reading.problems
            if reading.value is not None:
                self.value = reading.value

    def _fail(self, message: Sentence) -> None:
        self.problems = (Problem("error", self.path.name, message),)


def are_proven(files: Iterable[WatchedFile[Any]]) -> bool:
    """Whether their stamps prove that nothing is new in any: one step, where `look` takes one for each.

    A busy server asks a thousand times a second.
    """
    try:
        for file in files:
            if _STAMP(os.stat(file.place)) != file.proof:
                return False
    except OSError:
        return False
    return True
