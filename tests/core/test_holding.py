from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from radtui.core.holding import Holding
from radtui.core.money import ZERO
from tests.core.makers import PRICES

MULTIPLIERS = st.sampled_from([Decimal("0.001"), Decimal("0.01"), Decimal(1), Decimal(10)])
FILLS = st.lists(st.tuples(st.integers(-500, 500).filter(bool), PRICES), max_size=12)


def after_all(fills: list[tuple[int, Decimal]], multiplier: Decimal) -> tuple[Holding, Decimal]:
    holding, realised = Holding(), ZERO
    for lots, price in fills:
        holding, gain = holding.after(lots, price, multiplier)
        realised += gain
    return holding, realised


@given(FILLS, MULTIPLIERS)
def test_what_was_realised_is_the_cash_that_flowed_plus_what_is_held(
    fills: list[tuple[int, Decimal]], multiplier: Decimal
) -> None:
    holding, realised = after_all(fills, multiplier)
    cash = -sum((lots * price * multiplier for lots, price in fills), ZERO)
    assert holding.lots == sum(lots for lots, _ in fills)
    assert realised == cash + holding.cost
    if not holding.lots:
        assert holding.cost == ZERO


@given(FILLS, MULTIPLIERS, PRICES, PRICES, st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_however_a_close_is_split_it_realises_the_same_to_the_last_digit(
    fills: list[tuple[int, Decimal]], multiplier: Decimal, entry: Decimal, price: Decimal, parts: list[int]
) -> None:
    lots = sum(parts)
    held, _ = Holding().after(lots, entry, multiplier)
    once = held.after(-lots, price, multiplier)
    split, realised = held, ZERO
    for part in parts:
        split, gain = split.after(-part, price, multiplier)
        realised += gain
    assert (split, realised) == once


@given(st.integers(-500, 500).filter(bool), PRICES, PRICES, MULTIPLIERS)
def test_closing_at_the_mark_realises_the_open_profit(
    lots: int, entry: Decimal, mark: Decimal, multiplier: Decimal
) -> None:
    held, nothing = Holding().after(lots, entry, multiplier)
    assert nothing == ZERO
    assert held.after(-lots, mark, multiplier) == (Holding(), held.unrealised(mark, multiplier))


@given(st.integers(1, 500), st.integers(1, 500), PRICES, PRICES, MULTIPLIERS)
def test_a_fill_beyond_the_position_turns_it_at_its_own_price(
    lots: int, beyond: int, entry: Decimal, price: Decimal, multiplier: Decimal
) -> None:
    held, _ = Holding().after(lots, entry, multiplier)
    turned, realised = held.after(-lots - beyond, price, multiplier)
    assert turned == Holding(-beyond, price * multiplier * -beyond)
    assert realised == (price - entry) * multiplier * lots


def test_the_entry_is_the_mean_price_and_nothing_when_flat() -> None:
    held, _ = after_all([(1, Decimal(100)), (3, Decimal(200))], Decimal("0.001"))
    assert held.entry(Decimal("0.001")) == Decimal(175)
    assert Holding().entry(Decimal("0.001")) == ZERO


def test_a_short_gains_when_the_price_falls() -> None:
    held, _ = Holding().after(-10, Decimal(100), Decimal(1))
    assert held.unrealised(Decimal(90), Decimal(1)) == Decimal(100)
