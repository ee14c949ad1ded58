"""state/history.db: what is in it, and how a file of an earlier version becomes one of this.

`requests`: one row for each answer that was asked for. Times in seconds: `started` since 1970, the others
since then; NULL for what never came. `asked`, `answered`: characters. `estimated`: `tokens` are a guess.
`texts`: prompts and answers, for those who switched that on.
"""

import sqlite3
from typing import Final

# Never changed, only added to: file number n has had the first n of them.
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
)


class NewerHistory(Exception):
    """The file was written by a later version of the program."""


def migrate(database: sqlite3.Connection) -> None:
    """Bring the file to this version, each step whole or not at all. Raises NewerHistory, sqlite3.Error."""
    (version,) = database.execute("PRAGMA user_version").fetchone()
    if version > len(MIGRATIONS):
        raise NewerHistory
    for number, script in enumerate(MIGRATIONS[version:], version + 1):
        database.executescript(f"BEGIN; {script} PRAGMA user_version = {number}; COMMIT;")
