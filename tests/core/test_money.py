from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.money import LEDGER, ZERO, decimals, plain, ratio, share, tick_down, tick_up, to_tick

AMOUNTS = st.decimals(-10_000_000, 10_000_000, places=8)
TICKS = st.sampled_from([Decimal(text) for text in ("0.1", "0.01", "0.05", "0.00001", "1", "5")])
PRICES = st.decimals("0.00001", 1_000_000, places=7)


@given(AMOUNTS, st.lists(st.integers(1, 1000), min_size=1, max_size=12))
def test_shares_taken_one_after_the_other_add_up_to_the_whole(amount: Decimal, parts: list[int]) -> None:
    left, whole, taken = amount, sum(parts), ZERO
    for part in parts:
        piece = share(left, part, whole)
        left, whole, taken = left - piece, whole - part, taken + piece
    assert (left, taken) == (ZERO, amount)


@given(AMOUNTS, st.integers(1, 1000), st.integers(1, 1000))
def test_a_share_is_within_half_a_grain_of_the_exact_one(amount: Decimal, part: int, more: int) -> None:
    whole = part + more
    assert abs(share(amount, part, whole) * whole - amount * part) <= LEDGER / 2 * whole


@given(AMOUNTS, AMOUNTS.filter(bool))
def test_a_ratio_is_within_half_a_grain(part: Decimal, whole: Decimal) -> None:
    assert abs(ratio(part, whole) - part / whole) <= LEDGER / 2


def test_a_ratio_to_nothing_is_nothing() -> None:
    assert ratio(Decimal(5), ZERO) == ZERO


@given(PRICES, TICKS)
def test_the_grid_encloses_the_price(price: Decimal, tick: Decimal) -> None:
    below, above = tick_down(price, tick), tick_up(price, tick)
    assert below <= price <= above
    assert below % tick == above % tick == to_tick(price, tick) % tick == 0
    assert above - below == (tick if price % tick else 0)
    assert to_tick(price, tick) in {below, above}


@pytest.mark.parametrize(("step", "shown"), [("0.01", 2), ("5", 0), ("0.50", 1), ("10", 0), ("0.00001", 5)])
def test_a_grid_shows_its_decimals(step: str, shown: int) -> None:
    assert decimals(Decimal(step)) == shown


@given(AMOUNTS)
def test_plain_text_is_the_same_amount_without_exponent(amount: Decimal) -> None:
    text = plain(amount)
    assert Decimal(text) == amount
    assert "E" not in text
    assert "." not in text or not text.endswith(("0", "."))


@pytest.mark.parametrize(("amount", "text"), [("0E-8", "0"), ("1E+3", "1000"), ("1.500", "1.5"), ("100", "100")])
def test_plain_text(amount: str, text: str) -> None:
    assert plain(Decimal(amount)) == text
