"""Round trips from fills: what goes in comes out, whatever the order of the fills."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.backtest.trades import Direction, TradeBook
from radtui.core.holding import Holding
from radtui.core.money import ZERO
from radtui.core.order import Fill, FillKind, Side
from radtui.venue.contracts import CONTRACTS

XBT = CONTRACTS["XBTUSDTM"]


def fill(lots: int, price: str | int, at: int = 0, kind: FillKind = FillKind.TRADE) -> Fill:
    return Fill(
        trade_id=str(at), order_id="1", client_id="t", symbol=XBT.symbol, side=Side.BUY if lots > 0 else Side.SELL,
        lots=abs(lots), price=Decimal(price), fee=Decimal("0.5"), maker=False, at=at, kind=kind,
    )  # fmt: skip


def book() -> TradeBook:
    return TradeBook({XBT.symbol: XBT})


def test_a_position_in_parts_is_one_trade() -> None:
    told = book()
    for number, (lots, price) in enumerate([(10, 40_000), (10, 41_000), (-5, 42_000), (-15, 43_000)]):
        told.fill(fill(lots, price, number), "in" if lots > 0 else "out")
        told.funded(XBT.symbol, Decimal("-0.1"))
    (trade,) = told.done
    assert (trade.direction, trade.lots) == (Direction.LONG, 20)
    assert (trade.entry, trade.exit) == (Decimal(40_500), Decimal(42_750))
    assert (trade.opened_at, trade.closed_at, trade.why, trade.end) == (0, 3, "in", "out")
    assert (trade.gross, trade.fees, trade.funding) == (Decimal(45), Decimal(2), Decimal("-0.3"))
    assert trade.net == Decimal("42.7")
    assert not told.open


def test_a_liquidation_is_named() -> None:
    told = book()
    told.fill(fill(-10, 40_000), "in")
    told.fill(fill(10, 50_000, 1, FillKind.LIQUIDATION), "")
    (trade,) = told.done
    assert (trade.direction, trade.end, trade.gross) == (Direction.SHORT, "liquidation", Decimal(-100))


@settings(max_examples=40)
@given(st.lists(st.tuples(st.integers(-20, 20).filter(bool), st.integers(1, 100_000)), max_size=20))
def test_what_the_trades_made_is_what_the_fills_made(told: list[tuple[int, int]]) -> None:
    """Fills that close no more than there is, as all of ours do."""
    trades, holding, made = book(), Holding(), ZERO
    for lots, price in told:
        part = max(-abs(holding.lots), min(abs(holding.lots), lots)) if holding.lots * lots < 0 else lots
        holding, realised = holding.after(part, Decimal(price), XBT)
        made += realised
        trades.fill(fill(part, price), "")
    opened = sum((trade.gross for trade in trades.open.values()), ZERO)
    assert sum((trade.gross for trade in trades.done), ZERO) + opened == made
    assert [trade.holding for trade in trades.open.values()] == ([holding] if holding.lots else [])
