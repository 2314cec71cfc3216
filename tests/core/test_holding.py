from __future__ import annotations

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from tests.core.makers import PRICES, XBT

MULTIPLIERS = [Decimal("0.001"), Decimal("0.01"), Decimal(1), Decimal(10)]
LINEAR = st.sampled_from([replace(XBT, multiplier=multiplier) for multiplier in MULTIPLIERS])
INVERSE = replace(XBT, multiplier=Decimal(-1), inverse=True, settle="XBT", quote="USD")
WHOLE = replace(XBT, multiplier=Decimal(1))
FILLS = st.lists(st.tuples(st.integers(-500, 500).filter(bool), PRICES), max_size=12)


def after_all(fills: list[tuple[int, Decimal]], contract: Instrument) -> tuple[Holding, Decimal]:
    holding, realised = Holding(), ZERO
    for lots, price in fills:
        holding, gain = holding.after(lots, price, contract)
        realised += gain
    return holding, realised


@given(FILLS, LINEAR)
def test_what_was_realised_is_the_cash_that_flowed_plus_what_is_held(
    fills: list[tuple[int, Decimal]], contract: Instrument
) -> None:
    holding, realised = after_all(fills, contract)
    cash = -sum((contract.notional(price, lots) for lots, price in fills), ZERO)
    assert holding.lots == sum(lots for lots, _ in fills)
    assert realised == cash + holding.cost
    if not holding.lots:
        assert holding.cost == ZERO


@given(FILLS, LINEAR, PRICES, PRICES, st.lists(st.integers(1, 9), min_size=1, max_size=8))
def test_however_a_close_is_split_it_realises_the_same_to_the_last_digit(
    fills: list[tuple[int, Decimal]], contract: Instrument, entry: Decimal, price: Decimal, parts: list[int]
) -> None:
    lots = sum(parts)
    held, _ = Holding().after(lots, entry, contract)
    once = held.after(-lots, price, contract)
    split, realised = held, ZERO
    for part in parts:
        split, gain = split.after(-part, price, contract)
        realised += gain
    assert (split, realised) == once


@given(st.integers(-500, 500).filter(bool), PRICES, PRICES, LINEAR)
def test_closing_at_the_mark_realises_the_open_profit(
    lots: int, entry: Decimal, mark: Decimal, contract: Instrument
) -> None:
    held, nothing = Holding().after(lots, entry, contract)
    assert nothing == ZERO
    assert held.after(-lots, mark, contract) == (Holding(), held.unrealised(mark, contract))


@given(st.integers(1, 500), st.integers(1, 500), PRICES, PRICES, LINEAR)
def test_a_fill_beyond_the_position_turns_it_at_its_own_price(
    lots: int, beyond: int, entry: Decimal, price: Decimal, contract: Instrument
) -> None:
    held, _ = Holding().after(lots, entry, contract)
    turned, realised = held.after(-lots - beyond, price, contract)
    assert turned == Holding(-beyond, contract.notional(price, -beyond))
    assert realised == contract.profit(contract.notional(price, lots), contract.notional(entry, lots))


def test_the_entry_is_the_mean_price_and_nothing_when_flat() -> None:
    held, _ = after_all([(1, Decimal(100)), (3, Decimal(200))], XBT)
    assert held.entry(XBT) == Decimal(175)
    assert Holding().entry(XBT) == ZERO


def test_a_short_gains_when_the_price_falls() -> None:
    held, _ = Holding().after(-10, Decimal(100), WHOLE)
    assert held.unrealised(Decimal(90), WHOLE) == Decimal(100)


@given(st.integers(-500, 500).filter(bool), PRICES, PRICES)
def test_an_inverse_position_earns_coin_by_the_difference_of_what_its_dollars_are_worth(
    lots: int, entry: Decimal, mark: Decimal
) -> None:
    held, _ = Holding().after(lots, entry, INVERSE)
    expected = lots / entry - lots / mark
    assert abs(held.unrealised(mark, INVERSE) - expected) <= Decimal("1e-12")
    assert held.after(-lots, mark, INVERSE) == (Holding(), held.unrealised(mark, INVERSE))
    assert abs(held.entry(INVERSE) / entry - 1) <= Decimal("1e-6")
    assert (held.unrealised(mark, INVERSE) > 0) == ((mark - entry) * lots > 0) or entry == mark


@given(FILLS, PRICES)
def test_an_inverse_positions_coin_is_all_accounted_for(fills: list[tuple[int, Decimal]], mark: Decimal) -> None:
    holding, realised = after_all(fills, INVERSE)
    received = sum((INVERSE.notional(price, lots) for lots, price in fills), ZERO)
    # Where a fill turns a position its two halves are rounded apart, by a grain each.
    assert abs(realised - (received - holding.cost)) <= len(fills) * Decimal("1e-12")
    assert holding.lots == sum(lots for lots, _ in fills)
