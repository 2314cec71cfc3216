"""The course of the equity is a line from fill to fill."""

from __future__ import annotations

from decimal import Decimal

import msgspec
import pytest

from radtui.backtest.curve import EquityCurve
from radtui.backtest.series import Series
from radtui.core.holding import Holding
from radtui.core.market import MINUTE
from radtui.venue.contracts import CONTRACTS
from tests.backtest.worlds import market, walk

LINEAR = CONTRACTS["XBTUSDTM"]
INVERSE = msgspec.structs.replace(LINEAR, inverse=True, multiplier=Decimal(-1))


@pytest.mark.parametrize("instrument", [LINEAR, INVERSE])
@pytest.mark.parametrize("lots", [10, -10])
def test_each_point_is_what_the_account_is_worth_at_that_close(instrument: object, lots: int) -> None:
    contract = LINEAR if instrument is LINEAR else INVERSE
    series = Series(market(walk(20), 5), MINUTE, 5)
    held = Holding(lots, contract.notional(Decimal(40_000), lots))
    curve = EquityCurve(Decimal(1000), contract)
    for count, holding in ((3, Holding()), (4, held), (2, held), (1, Holding())):
        curve.add(count, Decimal(990), holding)
    closes = [candle.close for candle in series.candles[5:15]]
    wanted = [Decimal(1000), *[Decimal(990)] * 3]
    wanted += [990 + held.unrealised(close, contract) for close in closes[3:9]] + [Decimal(990)]
    assert (curve.candles, curve.exposed) == (10, 6)
    assert list(curve.points(series, 1)) == list(enumerate(wanted))
    assert list(curve.points(series, 4)) == [(at, wanted[at]) for at in (0, 4, 8, 10)]
    assert curve.floats(series) == pytest.approx([float(each) for each in wanted], rel=1e-12)
