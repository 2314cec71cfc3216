"""Migrations: every way to the head ends in the very schema that a new journal is laid out with."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from radtui.core.facts import Envelope, OrderChanged
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.core.orders import Order, OrderState, Purpose
from radtui.resilience.clock import SystemClock
from radtui.store.backup import back_up
from radtui.store.batch import json_of
from radtui.store.lease import Lease
from radtui.store.migrations import knows
from radtui.store.opening import engine_of, open_journal
from radtui.store.port import Known
from radtui.store.restore import restore
from radtui.store.schema import HEAD, METADATA
from radtui.store.writer import SqlJournal


def schema_of(file: Path) -> dict[str, str]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: "".join(sql.split()) for name, sql in rows}


def opened(file: Path) -> Known:
    return open_journal(engine_of(file), file, at=1, lease=Lease("the journal", SystemClock()))


def before_the_first(file: Path) -> Path:
    connection = sqlite3.connect(file)
    connection.execute(
        "CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL, "
        "CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num))"
    )
    connection.close()
    return file


def test_migrating_and_creating_give_the_same_schema(tmp_path: Path) -> None:
    migrated, created = before_the_first(tmp_path / "migrated.db"), tmp_path / "created.db"
    for file in (migrated, created):
        opened(file)
    assert schema_of(migrated) == schema_of(created)
    assert len(schema_of(created)) > 15


def test_a_migrated_journal_is_at_the_head_and_opens_again(tmp_path: Path) -> None:
    file = before_the_first(tmp_path / "journal.db")
    assert opened(file).clean
    assert not opened(file).clean
    with engine_of(file).connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_head_is_a_migration_and_a_stranger_is_not() -> None:
    assert knows(None)
    assert knows(HEAD)
    assert not knows("9999")


def at_the_first(file: Path) -> list[tuple[int, str]]:
    """Make a journal of the first revision, with a run in it that crashed; return its orders."""
    from alembic import command

    from radtui.store.migrations import _config

    config = _config()
    with engine_of(file).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0001")
    facts = [(number, order(number)) for number in (1, 2)]
    with closing(sqlite3.connect(file)) as writer, writer:
        writer.executemany("INSERT INTO orders (sequence, body) VALUES (?, ?)", facts)
        writer.execute("INSERT INTO meta VALUES (1, 0, 5, 2)")
    return facts


def order(sequence: int) -> str:
    request = OrderRequest(
        client_id=f"alpha-{sequence}", symbol="XBTUSDTM", side=Side.BUY, type=OrderType.MARKET, lots=1
    )
    fact = OrderChanged(Order(request=request, purpose=Purpose.ENTRY, state=OrderState.SENT, why="w", intended_at=1))
    return json_of(Envelope(sequence=sequence, bot="alpha", at=sequence, who="core", fact=fact))


def test_a_journal_of_the_first_revision_keeps_all_and_can_be_flown(tmp_path: Path) -> None:
    file = tmp_path / "journal.db"
    facts = at_the_first(file)
    journal = SqlJournal(file)
    known = journal.known()
    assert (known.sequence, known.clean, len(known.open_orders)) == (2, False, 2)
    journal.close(clean=True)
    with closing(sqlite3.connect(file)) as connection:
        assert connection.execute("SELECT sequence, body FROM orders ORDER BY sequence").fetchall() == facts
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == (HEAD,)
    created = tmp_path / "created.db"
    SqlJournal(created).close(clean=True)
    assert schema_of(file) == schema_of(created)


def test_a_backup_of_the_first_revision_is_taken_restored_and_flown(tmp_path: Path) -> None:
    old, kept, file = tmp_path / "old.db", tmp_path / "kept.db", tmp_path / "state" / "journal.db"
    at_the_first(old)
    assert back_up(old, kept).revision == "0001"
    assert restore(kept, file, 1).now.rows["orders"] == 2
    assert restore(old, file, 2).before is not None, "a journal without a lease is set aside too"
    journal = SqlJournal(file)
    assert len(journal.known().open_orders) == 2
    journal.close(clean=True)
