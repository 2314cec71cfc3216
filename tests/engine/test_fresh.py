"""A new account after an old one: nothing of the old money comes back, whenever it dies."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from radtui.core.instruction import Ask
from radtui.engine.engine import Engine
from radtui.exchange.port import Exchange
from radtui.health.monitor import HealthMonitor
from radtui.resilience.clock import Clock
from tests.engine.flights import SYMBOLS, Bot, Buyer, Flight


class Renewed(Bot):
    """A bot that a command may start on a new account, as ``--fresh`` does."""

    renew = False

    def build(self, clock: Clock, health: HealthMonitor, exchange: Exchange, *, virtual: bool = True) -> Engine:
        engine = super().build(clock, health, exchange, virtual=virtual)
        if not self.renew:
            return engine
        self.renew = False
        return Engine(engine.config, exchange, self.journal, health, clock, self.strategy, seed=self.seed, fresh=True)

    def begin_anew(self) -> None:
        """Forget the paper account; the next life is a new one's first, and waits for its operator."""
        self.crash()
        self.journal.forget_paper()
        self.venue = self._venue()
        self.renew, self.autostart = True, False


def flown() -> Renewed:
    """Return a bot with an old account that holds positions, at the start of a new one."""
    bot = Renewed(Buyer, speed=60)
    bot.live(holds)
    assert bot.venue.positions()
    assert bot.venue.fills(0)
    bot.begin_anew()
    return bot


async def holds(flight: Flight) -> None:
    await flight.ready()
    await flight.hold()
    await flight.ask(Ask.SHUTDOWN)
    await flight.task


def assert_new(flight: Flight) -> None:
    money, trading = flight.engine.snapshot().money, flight.core.trading
    assert (money.start, money.identity, money.opened, money.fills, money.max_drawdown) == (
        Decimal(10_000),
        Decimal(0),
        0,
        0,
        0.0,
    )
    assert not trading.positions.open
    assert not trading.orders.live()


@pytest.mark.parametrize("seconds", [0.02, 1.0, 20.0])
def test_a_crash_before_the_first_start_brings_nothing_of_the_old_account_back(seconds: float) -> None:
    bot = flown()

    async def waits(flight: Flight) -> None:
        await asyncio.sleep(seconds)

    async def plain(flight: Flight) -> None:
        await flight.until(lambda: flight.core.recovered)
        assert_new(flight)

    bot.live(waits)
    bot.crash()
    bot.live(plain)


def test_the_new_account_is_traded_and_its_books_agree_over_a_crash() -> None:
    bot = flown()
    bot.autostart = True

    async def trades(flight: Flight) -> None:
        await flight.ready()
        assert_new(flight)
        for symbol in SYMBOLS:
            await flight.hold(symbol)

    async def goes_on(flight: Flight) -> None:
        await flight.ready()
        await flight.calm()
        flight.check()
        assert flight.core.trading.purse.sums.fills == len(flight.venue.fills(0))

    bot.live(trades)
    bot.crash()
    bot.live(goes_on)
    assert {executed.fill.trade_id for executed in bot.journal.reopen().known().fills} >= {
        fill.trade_id for fill in bot.venue.fills(0)
    }


def test_a_crash_before_anything_of_the_new_account_was_kept_leaves_the_old_one_whole() -> None:
    bot = flown()

    async def dies(flight: Flight) -> None:
        assert flight.bot.lives == 2

    async def plain(flight: Flight) -> None:
        await flight.until(lambda: flight.core.recovered)
        await flight.calm()
        flight.check()
        assert flight.core.trading.positions.open

    bot.live(dies)
    bot.crash()
    bot.live(plain)
