"""Migrations: every way to the head ends in the very schema that a new journal is laid out with."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext

from radtui.store.migrations import knows
from radtui.store.opening import engine_of, open_journal
from radtui.store.schema import HEAD, METADATA


def schema_of(file: Path) -> dict[str, str]:
    connection = sqlite3.connect(file)
    rows = connection.execute("SELECT name, sql FROM sqlite_master WHERE sql IS NOT NULL").fetchall()
    connection.close()
    return {name: "".join(sql.split()) for name, sql in rows}


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
        open_journal(engine_of(file), file, at=1)
    assert schema_of(migrated) == schema_of(created)
    assert len(schema_of(created)) > 15


def test_a_migrated_journal_is_at_the_head_and_opens_again(tmp_path: Path) -> None:
    file = before_the_first(tmp_path / "journal.db")
    assert open_journal(engine_of(file), file, at=1).clean
    assert not open_journal(engine_of(file), file, at=2).clean
    with engine_of(file).connect() as connection:
        assert connection.exec_driver_sql("SELECT version_num FROM alembic_version").scalar() == HEAD
        assert compare_metadata(MigrationContext.configure(connection), METADATA) == []


def test_the_head_is_a_migration_and_a_stranger_is_not() -> None:
    assert knows(None)
    assert knows(HEAD)
    assert not knows("9999")
