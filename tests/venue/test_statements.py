from __future__ import annotations

from decimal import Decimal

from venue_world import COIN, Row, live, quiet, send, step

from radtui.core.order import MarginMode, PositionSide
from radtui.venue.statements import CloseKind, LedgerKind, Statements
from radtui.venue.venue import Venue

RISE: tuple[Row, ...] = (quiet("100"), quiet("110"), quiet("110"))


def _traded(kept: int = 50) -> Venue:
    """In: 6 lots at 100, 4 at 110; out: 10 at 110."""
    where = live(*RISE, slippage="0", kept=kept)
    send(where, "one", "buy", 6, "100.1", leverage=5)
    step(where, 2)
    send(where, "two", "buy", 4, "110.1", leverage=5)
    send(where, "out", "sell", close_order=True)
    return where


def test_a_closed_position_tells_its_life() -> None:
    (closed,) = _traded().closed_positions()
    assert (closed.kind, closed.side, closed.lots) == (CloseKind.CLOSE_LONG, PositionSide.LONG, 10)
    assert (closed.open_price, closed.close_price) == (Decimal("104.1"), Decimal(110))
    assert closed.gross == 59
    fees = (Decimal("600.6") + Decimal("440.4") + 1100) * COIN.taker_fee
    assert (closed.fees, closed.realised, closed.funding) == (fees, 59 - fees, 0)
    assert closed.opened_at < closed.closed_at
    assert closed.margin_mode is MarginMode.ISOLATED


def test_the_rows_add_up_to_what_the_wallet_gained() -> None:
    where = _traded()
    rows = where.ledger_rows("USDT")
    assert sum(row.amount for row in rows) == where.account().wallet - 1000
    assert {(row.kind, row.remark) for row in rows} == {(LedgerKind.REALISED, COIN.symbol)}
    assert rows[-1].balance_after == where.account().wallet
    assert [row.number for row in rows] == [1, 2, 3]
    assert sum(row.fee for row in rows) == where.closed_positions()[0].fees


def test_a_venue_that_keeps_no_statements_has_none() -> None:
    where = _traded(kept=0)
    assert where.ledger_rows("USDT") == where.closed_positions() == []


def test_a_position_that_is_turned_round_ends_and_another_begins() -> None:
    where = live(*RISE, slippage="0")
    send(where, "in", "sell", 5)
    send(where, "flip", "buy", 8)
    assert [closed.kind for closed in where.closed_positions()] == [CloseKind.CLOSE_SHORT]
    assert where.positions()[0].lots == 3
    assert where.positions()[0].fees < where.closed_positions()[0].fees


def test_only_the_latest_are_kept_and_the_numbers_go_on() -> None:
    statements = Statements(2)
    for n in range(3):
        statements.moved("USDT", n, LedgerKind.REALISED, Decimal(1), Decimal(0), (Decimal(n), "x"))
    again = Statements(2, statements.pack())
    again.moved("USDT", 3, LedgerKind.REALISED, Decimal(1), Decimal(0), (Decimal(3), "x"))
    assert [row.number for row in again.rows] == [3, 4]
