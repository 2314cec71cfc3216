"""Trading window, scan and portfolio in a whole engine: what they hold back, what outlasts a restart, what is shown."""

from __future__ import annotations

import asyncio
from decimal import Decimal

from radtui.core.market import DAY, HOUR, SECOND, TIMEFRAMES
from radtui.core.picks import ScanPolicy
from radtui.core.standing import Mode
from radtui.core.windowing import Window
from radtui.engine.config import ScanConfig
from radtui.engine.scanner import SCANNER
from radtui.strategies.scanning import SPANS
from radtui.venue.model import SeededMarket
from tests.engine.flights import EPOCH, LEAN, SYMBOLS, WARM, Bot, Buyer, Flight, Ledgered


def reasons(flight: Flight) -> str:
    return "; ".join(flight.engine.snapshot().status.reasons)


def test_the_trades_of_a_day_end_its_entries_also_over_a_restart_and_never_its_exits() -> None:
    bot = Bot(**LEAN, window=Window(trades=2))

    async def spend(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: len(flight.entries()) == 2)
        await asyncio.sleep(400)  # it would turn round every three minutes
        assert len(flight.entries()) == 2
        assert reasons(flight) == "2 of 2 trades of the day are made"
        assert flight.engine.snapshot().status.trading is Mode.REDUCING
        assert flight.engine.snapshot().window.trades == 2
        assert not flight.core.trading.positions.open, "what is against a position still closes it"

    async def again(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(200)
        assert len([order for order in flight.entries() if order.market_at > bot.start + 300 * SECOND]) == 0
        assert flight.engine.snapshot().window.trades == 2

    bot.live(spend)
    bot.crash()
    bot.live(again)


def test_the_next_day_has_its_own_trades() -> None:
    async def story(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: flight.engine.snapshot().window.trades == 2, every=1.0)
        resets = flight.engine.snapshot().window.resets_at
        assert resets == EPOCH + DAY
        await flight.until(lambda: flight.core.desk.market_at > resets - 60 * SECOND)
        assert len(flight.entries()) == 2
        await flight.until(lambda: len(flight.entries()) == 4)
        assert all(order.market_at >= resets for order in flight.entries()[2:])

    Bot(**LEAN, speed=30, start=EPOCH + DAY - HOUR, window=Window(trades=2)).live(story)


def test_outside_its_hours_nothing_is_entered_and_what_is_open_keeps_its_stop() -> None:
    async def story(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: flight.core.trading.positions.open)
        await flight.until(lambda: flight.core.desk.market_at >= EPOCH + HOUR)
        before = len(flight.entries())
        await asyncio.sleep(20)
        assert len(flight.entries()) == before
        assert reasons(flight) == "outside the trading window (00–01 UTC)"
        assert flight.core.trading.positions.open
        flight.check()

    Bot(Buyer, **LEAN, speed=30, window=Window(end=1)).live(story)


class Scanning(Bot):
    """A bot whose exchange has the candles of a scan."""

    def _venue(self) -> Ledgered:
        market = SeededMarket(SYMBOLS, seed=self.seed, start=self.start)
        spans = (TIMEFRAMES["1m"], *SPANS)
        return Ledgered(market, balance=Decimal(10_000), spans=spans, warmup=max(WARM, 60))


def test_nothing_is_entered_before_a_whole_scan_has_picked_it() -> None:
    scan = ScanConfig(interval=10.0, picks=True)

    async def story(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: flight.engine.snapshot().scan.completed == 2, every=1.0)
        seen = flight.engine.snapshot()
        assert (seen.scan.on, seen.scan.picks, seen.scan.listed, seen.scan.partial) == (True, True, 2, "")
        picked = flight.core.trading.picked.latest
        assert picked is not None
        buys = {symbol for symbol, side in picked.sides.items() if side.value == "buy"}
        assert {order.symbol for order in flight.entries()} <= buys  # candles close hourly: all scans are the same
        for view in seen.why:
            gates = {gate.gate: gate for gate in view.gates}
            if gates:
                assert gates["scan"].limit == "buy among the first 5"
        (worker,) = [each for each in seen.workers if each.name == SCANNER]
        assert worker.healthy

    Scanning(Buyer, **{**LEAN, "engine": {**LEAN["engine"], "scan": scan}}, scan=ScanPolicy()).live(story)


def test_where_nothing_could_be_scored_nothing_is_picked() -> None:
    """This venue has no hourly candles: every contract is too new for a score."""
    scan = ScanConfig(interval=10.0, picks=True)

    async def story(flight: Flight) -> None:
        await flight.ready()
        await flight.until(lambda: flight.engine.snapshot().scan.completed >= 2, every=1.0)
        assert flight.engine.snapshot().scan.unfit == 2
        assert flight.entries() == []
        await flight.until(lambda: any(view.gates for view in flight.engine.snapshot().why), every=1.0)
        (why, *_) = [view for view in flight.engine.snapshot().why if view.gates]
        (gate,) = [gate for gate in why.gates if gate.gate == "scan"]
        assert (gate.value, gate.passed) == ("not picked", False)

    Bot(Buyer, **{**LEAN, "engine": {**LEAN["engine"], "scan": scan}}, scan=ScanPolicy()).live(story)


def test_the_portfolio_is_shown_with_what_is_held_and_wanted() -> None:
    async def story(flight: Flight) -> None:
        assert flight.engine.snapshot().portfolio.performance == ()
        await flight.ready()
        assert flight.engine.snapshot().portfolio.performance, "it is known as soon as the equity is"
        await flight.until(lambda: len(flight.core.trading.positions.open) == 2, within=600)
        await asyncio.sleep(70)
        seen = flight.engine.snapshot().portfolio
        assert {move.symbol for move in seen.moves} == set(SYMBOLS)
        assert all(move.current > 0 < move.target for move in seen.moves)
        assert [each.name for each in seen.performance] == ["1h", "24h", "7d", "30d"]
        assert [each.name for each in seen.strategies] == ["ema_cross"]
        assert all(move.lots is not None and move.price for move in seen.moves)
        assert seen.risk is not None
        assert (seen.risk.position_count, seen.risk.total_exposure > 0) == (2, True)
        again = flight.engine.snapshot().portfolio
        assert again is seen, "it is made once a minute"
        flight.core.trading.positions.drop(SYMBOLS[0])
        assert flight.engine.snapshot().portfolio.risk != seen.risk, "what is held is that of this moment"

    Bot(Buyer, **LEAN).live(story)
