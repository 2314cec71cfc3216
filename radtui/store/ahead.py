"""SQLite's write-ahead log, moved into the journal's file when no order waits for a commit.

SQLite would do it inside whichever commit makes the log long, and an entry that waits for that one waits for two more
syncs and for every page.
"""

from __future__ import annotations

import sqlite3
from contextlib import suppress
from typing import Final

from sqlalchemy import Connection

PAGES_AT_MOST: Final = 4000
"""So long (16 MB) the log gets where nothing is ever idle; then SQLite moves it inside a commit after all."""
_COMMITS: Final = 100
"""After so many it is worth two syncs."""


class WriteAhead:
    """Counts commits and moves the log; of the writer's thread alone."""

    def __init__(self) -> None:
        self._commits = 0

    def grown(self) -> None:
        """Note one commit more."""
        self._commits += 1

    def move(self, connection: Connection) -> None:
        """Move the log into the file where that is due; `connection` is in no transaction, and nobody waits for it.

        What hinders it is not told: all of it stays in the log, and the next commit finds a broken disk by itself.
        """
        if self._commits < _COMMITS:
            return
        self._commits = 0
        with suppress(sqlite3.Error):
            connection.connection.cursor().execute("PRAGMA wal_checkpoint(PASSIVE)").close()
