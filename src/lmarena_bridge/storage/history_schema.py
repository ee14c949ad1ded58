"""state/history.db: what is in it, and how a file of an earlier version becomes one of this.

`batches`: what was asked for, the rows of one second together (`history_batch.py`), `first` and `last` the
lowest and highest id among them. `texts`: prompts and answers, for those who switched that on.
"""

import sqlite3
from dataclasses import dataclass
from typing import Any, Final

from msgspec import Struct, structs


class Row(Struct, kw_only=True, array_like=True):
    """One answer that was asked for. Kept as an array of the values of its fields, in their order: new ones
    may come at the end, with a default.

    `id`: milliseconds since 1970 when it began, or some more: their order is that of time, and no two are the
    same. Times in seconds: `started` since 1970, the others since then; None for what never came.
    `asked`, `answered`: characters. `estimated`: 1 if `tokens` are a guess. `session`: of the last attempt.
    A row of a request that is still on its way has no `status` and no `total`, and cannot be kept.
    """

    id: int
    started: float
    model: str
    kind: str
    client: str
    session: str = ""
    tab: str = ""
    attempts: int = 0
    status: int | None = None
    code: str = ""
    message: str = ""
    prepared: float | None = None
    first: float | None = None
    total: float | None = None
    tokens: int | None = None
    estimated: int = 0
    asked: int
    answered: int = 0
    pictures: int = 0


@dataclass(frozen=True, slots=True)
class Text:
    """A conversation as it was asked and answered."""

    prompt: str
    answer: str


FIELDS: Final = Row.__struct_fields__
_WIDTH: Final = len(FIELDS)


def values_of(row: Row) -> tuple[Any, ...]:
    """As they are now, in the order of the fields. What is more than a row may have fields of its own."""
    return structs.astuple(row)[:_WIDTH]


# Never changed, only added to: a file of version n has had the first n of them. `;` stands only between
# statements.
MIGRATIONS: Final = (
    """
    CREATE TABLE requests (
        id INTEGER PRIMARY KEY,
        started REAL NOT NULL,
        model TEXT NOT NULL,
        kind TEXT NOT NULL,
        client TEXT NOT NULL,
        session TEXT NOT NULL,
        tab TEXT NOT NULL,
        attempts INTEGER NOT NULL,
        status INTEGER NOT NULL,
        code TEXT NOT NULL,
        message TEXT NOT NULL,
        prepared REAL,
        first REAL,
        total REAL NOT NULL,
        tokens INTEGER,
        estimated INTEGER NOT NULL,
        asked INTEGER NOT NULL,
        answered INTEGER NOT NULL,
        pictures INTEGER NOT NULL
    );
    CREATE INDEX requests_started ON requests (started);
    """,
    """
    CREATE TABLE texts (
        request INTEGER PRIMARY KEY REFERENCES requests (id) ON DELETE CASCADE,
        prompt TEXT NOT NULL,
        answer TEXT NOT NULL
    );
    """,
    # The ids tell the time themselves, and an index is a sixth of the work of a row.
    "DROP INDEX requests_started;",
    # Rows of one second together: a third of the work.
    """
    CREATE TABLE batches (
        number INTEGER PRIMARY KEY,
        first INTEGER NOT NULL,
        last INTEGER NOT NULL,
        rows TEXT NOT NULL
    );
    CREATE INDEX batches_last ON batches (last);
    INSERT INTO batches (first, last, rows)
    SELECT min(id), max(id), json_group_array(json_array(
        id, started, model, kind, client, session, tab, attempts, status, code, message, prepared, first,
        total, tokens, estimated, asked, answered, pictures
    ))
    FROM requests GROUP BY id / 60000;
    CREATE TABLE kept_texts (
        request INTEGER PRIMARY KEY,
        batch INTEGER NOT NULL REFERENCES batches (number) ON DELETE CASCADE,
        prompt TEXT NOT NULL,
        answer TEXT NOT NULL
    );
    INSERT INTO kept_texts SELECT request, number, prompt, answer FROM texts, batches
    WHERE request BETWEEN first AND last;
    DROP TABLE texts;
    DROP TABLE requests;
    ALTER TABLE kept_texts RENAME TO texts;
    CREATE INDEX texts_batch ON texts (batch);
    """,
)


class NewerHistory(Exception):
    """The file was written by a later version of the program."""


def version_of(database: sqlite3.Connection) -> int:
    """How many of the migrations the file has had; 0: there is nothing in it. Raises sqlite3.Error."""
    version: int = database.execute("PRAGMA user_version").fetchone()[0]
    return version


def migrate(database: sqlite3.Connection) -> None:
    """Bring the file to this version, wholly or not at all. Raises NewerHistory, sqlite3.Error."""
    with database:
        database.execute("BEGIN IMMEDIATE")  # another program may be about to do the same
        version = version_of(database)
        if version > len(MIGRATIONS):
            raise NewerHistory
        # Not as scripts, which would end the transaction.
        for statement in ";".join(MIGRATIONS[version:]).split(";"):
            database.execute(statement)
        database.execute(f"PRAGMA user_version = {len(MIGRATIONS)}")
