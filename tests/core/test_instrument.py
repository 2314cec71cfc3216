from __future__ import annotations

from decimal import Decimal

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.core.makers import ETH, PRICES, XBT


@given(PRICES, st.decimals(0, 1_000_000, places=2))
def test_the_lots_of_an_amount_are_affordable_and_one_more_is_not(price: Decimal, notional: Decimal) -> None:
    lots = XBT.lots_for(notional, price)
    assert XBT.notional(price, lots) <= notional
    assert lots == XBT.max_lots or XBT.notional(price, lots + 1) > notional


def test_lots_are_capped_by_the_largest_order_and_nothing_costs_nothing() -> None:
    small = msgspec.structs.replace(XBT, max_lots=7)
    assert small.lots_for(Decimal(1_000_000), Decimal(1)) == 7
    assert small.lots_for(Decimal(1_000_000), Decimal(0)) == 0


@given(PRICES, st.integers(-1000, 1000))
def test_the_notional_follows_the_sign(price: Decimal, lots: int) -> None:
    assert XBT.notional(price, lots) == price * XBT.coins(lots)
    assert XBT.notional(price, -lots) == -XBT.notional(price, lots)


@given(st.decimals("0.01", 100_000, places=5))
def test_prices_are_put_on_the_grid_on_either_side(price: Decimal) -> None:
    assert ETH.below(price) <= price <= ETH.above(price)


def test_the_decimals_of_prices_and_sizes() -> None:
    assert (XBT.price_decimals, XBT.coin_decimals) == (1, 3)
    assert (ETH.price_decimals, ETH.coin_decimals) == (2, 2)


INVERSE = msgspec.structs.replace(XBT, multiplier=Decimal(-1), inverse=True, settle="XBT", quote="USD")


@given(PRICES, st.integers(1, 1000))
def test_an_inverse_lot_is_worth_its_dollars_in_coin(price: Decimal, lots: int) -> None:
    value = INVERSE.notional(price, lots)
    assert abs(value * price - lots) <= price * Decimal("1e-12")
    assert INVERSE.notional(price, -lots) == -value
    assert abs(INVERSE.price_of(value, lots) / price - 1) <= Decimal("1e-6")
    assert XBT.price_of(XBT.notional(price, lots), lots) == price


@given(PRICES, st.decimals("0.001", "10", places=8))
def test_the_inverse_lots_of_an_amount_of_coin_are_affordable_and_one_more_is_not(
    price: Decimal, coins: Decimal
) -> None:
    lots = INVERSE.lots_for(coins, price)
    assert lots / price <= coins
    assert lots == INVERSE.max_lots or (lots + 1) / price > coins


def test_a_long_gains_when_the_price_rises_whichever_way_the_contract_is_settled() -> None:
    for contract in (XBT, INVERSE):
        low, high = (contract.notional(Decimal(price), 10) for price in (100, 110))
        assert contract.profit(high, low) > 0 > contract.profit(-high, -low)
