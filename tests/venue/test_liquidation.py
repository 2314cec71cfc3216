"""Who is liquidated when, and who pays for it; isolated positions inside one bar stand in `test_replay`."""

from __future__ import annotations

from decimal import Decimal

import pytest
from venue_world import COIN, DIME, FixedMarks, Row, crossed, fills, last_position, live, quiet, reports, send, step

from radtui.core.order import FillKind, MarginMode, PositionSide
from radtui.venue.modes import PositionMode
from radtui.venue.statements import CloseKind
from radtui.venue.venue import Venue

CROSS = MarginMode.CROSS


def _both(coin: Row, dime: Row) -> dict[str, Row]:
    return {COIN.symbol: coin, DIME.symbol: dime}


def test_orders_that_open_are_cancelled_at_95_percent_and_positions_stand_until_100() -> None:
    def at(low: str) -> Venue:
        rows = quiet("1000"), ("1000", "1000", low, low), quiet(low)
        where = crossed(*rows, balance="1100", leverage=100)
        step(where)
        send(where, "in", "buy", 10, margin_mode=CROSS)
        send(where, "more", "buy", 1, "951", margin_mode=CROSS)
        return where

    edge = at("900").positions()[0].liquidation
    for ticks, alive in ((1, True), (-1, False)):
        where = at(str(edge + ticks * COIN.tick))
        ended = reports(step(where), "more")[-1]
        assert (ended.cancelled, ended.filled_lots) == (True, 0)
        assert "close to liquidation" in ended.reason
        assert bool(where.positions()) is alive
    assert reports(step(at(str(edge + 40))), "more")[-1].filled_lots == 1


def test_a_liquidation_takes_the_largest_loss_first_and_stops_when_the_rest_can_stand() -> None:
    rows = [_both(quiet("100"), quiet("100")), _both(("100", "100", "88", "88"), ("100", "100", "99", "99"))]
    where = crossed(*rows, contracts=(COIN, DIME), leverage=50, balance="1200")
    send(where, "big", "buy", 100, margin_mode=CROSS)
    send(where, "small", "buy", 10, symbol=DIME.symbol, margin_mode=CROSS)
    said = step(where, 2)
    (taken,) = [fill for fill in fills(said) if fill.kind is FillKind.LIQUIDATION]
    assert (taken.symbol, taken.lots, taken.margin_mode) == (COIN.symbol, 100, CROSS)
    assert [position.symbol for position in where.positions()] == [DIME.symbol]
    assert where.risk_ratio() < 1
    assert where.everyone == 1200


def test_a_gap_through_everything_is_paid_by_the_insurance_and_leaves_nothing_below_zero() -> None:
    where = crossed(quiet("100"), quiet("50"), leverage=50)
    send(where, "in", "buy", 100, margin_mode=CROSS)
    said = step(where, 2)
    (taken,) = [fill for fill in fills(said) if fill.kind is FillKind.LIQUIDATION]
    assert taken.price == 50
    assert last_position(said).lots == 0
    account = where.account()
    assert (account.wallet, account.available, account.equity) == (0, 0, 0)
    assert where.everyone == 1000


def test_isolated_money_is_not_touched_by_a_cross_disaster() -> None:
    rows = [_both(quiet("100"), quiet("100")), _both(quiet("50"), quiet("100"))]
    where = live(*rows, contracts=(COIN, DIME), slippage="0")
    where.set_margin_mode(COIN.symbol, CROSS)
    where.set_cross_leverage(COIN.symbol, 50)
    send(where, "safe", "buy", 100, symbol=DIME.symbol, leverage=5)
    send(where, "in", "buy", 100, margin_mode=CROSS)
    held = where.positions()[0].margin if where.positions()[0].symbol == DIME.symbol else where.positions()[1].margin
    step(where, 2)
    assert [position.symbol for position in where.positions()] == [DIME.symbol]
    assert where.account().wallet == held == where.account().position_margin
    assert where.everyone == 1000


def test_a_liquidation_price_is_shown_and_kept() -> None:
    where = crossed(*[quiet("100")] * 2, leverage=50)
    send(where, "in", "buy", 100, margin_mode=CROSS)
    shown = where.positions()[0].liquidation
    # wallet 993.994…: 100 lots at 100.1 may lose that, less 0.46 % of what they are worth then
    assert Decimal(90) < shown < Decimal(91)
    assert where.positions()[0].bankruptcy < shown
    for tick, dies in ((2, False), (-2, True)):
        low = str(shown + tick * COIN.tick)
        other = crossed(quiet("100"), ("100", "100", low, low), leverage=50)
        send(other, "in", "buy", 100, margin_mode=CROSS)
        step(other, 2)
        assert (other.positions() == []) is dies


@pytest.mark.parametrize(("mark", "dies"), [("95", False), ("90.3", True)])
def test_the_mark_price_liquidates_and_not_the_last(mark: str, dies: bool) -> None:
    rows = quiet("100"), ("100", "100", "80" if not dies else "99", "99")
    where = live(*rows, slippage="0.001", marks=FixedMarks({1: mark}))
    send(where, "in", "buy", 10)
    taken = [fill for fill in fills(step(where, 2)) if fill.kind is FillKind.LIQUIDATION]
    assert bool(taken) is dies
    assert (where.positions() == []) is dies
    assert [closed.kind for closed in where.closed_positions()] == [CloseKind.LIQUID_LONG] * dies
    assert where.everyone == 1000


def test_a_hedged_cross_account_stands_while_its_sides_cancel_out() -> None:
    where = crossed(quiet("100"), quiet("70"), quiet("130"), leverage=50)
    where.set_position_mode(PositionMode.HEDGE)
    send(where, "up", "buy", 80, position_side=PositionSide.LONG, margin_mode=CROSS)
    send(where, "down", "sell", 80, position_side=PositionSide.SHORT, margin_mode=CROSS)
    assert not [fill for fill in fills(step(where, 3)) if fill.kind is FillKind.LIQUIDATION]
    assert len(where.positions()) == 2
