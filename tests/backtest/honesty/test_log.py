"""A log ties facts to the decision that they come from."""

from __future__ import annotations

from decimal import Decimal

from radtui.backtest.honesty.log import Log
from radtui.core.facts import Evaluated, Executed, OrderChanged
from radtui.core.market import MINUTE
from radtui.core.orders import Purpose
from radtui.core.signal import HOLD
from radtui.core.why_view import GateView, WhyView
from tests.core.makers import XBT, fill, order, request, signal

CLOSE = Decimal(60_000)


def told() -> Log:
    """Return the log of an entry, of a candle at which nothing was wanted, and of its stop after that."""
    log = Log()
    log.hold([(XBT.symbol, 3)])
    log.signal(XBT.symbol, MINUTE, signal(), CLOSE)
    gate = GateView(gate="positions", value="9", limit="< 5", passed=False)
    log.take(
        Evaluated(
            WhyView(symbol=XBT.symbol, at=0, action="buy", confidence=1.0, reason="", outcome="done", gates=(gate,))
        )
    )
    log.take(OrderChanged(order(request=request("t-1-1", 10))))
    log.signal(XBT.symbol, 2 * MINUTE, HOLD, CLOSE)
    log.take(OrderChanged(order(purpose=Purpose.STOP, request=request("t-1-2", 10))))
    for number, (client_id, price) in enumerate([("t-1-1", "60000"), ("t-1-1", "60003"), ("t-1-2", "59000")]):
        log.take(Executed(fill(number, 5, client_id=client_id, price=price, at=2 * MINUTE)))
    log.take(Executed(fill(9, 5, client_id="somebody's", at=2 * MINUTE)))
    return log


def test_a_decision_has_its_verdict_and_its_fills_also_those_that_came_later() -> None:
    first, second = told().between(0, 2 * MINUTE, MINUTE).values()
    assert (first.held, first.outcome, first.refused) == (3, "done", ("positions",))
    assert {purpose: (done.lots, done.price) for purpose, done in first.done.items()} == {
        Purpose.ENTRY: (10, Decimal("60001.5")),
        Purpose.STOP: (5, Decimal(59_000)),
    }
    assert (second.outcome, second.done) == ("", {})


def test_what_is_filled_later_than_a_candle_after_the_last_decision_is_left_out() -> None:
    """The bot may have been stopped by then, or the replay have come to its end."""
    log = told()
    log.take(Executed(fill(5, 5, client_id="t-1-2", at=3 * MINUTE)))
    first = next(iter(log.between(0, 2 * MINUTE, MINUTE).values()))
    assert first.done[Purpose.STOP].lots == 5
    later = next(iter(log.between(0, 2 * MINUTE, MINUTE + 1).values()))
    assert later.done[Purpose.STOP].lots == 10


def test_a_day_begins_after_its_midnight_and_has_its_end() -> None:
    assert [said.closed_at for said in told().between(MINUTE, 2 * MINUTE, MINUTE).values()] == [2 * MINUTE]


def test_the_other_half_of_a_reversal_is_not_told_of_a_candle_at_which_nothing_was_wanted() -> None:
    log = Log()
    log.signal(XBT.symbol, MINUTE, signal(), CLOSE)
    log.signal(XBT.symbol, 2 * MINUTE, HOLD, CLOSE)
    why = WhyView(symbol=XBT.symbol, at=0, action="buy", confidence=1.0, reason="", outcome="enters", gates=())
    log.take(Evaluated(why))
    first, second = log.between(0, 2 * MINUTE, MINUTE).values()
    assert (first.outcome, second.outcome) == ("enters", "")
