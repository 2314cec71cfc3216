"""The why ledger in a journal file: what came of every signal (row S5), read beside the writer and never in its way."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Final

import msgspec

from radtui.core.facts import Envelope, Evaluated
from radtui.core.why_view import WhyView

_AT: Final = "SELECT body FROM evaluations WHERE symbol = ? AND market_at <= ? ORDER BY sequence DESC LIMIT 1"
_BETWEEN: Final = "SELECT body FROM evaluations WHERE market_at >= ? AND market_at < ? ORDER BY sequence"
_PATIENCE: Final = 5.0
_envelope: Final = msgspec.json.Decoder(Envelope).decode


def weighed_at(journal: Path, symbol: str, at: int) -> WhyView | None:
    """Return what came of the last signal of `symbol` up to the market clock `at`; None where the ledger has none.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    with _reading(journal) as connection:
        return next(_views(connection.execute(_AT, (symbol, at))), None)


def weighed_between(journal: Path, since: int, until: int) -> list[WhyView]:
    """Return what came of all signals from `since` on and before `until` (market clock), in their order.

    Raises:
        sqlite3.Error: the file cannot be read.
    """
    with _reading(journal) as connection:
        return list(_views(connection.execute(_BETWEEN, (since, until))))


@contextmanager
def _reading(journal: Path) -> Iterator[sqlite3.Connection]:
    address = f"{journal.absolute().as_uri()}?mode=ro"
    with closing(sqlite3.connect(address, uri=True, timeout=_PATIENCE)) as connection:
        yield connection


def _views(rows: sqlite3.Cursor) -> Iterator[WhyView]:
    for (body,) in rows:
        fact = _envelope(body).fact
        if isinstance(fact, Evaluated):
            yield fact.why
