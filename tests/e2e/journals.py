"""What stands in a journal, read with nothing but sqlite3, as a person would, also while an engine writes it."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any, Final, Protocol

import pytest
from programs import DEADLINE

_LOOK: Final = 0.02
UNSETTLED: Final = "('intent', 'sent', 'unknown')"


class Writer(Protocol):
    """A process of which it can be asked whether it has ended."""

    def poll(self) -> int | None:
        """Return its exit code; None while it lives."""


class Facts:
    """The journal in a state folder, and the process that writes it."""

    def __init__(self, state: Path, writer: Writer, name: str = "radtui.db") -> None:
        self._file = state / name
        self._writer = writer

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what `statement` selects; nothing while there is no journal yet."""
        try:
            with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True, timeout=10.0)) as connection:
                return connection.execute(statement).fetchall()
        except sqlite3.OperationalError as error:
            if "unable to open" in str(error) or "no such table" in str(error):
                return []
            raise

    def count(self, table: str, where: str = "1") -> int:
        """Return how many rows of `table` there are."""
        found = self.rows(f"SELECT count(*) FROM {table} WHERE {where}")  # noqa: S608 - our own words
        return int(found[0][0]) if found else 0

    def holdings(self) -> dict[str, tuple[int, str]]:
        """Return lots and entry price by symbol, as the bot noted them last; what is flat is left out."""
        found = self.rows("SELECT symbol, lots, entry FROM positions ORDER BY sequence")
        latest = {symbol: (lots, entry) for symbol, lots, entry in found}
        return {symbol: held for symbol, held in latest.items() if held[0]}

    def states(self) -> list[str]:
        """Return the states that the bot went through."""
        return [target for (target,) in self.rows("SELECT target FROM transitions ORDER BY sequence")]

    def until(self, true: Callable[[Facts], Any], what: str, *, within: float = DEADLINE) -> None:
        """Wait until the journal says so; an engine that has ended will not say it any more."""
        deadline = time.monotonic() + within
        while not true(self):
            code = self._writer.poll()
            if (code is not None or time.monotonic() > deadline) and not true(self):
                pytest.fail(f"not within {within:g} s: {what}; exit code {code}, states {self.states()}")
            time.sleep(_LOOK)

    def moves_on(self, *, by: int = 2) -> None:
        """Wait until the engine has closed `by` more cycles: it lives."""
        wanted = self.count("cycles") + by
        self.until(lambda facts: facts.count("cycles") >= wanted, f"{by} more cycles")
