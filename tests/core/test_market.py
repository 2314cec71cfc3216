from __future__ import annotations

from decimal import Decimal

import pytest

from radtui.core.market import DAY, MINUTE, TIMEFRAMES, Candle

UNITS = {"m": MINUTE, "h": 60 * MINUTE, "d": DAY}


@pytest.mark.parametrize(("name", "span"), TIMEFRAMES.items())
def test_a_timeframe_is_as_long_as_it_says_and_fits_into_a_day(name: str, span: int) -> None:
    assert span == int(name[:-1]) * UNITS[name[-1]]
    assert DAY % span == 0


def test_a_candle_closes_where_the_next_one_opens() -> None:
    price = Decimal(1)
    candle = Candle("XBTUSDTM", 3 * MINUTE, MINUTE, price, price, price, price, price)
    assert candle.closed_at == 4 * MINUTE
