"""What a journal knew to be open is read beside its writer, and changes nothing."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from decimal import Decimal
from pathlib import Path

import pytest

from radtui.core.facts import Envelope, OrderChanged
from radtui.core.holding import Holding
from radtui.core.memory import VERSION, Memory, MemoryRefused, pack
from radtui.core.orders import OrderState, Purpose
from radtui.core.positions import Position
from radtui.store.faults import BackupRefused
from radtui.store.last_known import LastKnown, last_known
from radtui.store.port import BotState
from radtui.store.writer import SqlJournal
from tests.core.makers import XBT, order, request

HELD = Position(instrument=XBT, holding=Holding(3, Decimal("193.5")), leverage=3, opened_at=7)


def state(memory: bytes) -> BotState:
    return BotState(desired="running", who="key:alice", since=1, memory=memory)


async def test_positions_and_orders_that_are_not_done(file: Path) -> None:
    journal = SqlJournal(file)
    journal.keep_state(state(pack(Memory(positions={XBT.symbol: HELD}))))
    orders = [
        order(OrderState.WORKING, Purpose.STOP, request=request("t-1-1")),
        order(OrderState.FILLED, request=request("t-1-2")),
        order(OrderState.UNKNOWN, request=request("t-1-3")),
    ]
    facts = [Envelope(sequence=n, bot="t", at=n, who="core", fact=OrderChanged(o)) for n, o in enumerate(orders, 1)]
    journal.keep(facts)
    await journal.durable()
    found = last_known(file)  # while it is written
    journal.close(clean=True)
    assert [(held.instrument.symbol, held.lots) for held in found.positions] == [("XBTUSDTM", 3)]
    assert [(each.client_id, each.state) for each in found.orders] == [("t-1-1", "working"), ("t-1-3", "unknown")]


def test_a_journal_that_was_never_flown_knows_nothing_open(file: Path) -> None:
    SqlJournal(file).close(clean=True)
    before = file.read_bytes()
    assert last_known(file) == LastKnown()
    assert file.read_bytes() == before


def test_what_cannot_be_read_is_refused(file: Path, tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="There is no file"):
        last_known(tmp_path / "none.db")
    journal = SqlJournal(file)
    journal.keep_state(state(pack(Memory(version=VERSION + 1))))
    journal.close(clean=True)
    with pytest.raises(MemoryRefused, match="newer radtui"):
        last_known(file)
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.execute("UPDATE bot_state SET body = '{}'")
    with pytest.raises(BackupRefused, match="cannot be read: Object missing required field"):
        last_known(file)
    torn = tmp_path / "torn.db"
    torn.write_bytes(b"torn" * 5000)
    with pytest.raises(BackupRefused, match="cannot be read"):
        last_known(torn)
