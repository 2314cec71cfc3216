"""A book's sides: who buys takes what is offered, who sells what is bid, and nobody gets better than the best of it."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from radtui.core.book import BookShown, Level
from radtui.core.order import Side
from radtui.core.preview import closing, walk
from tests.core.makers import XBT
from tests.core.rim import SYMBOLS, Outcome, Rim

SIZES = st.lists(st.integers(1, 500), min_size=1, max_size=8)
MID = 600_000
"""In ticks."""


def book(bids: list[int], asks: list[int]) -> BookShown:
    """Return a book with levels of these sizes, a tick apart, around 60,000."""
    return BookShown(
        XBT.symbol,
        bids=tuple(Level((MID - place) * XBT.tick, lots) for place, lots in enumerate(bids, 1)),
        asks=tuple(Level((MID + place) * XBT.tick, lots) for place, lots in enumerate(asks, 1)),
    )


@given(SIZES, SIZES, st.integers(1, 5000))
def test_an_order_takes_from_the_other_side_and_pays_the_best_price_at_least(
    bids: list[int], asks: list[int], lots: int
) -> None:
    shown = book(bids, asks)
    assert (shown.found_by(Side.BUY), shown.found_by(Side.SELL)) == (shown.asks, shown.bids)
    bought, sold = (walk(shown.found_by(side), lots) for side in (Side.BUY, Side.SELL))
    assert max(level.price for level in sold) == shown.bids[0].price < shown.asks[0].price
    assert min(level.price for level in bought) == shown.asks[0].price
    assert sum(level.lots for level in bought) == min(lots, sum(asks))


@given(SIZES, SIZES, st.integers(1, 400), st.booleans())
def test_closing_against_it_never_gains_on_the_middle(bids: list[int], asks: list[int], lots: int, long: bool) -> None:
    found = closing(XBT, lots if long else -lots, MID * XBT.tick, book(bids, asks))
    assert found.average is not None
    assert (found.average < MID * XBT.tick) == long
    assert found.slippage is not None
    assert found.slippage > 0


@given(SIZES, SIZES)
def test_its_prices_travel_to_the_last_digit(bids: list[int], asks: list[int]) -> None:
    shown = book(bids, asks)
    assert msgspec.json.decode(msgspec.json.encode(shown), type=BookShown) == shown


@pytest.mark.parametrize("side", Side)
def test_one_that_could_not_be_read_offers_nothing_and_says_why(side: Side) -> None:
    failing = BookShown(XBT.symbol, failing="no answer")
    assert failing.found_by(side) == ()
    assert closing(XBT, -5 * side.sign, Decimal(60_000), failing).failing == "no answer"


@pytest.mark.parametrize("symbol", SYMBOLS)
def test_the_venues_own_book_is_shown_with_the_best_level_first_and_uncrossed(symbol: str) -> None:
    shown = Rim()._book(symbol, Outcome.OK)
    assert list(shown.bids) == sorted(shown.bids, key=lambda level: -level.price)
    assert list(shown.asks) == sorted(shown.asks, key=lambda level: level.price)
    assert shown.found_by(Side.SELL)[0].price < shown.found_by(Side.BUY)[0].price
    assert all(level.lots > 0 for level in (*shown.bids, *shown.asks))
