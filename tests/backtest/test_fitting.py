"""A configuration takes name, symbols and pace from the market that is flown."""

from __future__ import annotations

from radtui.backtest.fitting import STALE_INTERVALS, fitted
from radtui.core.config import CoreConfig
from radtui.core.market import MINUTE, SECOND
from tests.backtest.worlds import XBT, market, steady


def test_a_market_of_minutes_is_not_stale_between_two_of_them() -> None:
    config = fitted(CoreConfig(bot="t", boot=0, stale_after=30 * SECOND), market(steady(20)), "mine")
    assert (config.strategy, config.symbols) == ("mine", (XBT,))
    assert config.stale_after == STALE_INTERVALS * MINUTE
    assert fitted(CoreConfig(bot="t", boot=0), market(steady(20)), "mine", ("A", "B")).symbols == ("A", "B")
