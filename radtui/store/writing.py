"""One batch to disk, in one transaction. Writing it a second time changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import Connection, Table, delete, select
from sqlalchemy.dialects.sqlite import insert

from radtui.core.market import Candle
from radtui.store.batch import Batch
from radtui.store.limits import CANDLES_KEPT, EVALUATIONS_KEPT
from radtui.store.schema import (
    ALERTS,
    BOT_STATE,
    ERRORS,
    EVALUATIONS,
    META,
    ORDERS,
    PAPER_CANDLES,
    PAPER_STATE,
    TABLE_OF,
)

_LATER: Final = "UPDATE SET sequence = excluded.sequence, body = excluded.body"


def _insert(table: Table) -> str:
    # A commit can fail and yet be on disk, so each statement must bear a repeat.
    only_forwards = f"WHERE excluded.sequence > {table.name}.sequence"
    conflict = {
        ORDERS: f"(client_id) DO {_LATER} {only_forwards}",
        ALERTS: f"(alert_id) DO {_LATER} {only_forwards}",
        ERRORS: "(kind, severity, message, place) DO "
        f"{_LATER}, count = count + 1, first_at = coalesce(first_at, at) {only_forwards}",
    }.get(table, "DO NOTHING")
    return f"INSERT INTO {table.name} (sequence, body) VALUES (?, ?) ON CONFLICT {conflict}"  # noqa: S608


_INSERTS: Final = {table.name: _insert(table) for table in TABLE_OF.values()}
_LOOK_EVERY: Final = 499
"""Sequences between two looks for evaluations that are too many."""
_HIGHEST: Final = "UPDATE meta SET sequence = max(sequence, ?)"
_CANDLE: Final = insert(PAPER_CANDLES).on_conflict_do_nothing()


def put(connection: Connection, batch: Batch) -> None:
    """Write all of `batch` inside the transaction that `connection` holds.

    Raises:
        DBAPIError: nothing of it was written, as far as is known.
    """
    for table, rows in batch.rows.items():
        connection.exec_driver_sql(_INSERTS[table], rows)
    _forget(connection, batch.rows.get(EVALUATIONS.name, ()))
    if batch.rows:
        connection.exec_driver_sql(_HIGHEST, (batch.sequence,))
    if batch.state is not None:
        _set(connection, BOT_STATE, batch.state)
    _write_paper(connection, batch)


def note(connection: Connection, *, clean: bool, at: int) -> None:
    """Note whether the run that ends (or begins) now is a clean one; `at` in nanoseconds UTC."""
    values = {"clean": clean, "since": at}
    connection.execute(insert(META).values(id=1, **values).on_conflict_do_update(index_elements=["id"], set_=values))


def _forget(connection: Connection, added: Sequence[tuple[int, str]]) -> None:
    """Drop the oldest evaluations; only now and then, for to find them takes a while."""
    if all(sequence % _LOOK_EVERY for sequence, _ in added):
        return
    table = EVALUATIONS.c
    newest = select(table.sequence).order_by(table.sequence.desc())
    oldest_kept = newest.limit(1).offset(EVALUATIONS_KEPT - 1).scalar_subquery()
    connection.execute(delete(EVALUATIONS).where(table.sequence < oldest_kept))


def _set(connection: Connection, table: Table, body: str) -> None:
    row = insert(table).values(id=1, body=body)
    connection.execute(row.on_conflict_do_update(index_elements=["id"], set_={"body": body}))


def _write_paper(connection: Connection, batch: Batch) -> None:
    if batch.wipe:
        connection.execute(delete(PAPER_STATE))
        connection.execute(delete(PAPER_CANDLES))
    if batch.paper is not None:
        _set(connection, PAPER_STATE, batch.paper)
    if batch.candles:
        connection.execute(_CANDLE, [msgspec.structs.asdict(candle) for candle in batch.candles])
        _prune(connection, batch.candles)


def _prune(connection: Connection, candles: list[Candle]) -> None:
    table = PAPER_CANDLES.c
    for symbol, span in sorted({(candle.symbol, candle.span) for candle in candles}):
        series = (table.symbol == symbol) & (table.span == span)
        newest = select(table.opened_at).where(series).order_by(table.opened_at.desc())
        oldest_kept = newest.limit(1).offset(CANDLES_KEPT - 1).scalar_subquery()
        connection.execute(delete(PAPER_CANDLES).where(series, table.opened_at < oldest_kept))
