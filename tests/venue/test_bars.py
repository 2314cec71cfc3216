from decimal import Decimal

import pytest
from venue_world import COIN, bar, quiet

from radtui.core.order import PriceType
from radtui.venue.bars import Bars, Prices, alike

LAST, MARK, INDEX = (bar(COIN.symbol, 0, quiet(price)) for price in ("100", "101", "102"))


@pytest.mark.parametrize(("kind", "price"), [(PriceType.LAST, 100), (PriceType.MARK, 101), (PriceType.INDEX, 102)])
def test_each_kind_of_price_has_its_own_bar(kind: PriceType, price: int) -> None:
    bars = Bars(LAST, MARK, INDEX)
    assert bars.of(kind).close == bars.closes.of(kind) == price


def test_where_nothing_else_is_known_all_three_are_the_last_price() -> None:
    assert alike(LAST).closes == Prices(Decimal(100), Decimal(100), Decimal(100))
