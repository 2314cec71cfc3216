"""Whole flights into each trading breaker: entries stop, stops and exits go on, and it resets when it says (row S5)."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from radtui.core.breaker_view import TradingBreakerView
from radtui.core.config import Limits
from radtui.core.facts import BreakerMoved, Evaluated
from radtui.core.instruction import Ask
from radtui.core.market import DAY, MINUTE, SECOND
from radtui.core.standing import Mode
from tests.engine.flights import EPOCH, LEAN, UNCHECKED, Bot, Buyer, Flight, Turner, fly

STREAK = Limits(drawdown=Decimal(1), daily_loss=Decimal(1), entries_per_minute=1000, cooldown=20 * MINUTE)
FEES = Decimal("0.001")
"""A loss that some round trips' fees come to."""
DAILY = Limits(drawdown=Decimal(1), daily_loss=FEES, entries_per_minute=1000, losing_streak=1000)
DRAWN = Limits(drawdown=FEES, daily_loss=Decimal(1), entries_per_minute=1000, losing_streak=1000)
RATE = Limits(drawdown=Decimal(1), daily_loss=Decimal(1), entries_per_minute=1, losing_streak=1000)


def breaker(flight: Flight, name: str) -> TradingBreakerView:
    return next(view for view in flight.engine.snapshot().breakers if view.name == name)


def tripped(flight: Flight, name: str) -> bool:
    return name in flight.core.trading.breakers.tripped


async def trips(flight: Flight, name: str) -> TradingBreakerView:
    await flight.until(lambda: tripped(flight, name), 6 * 3600.0, every=0.2)
    view = breaker(flight, name)
    status = flight.engine.snapshot().status
    assert status.trading is Mode.REDUCING
    assert any(reason.startswith(f"{name} tripped: ") for reason in status.reasons)
    return view


def moves(flight: Flight, name: str) -> list[bool]:
    return [fact.breaker.tripped for fact in flight.facts(BreakerMoved) if fact.breaker.name == name]


def why(flight: Flight) -> set[str]:
    """Return what kept signals from entering."""
    return {fact.why.outcome for fact in flight.facts(Evaluated) if fact.why.outcome.startswith("no entry")}


def test_a_losing_streak_stops_entries_for_its_cooldown_and_not_one_close() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        view = await trips(flight, "losing streak")
        assert (view.why, view.share) == ("3 in a row, limit 3 in a row", 100.0)
        entered = len(flight.entries())
        assert view.resets_at is not None
        await flight.until(lambda: not tripped(flight, "losing streak"), 3600.0, every=0.2)
        assert flight.core.desk.market_at >= view.resets_at
        last = flight.core.trading.breakers.kept.lost_at
        assert flight.core.desk.market_at >= last + 20 * MINUTE
        assert len(flight.entries()) == entered
        assert not flight.venue.positions(), "the strategy closed what was open while entries were stopped"
        assert any("losing streak" in outcome for outcome in why(flight))
        await flight.until(lambda: len(flight.entries()) > entered, 3600.0, every=0.2)
        await flight.calm()
        flight.check()

    fly(scenario, Turner, limits=STREAK, **LEAN)


def test_a_days_loss_stops_entries_until_midnight_of_the_market() -> None:
    midnight = EPOCH + DAY

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        view = await trips(flight, "daily loss")
        assert (view.resets_at, flight.core.desk.market_at < midnight) == (midnight, True)
        entered = len(flight.entries())
        await flight.until(lambda: not tripped(flight, "daily loss"), 3 * 3600.0, every=0.2)
        at = flight.core.desk.market_at
        assert midnight <= at < midnight + MINUTE
        assert sum(order.intended_at < midnight for order in flight.entries()) == entered
        await flight.until(lambda: len(flight.entries()) > entered, 3600.0, every=0.2)
        await flight.calm()
        flight.check()

    fly(scenario, Turner, limits=DAILY, start=midnight - 45 * MINUTE, **LEAN)


def test_a_drawdown_stops_entries_until_an_operator_resets_it() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        view = await trips(flight, "drawdown")
        assert view.resets_at is None
        entered = len(flight.entries())
        await asyncio.sleep(3600.0)
        assert (len(flight.entries()), tripped(flight, "drawdown")) == (entered, True)
        assert not flight.venue.positions()
        receipt = await flight.ask(Ask.RESET_BREAKERS)
        assert (receipt.success, receipt.who) == (True, "test")
        assert receipt.message == "reset, counting anew from now: drawdown"
        assert moves(flight, "drawdown") == [True, False]
        await flight.until(lambda: len(flight.entries()) > entered, 3600.0, every=0.2)
        await flight.calm()
        flight.check()

    fly(scenario, Turner, limits=DRAWN, **LEAN)


def test_the_rate_slows_entries_and_each_comes_a_minute_later() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: len(flight.entries()) == 2, 3600.0, every=0.2)
        first, second = (order.intended_at for order in flight.entries())
        assert second - first >= MINUTE - SECOND, "by the market's clock, which is as old as its last price"
        assert any("order rate" in outcome for outcome in why(flight))
        await flight.calm()
        flight.check()

    fly(scenario, Buyer, limits=RATE, **LEAN)


def test_a_stop_goes_on_working_while_a_breaker_is_tripped() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await flight.hold()
        flight.core.trading.breakers.kept.streak = 3
        await trips(flight, "losing streak")
        held = flight.core.trading.positions.open
        assert all(position.bare_since is None for position in held.values())
        resting = {order.symbol for order in flight.venue.open_orders() if order.waits}
        assert resting == held.keys(), "each position keeps the stop that rests on the exchange"
        for symbol in list(held):  # somebody cancels it
            (stop,) = [order for order in flight.venue.open_orders() if order.symbol == symbol]
            flight.venue.cancel(symbol, stop.client_id)
        await asyncio.sleep(30.0)
        assert {order.symbol for order in flight.venue.open_orders() if order.waits} == held.keys()
        receipt = await flight.ask(Ask.EMERGENCY_STOP)
        assert receipt.success
        assert not flight.venue.positions()

    fly(scenario, Buyer, limits=STREAK)


def test_a_crash_forgets_no_trip() -> None:
    bot = Bot(Turner, limits=DRAWN, **LEAN)

    async def until_tripped(flight: Flight) -> int:
        await flight.ready()
        await trips(flight, "drawdown")
        await flight.until(lambda: not flight.venue.positions(), 3600.0, every=0.2)
        await asyncio.sleep(1.0)
        return breaker(flight, "drawdown").since or 0

    async def still_tripped(flight: Flight) -> int:
        await flight.ready()
        entered = len(bot.accepted)
        view = breaker(flight, "drawdown")
        await asyncio.sleep(1800.0)
        assert tripped(flight, "drawdown")
        assert len(bot.accepted) == entered
        return view.since or 0

    since = bot.live(until_tripped)
    bot.crash()
    assert bot.live(still_tripped) == since > 0


def test_where_no_limit_is_near_nothing_trips() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(1800.0)
        assert flight.core.trading.purse.sums.closed > 10
        assert flight.facts(BreakerMoved) == []
        assert flight.engine.snapshot().status.trading is Mode.ACTIVE

    fly(scenario, Turner, limits=UNCHECKED, **LEAN)
