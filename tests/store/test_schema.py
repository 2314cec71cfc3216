"""The tables: one a kind of fact, their words true to the fact, their money exact."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Column, MetaData, Table, create_engine, insert, select

from radtui.core.facts import AnyFact, Envelope, Fact
from radtui.store.schema import TABLE_OF, Money
from radtui.store.writer import SqlJournal


def test_every_kind_of_fact_has_a_table_of_its_own() -> None:
    assert set(TABLE_OF) == set(get_args(AnyFact))
    assert len({table.name for table in TABLE_OF.values()}) == len(TABLE_OF)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.none() | st.decimals(allow_nan=False, allow_infinity=False), min_size=1))
def test_money_comes_back_to_the_last_digit(amounts: list[Decimal | None]) -> None:
    table = Table("t", MetaData(), Column("amount", Money))
    engine = create_engine("sqlite://")
    with engine.begin() as connection:
        table.create(connection)
        connection.execute(insert(table), [{"amount": amount} for amount in amounts])
        back = connection.scalars(select(table.c.amount)).all()
    engine.dispose()
    assert [str(amount) for amount in back] == [str(amount) for amount in amounts]


@pytest.fixture
def rows(
    file: Path, journal: SqlJournal, full_facts: list[Fact], said: Callable[..., Envelope], written: Callable[..., None]
) -> dict[str, dict[str, Any]]:
    """One row of each table, read as a person would read it."""
    journal.keep([said(number, fact, at=1_700_000_000 * 10**9) for number, fact in enumerate(full_facts, 1)])
    written(journal)
    reader = sqlite3.connect(file)
    reader.row_factory = sqlite3.Row
    found = {
        table.name: dict(reader.execute(f"SELECT * FROM {table.name}").fetchone())  # noqa: S608
        for table in TABLE_OF.values()
    }
    reader.close()
    return found


def test_every_word_of_every_table_is_found_in_the_fact(rows: dict[str, dict[str, Any]]) -> None:
    silent = [f"{name}.{word}" for name, row in rows.items() for word, value in row.items() if value is None]
    assert silent == ["errors.first_at"]  # written from the second time on


def test_a_person_reads_exact_money_words_and_times(rows: dict[str, dict[str, Any]]) -> None:
    fill = rows["fills"]
    assert (fill["price"], fill["fee"], fill["side"]) == ("30000.123456789012345678",) * 2 + ("buy",)
    assert (rows["orders"]["state"], rows["orders"]["stop_price"]) == ("intent", "30000.123456789012345678")
    assert rows["equity"]["equity"] == "30000.123456789012345678"
    assert (rows["transitions"]["origin"], rows["instructions"]["ask"]) == ("stopped", "start")
    assert rows["positions"]["entry"] == "30000.123456789012345678"
    assert {row["utc"] for row in rows.values()} == {"2023-11-14 22:13:20"}
    assert {(row["bot"], row["who"], row["version"]) for row in rows.values()} == {("alpha", "core", 1)}
