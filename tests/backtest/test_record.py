"""What a flight leaves is counted by what it is."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.backtest.record import Record
from radtui.core.breaker_view import TradingBreakerView
from radtui.core.facts import BreakerMoved, Evaluated, Executed, FundingSettled, Trouble
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.why_view import GateView, WhyView
from tests.core.makers import XBT, fill, order, stop_request


def find(client_id: str) -> Order | None:
    stop = order(OrderState.FILLED, Purpose.STOP, request=stop_request(), why="protects the long")
    return {"in": order(why="because"), "stop": stop}.get(client_id)


def weighed(**gates: bool) -> Evaluated:
    views = tuple(GateView(gate=name, value="", limit="", passed=passed) for name, passed in gates.items())
    return Evaluated(WhyView(symbol="X", at=0, action="buy", confidence=1.0, reason="", outcome="", gates=views))


def test_signals_are_counted_by_what_became_of_them() -> None:
    record = Record({})
    for fact in (weighed(size=True), weighed(), weighed(size=False, state=False), weighed(size=False, state=True)):
        record.take(fact, find)
    assert (record.signals, record.entries, record.turns) == (4, 1, 1)
    assert record.blocked == {"size": 2, "state": 1}


def test_trades_say_what_opened_and_closed_them() -> None:
    record = Record({XBT.symbol: XBT})
    opens = fill(1, client_id="in")
    closes = fill(2, side=opens.side.opposite, client_id="stop")
    record.take(Executed(opens), find)
    record.take(FundingSettled(XBT.symbol, Decimal(0), Decimal(-3), 0), find)
    record.take(Executed(closes, Decimal(0)), find)
    (trade,) = record.book.done
    assert (trade.why, trade.end, trade.funding) == ("because", "stop: protects the long", Decimal(-3))


def test_breakers_and_troubles_are_kept() -> None:
    tripped = TradingBreakerView(
        name="drawdown", value="6 %", limit="5 %", share=100.0, tripped=True, since=7, resets_at=None, why="6 %"
    )
    record = Record({})
    record.take(BreakerMoved(tripped, "6 %, limit 5 %"), find)
    record.take(BreakerMoved(msgspec.structs.replace(tripped, tripped=False, since=None), "reset"), find)
    record.take(Trouble("liquidated", "first", "x"), find)
    record.take(Trouble("liquidated", "second", "x"), find)
    assert record.trips == [(7, "drawdown", "6 %, limit 5 %")]
    assert (record.troubles, record.firsts) == ({"liquidated": 2}, {"liquidated": "first"})
