"""Cross margin: worked by hand where a figure stands here."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from venue_world import COIN, DIME, GEM, crossed, fills, quiet, send, step

from radtui.core.instrument import Instrument
from radtui.core.order import FillKind, MarginMode
from radtui.venue.cross import CrossPosition, Stake, price_where_lost, standing
from radtui.venue.position import FLAT
from radtui.venue.refusals import VenueRefusal

CROSS = MarginMode.CROSS


def test_a_cross_position_needs_its_value_over_the_leverage_and_sets_nothing_aside() -> None:
    where = crossed(quiet("100"), quiet("110"))
    report = send(where, "in", "buy", 10, margin_mode=CROSS, leverage=3)
    assert (report.leverage, report.margin_mode) == (10, CROSS), "the contract's leverage, not the order's"
    fill = where.fills(0)[0]
    paid = fill.fee
    account = where.account()
    assert account.position_margin == Decimal(100)
    assert account.available == 1000 - paid - 100 - (fill.price - 100) * 10
    step(where)
    step(where)
    position = where.positions()[0]
    assert (position.margin, position.maintenance) == (Decimal(110), Decimal("4.4"))
    assert (position.margin_mode, position.leverage, position.initial) == ("cross", 10, fill.price)
    assert where.account().available == 1000 - paid - 110, "open profit opens nothing"


def test_an_order_of_the_other_mode_is_refused() -> None:
    where = crossed(quiet("100"))
    with pytest.raises(VenueRefusal, match="330005"):
        send(where, "in", "buy", 10)


def test_all_free_money_stands_behind_it() -> None:
    # 10 × leverage 10: isolated it would be gone at 90.4; here 1000 stand behind a value of 1000.
    where = crossed(quiet("100"), quiet("85"), quiet("60"))
    send(where, "in", "buy", 10, margin_mode=CROSS)
    assert not [fill for fill in fills(step(where, 3)) if fill.kind is FillKind.LIQUIDATION]
    assert where.positions()[0].unrealised == (60 - where.positions()[0].entry) * 10


def _lots(n: int, price: str = "100", instrument: Instrument = COIN) -> Stake:
    holding, _ = FLAT.after(n, Decimal(price), instrument)
    return Stake(CrossPosition(holding=holding, opened_at=0, leverage=10), instrument, Decimal(price))


def test_the_risk_ratio_is_maintenance_and_closing_fees_over_what_stands_behind() -> None:
    long, short = _lots(10), _lots(-30, "50", DIME)
    whole = standing(Decimal(100), [long, msgspec.structs.replace(long, mark=Decimal(95)), short])
    assert whole.unrealised == -50
    # values 1000, 950 and 150 at 0.4 % maintenance and a closing fee of 0.06 %
    assert whole.requirement == Decimal(2100) * Decimal("0.0046")
    assert whole.margin == 50
    assert whole.ratio == Decimal("9.66") / 50
    assert standing(Decimal(0), []).ratio == 0
    assert standing(Decimal(1), [msgspec.structs.replace(long, mark=Decimal(90))]).ratio > 1


@settings(deadline=None, max_examples=150)
@given(
    st.lists(st.integers(-400, 400).filter(bool), min_size=1, max_size=2),
    st.decimals("1", "50000", places=2),
    st.sampled_from([COIN, DIME, GEM]),
)
def test_the_liquidation_price_is_where_the_ratio_becomes_one(
    lots: list[int], free: Decimal, instrument: Instrument
) -> None:
    stakes = [_lots(n, "100", instrument) for n in lots]
    free = free / 100 if instrument.inverse else free
    rate = instrument.maintenance_margin + instrument.taker_fee
    price = price_where_lost(stakes, free, rate)
    if sum(lots) == 0 or not 1 < price < 10_000 or standing(free, stakes).ratio >= 1:
        return
    adverse = -1 if sum(lots) > 0 else 1

    def ratio_at(mark: Decimal) -> Decimal:
        return standing(free, [msgspec.structs.replace(stake, mark=mark) for stake in stakes]).ratio

    assert ratio_at(price + 2 * adverse * instrument.tick) >= Decimal("0.999")
    assert ratio_at(price - 2 * adverse * instrument.tick) <= Decimal("1.001")


def test_the_cross_leverage_moves_what_open_positions_need() -> None:
    where = crossed(quiet("100"), leverage=10)
    send(where, "in", "buy", 50, margin_mode=CROSS)
    assert where.account().position_margin == 500
    where.set_cross_leverage(COIN.symbol, 20)
    assert where.account().position_margin == 250
    assert where.positions()[0].leverage == 20
    with pytest.raises(VenueRefusal, match="300003"):
        where.set_cross_leverage(COIN.symbol, 4)
    with pytest.raises(VenueRefusal, match="300016"):
        where.set_cross_leverage(COIN.symbol, 126)
    assert where.cross_leverage(COIN.symbol) == 20


def test_funding_of_a_cross_position_comes_out_of_the_wallet() -> None:
    where = crossed(quiet("100"))
    send(where, "in", "sell", 10, margin_mode=CROSS)
    wallet = where.account().wallet
    desk = where._desks[COIN.symbol]
    where._execution.fund(desk, Decimal("0.0001"), Decimal(100), 5)
    assert where.account().wallet == wallet + Decimal("0.1")
    assert where.positions()[0].funding == Decimal("0.1")
    assert where.funding(0)[0].margin_mode == "cross"


def test_an_inverse_contract_stands_on_its_coin() -> None:
    where = crossed({GEM.symbol: quiet("100")}, {GEM.symbol: quiet("80")}, contracts=(GEM,), leverage=10)
    send(where, "in", "buy", 1000, symbol=GEM.symbol, margin_mode=CROSS)
    (fill,) = where.fills(0)
    assert fill.fee == GEM.notional(fill.price, 1000) * GEM.taker_fee
    step(where, 2)
    position = where.positions()[0]
    assert abs(position.unrealised - (1000 / fill.price - Decimal("12.5"))) < Decimal("1e-9")
    assert position.margin == Decimal("1.25")
    assert where.account("USDT").wallet == 1000
