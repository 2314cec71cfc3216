"""A replay says at each candle what the backtest of the same candles trades on, and ends like it."""

from __future__ import annotations

from decimal import Decimal

from radtui.backtest.honesty.again import again
from radtui.core.market import MINUTE
from radtui.core.orders import Purpose
from radtui.core.signal import Action
from tests.backtest.worlds import START, XBT, Restless, Scripted, flown, lean, market, steady, terms, walk


def test_it_decides_what_the_backtest_trades() -> None:
    rows = walk(200, 3)
    result = flown(rows, Restless)
    log = again(terms(), market(rows), Restless).between(START, START + 200 * MINUTE, MINUTE)
    weighed = [said for said in log.values() if said.gates]
    assert sum(not said.refused for said in weighed) == result.entries
    fees = [trade for trade in result.trades if trade.end.startswith("stop")]
    stopped = [said for said in log.values() if Purpose.STOP in said.done]
    assert len(stopped) == len(fees) > 0


def test_every_word_is_noted_also_that_nothing_is_wanted() -> None:
    rows = steady(20)
    log = again(terms(), market(rows), Scripted({10: lean(buy=True)}))
    told = log.between(START + 5 * MINUTE, START + 20 * MINUTE, MINUTE)
    assert len(told) == 15
    (entered,) = [said for said in told.values() if said.action is Action.BUY]
    assert (entered.closed_at, entered.price, entered.held) == (START + 11 * MINUTE, Decimal(40_000), 0)
    assert entered.outcome.startswith("enters")
    assert told[START + 15 * MINUTE, XBT].held == entered.done[Purpose.ENTRY].lots


def test_a_reversal_is_told_of_the_word_that_asked_for_it_also_where_the_next_one_came_with_its_fills() -> None:
    """The fills of a step come before what is said in it, as they do where a bot flies live."""
    script = {10: lean(buy=True), 13: lean(buy=False), 14: lean(buy=False)}
    log = again(terms(), market(steady(20)), Scripted(script))
    first, entered, turned, late, after = (
        log.decisions[START + (minute + 1) * MINUTE, XBT] for minute in (10, 11, 13, 14, 15)
    )
    assert (first.held, entered.held, turned.held, late.held) == (0, 50, 50, 0)
    assert turned.outcome == "enters 49 lots"
    assert [purpose for purpose, _ in turned.fills] == [Purpose.EXIT, Purpose.ENTRY]
    assert (late.outcome, late.fills, after.held) == ("no entry: symbol free", [], -49)
