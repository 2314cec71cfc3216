import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Sequence
from contextlib import suppress
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.account import AccountReport, FundingPaid, PositionReport
from radtui.core.market import HOUR, MINUTE, SECOND, Candle, Ticked
from radtui.core.order import Fill, OrderReport, OrderRequest, OrderType, Side
from radtui.exchange.paper import PaperExchange
from radtui.exchange.port import Exchange, FeedBack, FeedLost
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Ambiguous, ExchangeFailure, RateLimited, Refused, Transient, Unknown
from radtui.resilience.virtual import run_virtual
from radtui.venue.faults import CALL_FAULTS, Draw, Fault, FaultPlan, Latency
from radtui.venue.history import RecordedMarket
from radtui.venue.market import Market
from radtui.venue.model import SeededMarket
from radtui.venue.venue import FUNDING_SPAN, Venue

T = TypeVar("T")
EPOCH = 1_700_000_000 * SECOND
SYMBOLS = ("XBTUSDTM", "ETHUSDTM")


class Script(FaultPlan):
    """Faults where a test wants them: by seam and ordinal."""

    def __init__(self, draws: dict[tuple[str, int], Draw]) -> None:
        super().__init__(0)
        self._draws = draws

    def at(self, seam: str, ordinal: int, kinds: tuple[Fault, ...] = CALL_FAULTS) -> Draw:
        return self._draws.get((seam, ordinal), Draw())


class Breaks(SeededMarket):
    """A market with a fault of ours in it."""

    def step(self) -> Sequence[Candle]:
        if self.now >= EPOCH - EPOCH % HOUR + 5 * SECOND:
            raise RuntimeError("out of prices")
        return super().step()


class World:
    """A paper exchange under virtual time, and everything that was told to its ports."""

    def __init__(
        self, market: Market | None = None, *, faults: FaultPlan | None = None, speed: int = 1, tape: bool = False
    ) -> None:
        self.loop = asyncio.get_running_loop()
        self.venue = Venue(
            market or SeededMarket(SYMBOLS, 7, EPOCH),
            balance=Decimal(10_000),
            spans=(MINUTE, 5 * MINUTE),
            warmup=20,
            tape=tape,
        )
        self.start = self.venue.now
        self.kept: list[tuple[float, bytes, list[Candle]]] = []
        self.waiting: list[int] = []
        self.calls: list[tuple[str, int, str]] = []
        self.topics: list[tuple[str, int]] = []
        self.reconnects: list[str] = []
        self.paper = PaperExchange(
            self.venue,
            clock=LoopClock(self.loop, EPOCH),
            observer=self,
            faults=faults or FaultPlan(0),
            speed=speed,
            keep=self.keep,
        )

    def keep(self, source: str, state: bytes, candles: Sequence[Candle]) -> None:
        assert source == self.venue.source
        self.kept.append((self.loop.time(), state, list(candles)))
        self.waiting.append(len(self.paper._account_out) if hasattr(self, "paper") else 0)

    def call(self, endpoint: str, ended_at: int, nanoseconds: int, failure: str = "") -> None:
        self.calls.append((endpoint, nanoseconds, failure))

    def topic(self, name: str, at: int) -> None:
        self.topics.append((name, at - EPOCH))

    def reconnect(self, at: int, why: str) -> None:
        self.reconnects.append(why)

    async def heard(self) -> tuple[list[Any], list[Any]]:
        """Close, and return what waited in the market feed and in the account feed."""
        await self.paper.close()
        return [m async for m in self.paper.market_feed()], [m async for m in self.paper.account_feed()]


def order(client_id: str = "bot-1-1", lots: int = 5, side: Side = Side.BUY, price: str | None = None) -> OrderRequest:
    return OrderRequest(
        client_id=client_id,
        symbol="XBTUSDTM",
        side=side,
        type=OrderType.LIMIT if price else OrderType.MARKET,
        lots=lots,
        price=Decimal(price) if price else None,
        leverage=3,
    )


def under(scenario: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run a scenario and see that it leaves no task behind."""

    async def main() -> T:
        result = await scenario()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        return result

    return run_virtual(main())


async def _drain(feed: AsyncIterator[T], within: float | None = None) -> list[T]:
    heard = []
    with suppress(TimeoutError):
        async with asyncio.timeout(within):
            async for message in feed:
                heard.append(message)  # noqa: PERF401 - a comprehension would lose what came before the timeout
    return heard


def far_below(world: World) -> str:
    return str(world.venue.candles("XBTUSDTM", MINUTE, 1)[0].close // 100 * 97)


def recording(path: Path, bars: int, span: int = 60) -> RecordedMarket:
    file = path / "bars.csv"
    rows = [f"{1_640_995_200 + span * i},{100 + i},{101 + i},{99 + i},{100 + i},5" for i in range(bars)]
    file.write_text("\n".join(["timestamp,open,high,low,close,volume", *rows]))
    return RecordedMarket(file, warmup=20)


@pytest.mark.parametrize("speed", [1, 7, 60])
def test_the_market_clock_runs_at_its_speed_and_stands_still_when_closed(speed: int) -> None:
    async def scenario() -> None:
        world = World(speed=speed)
        exchange: Exchange = world.paper
        await asyncio.sleep(100)
        assert exchange.market_now() == world.start
        await exchange.open()
        await exchange.open()
        await asyncio.sleep(10)
        assert exchange.market_now() == world.start + 10 * speed * SECOND
        assert 0 <= exchange.market_now() - world.venue.now <= speed * SECOND
        await exchange.close()
        stood = exchange.market_now()
        await asyncio.sleep(10)
        assert exchange.market_now() == stood

    under(scenario)


def test_at_one_to_one_each_second_is_heard_when_it_ends() -> None:
    async def scenario() -> list[tuple[float, int]]:
        world = World(SeededMarket(("XBTUSDTM",), 7, EPOCH))
        await world.paper.open()
        feed = world.paper.market_feed()
        heard = []
        for _ in range(3):
            tick = await anext(feed)
            assert isinstance(tick, Ticked)
            heard.append((world.loop.time(), tick.at - world.start))
        await world.paper.close()
        return heard

    assert under(scenario) == [(1.0, SECOND), (2.0, 2 * SECOND), (3.0, 3 * SECOND)]


def test_a_recorded_market_wakes_only_at_the_end_of_its_bars(tmp_path: Path) -> None:
    async def scenario() -> list[tuple[str, int]]:
        world = World(recording(tmp_path, 25), speed=60)
        await world.paper.open()
        await asyncio.sleep(3.5)
        await world.paper.close()
        return world.topics

    assert under(scenario) == [("XBTUSDTM", SECOND), ("XBTUSDTM", 2 * SECOND), ("XBTUSDTM", 3 * SECOND)]


def test_a_market_that_ended_leaves_the_feeds_open_and_silent(tmp_path: Path) -> None:
    async def scenario() -> None:
        world = World(recording(tmp_path, 23), speed=60)
        await world.paper.open()
        endings = [world.paper.ended]
        await asyncio.sleep(3.01)
        assert [*endings, world.paper.ended] == [False, True]
        stood = world.paper.market_now()
        kept = len(world.kept)
        assert world.kept[-1][0] == 3.0
        assert len(await _drain(world.paper.market_feed(), within=1_000)) == 3 + 1
        assert world.paper.market_now() == stood == world.venue.now
        assert len(world.kept) == kept
        await world.paper.close()

    under(scenario)


def test_of_the_ticks_of_a_chunk_the_last_is_told_and_every_candle() -> None:
    async def scenario() -> None:
        world = World(speed=60)
        await world.paper.open()
        await asyncio.sleep(0.1)
        ticks = [await anext(world.paper.market_feed()) for _ in SYMBOLS]
        assert [(m.symbol, m.at - world.start) for m in ticks if isinstance(m, Ticked)] == [
            (symbol, 6 * SECOND) for symbol in SYMBOLS
        ]
        await asyncio.sleep(59.95)
        market, _ = await world.heard()
        candles = [m for m in market if isinstance(m, Candle)]
        assert len([m for m in market if isinstance(m, Ticked)]) == len(SYMBOLS)
        assert len(candles) == len(SYMBOLS) * (60 + 12)
        for symbol in SYMBOLS:
            minutes = [c.opened_at for c in candles if (c.symbol, c.span) == (symbol, MINUTE)]
            assert minutes == list(range(world.start, world.start + HOUR, MINUTE))
        assert len(world.topics) == 600 * len(SYMBOLS)

    under(scenario)


def test_an_order_is_filled_and_every_step_of_it_is_told_in_order() -> None:
    async def scenario() -> None:
        world = World()
        await world.paper.open()
        await asyncio.sleep(1.5)
        order_id = await world.paper.place(order())
        report = await world.paper.order("XBTUSDTM", "bot-1-1")
        assert report is not None
        assert (report.order_id, report.active) == (order_id, True)
        await asyncio.sleep(1)
        [position] = await world.paper.positions()
        [fill] = await world.paper.fills(0)
        assert position.lots == fill.lots == 5
        assert await world.paper.fills(fill.at + 1) == []
        assert await world.paper.open_orders() == []
        assert (await world.paper.account()).wallet == 10_000 - fill.fee
        _, account = await world.heard()
        kinds = [type(m) for m in account if not isinstance(m, AccountReport)]
        assert kinds == [OrderReport, Fill, OrderReport, PositionReport]
        assert isinstance(account[-1], AccountReport)

    under(scenario)


def test_what_an_exchange_lists_can_be_read() -> None:
    async def scenario() -> None:
        world = World()
        assert [instrument.symbol for instrument in await world.paper.instruments()] == list(SYMBOLS)
        assert len(await world.paper.candles("XBTUSDTM", 5 * MINUTE, 7)) == 7
        assert [endpoint for endpoint, _, _ in world.calls] == ["contracts", "candles"]
        await world.paper.close()

    under(scenario)


def test_the_venue_is_kept_before_it_is_heard() -> None:
    async def scenario() -> None:
        world = World()
        await world.paper.open()
        await asyncio.sleep(1.5)
        for number in range(3):
            await world.paper.place(order(f"bot-1-{number}"))
            await asyncio.sleep(1)
        known = 0
        _, account = await world.heard()
        for waiting, (_, state, _) in zip(world.waiting, world.kept, strict=True):
            told = [m for m in account[:waiting] if isinstance(m, Fill)]
            assert len(told) <= known
            other = Venue(SeededMarket(SYMBOLS, 7, EPOCH), balance=Decimal(0), spans=(MINUTE, 5 * MINUTE))
            other.restore(state, [])
            known = len(other.fills(0))
        assert known == 3

    under(scenario)


def test_the_venue_is_kept_after_each_change_at_least_each_second_and_at_the_end() -> None:
    async def scenario() -> None:
        world = World(speed=60)
        await world.paper.open()
        await asyncio.sleep(5.05)
        moments = [at for at, _, _ in world.kept]
        assert moments[0] == 0.0
        assert max(later - sooner for sooner, later in pairwise(moments)) <= 1.0 + 1e-6
        before = len(world.kept)
        await world.paper.place(order(price=far_below(world)))
        assert len(world.kept) == before + 1
        await world.paper.cancel("XBTUSDTM", "bot-1-1")
        assert len(world.kept) == before + 2
        await world.paper.close()
        assert world.kept[-1][1] == world.venue.pack()
        assert len(world.kept) == before + 3

    under(scenario)


def test_what_was_kept_continues_exactly_with_all_its_candles() -> None:
    async def scenario() -> None:
        world = World(speed=600)
        await world.paper.open()
        await world.paper.place(order())
        await asyncio.sleep(3.3)
        await world.paper.close()
        other = World(SeededMarket(SYMBOLS, 7, EPOCH + 99 * HOUR), speed=600)
        other.venue.restore(world.kept[-1][1], [candle for _, _, candles in world.kept for candle in candles])
        until = world.venue.now + 7 * MINUTE
        assert other.venue.advance(until) == world.venue.advance(until)
        for symbol in SYMBOLS:
            for span in (MINUTE, 5 * MINUTE):
                assert other.venue.candles(symbol, span, 600) == world.venue.candles(symbol, span, 600)

    under(scenario)


@pytest.mark.parametrize(
    ("fault", "failure", "seconds", "placed"),
    [
        (Fault.ERROR, Transient, 0.0, False),
        (Fault.RATE_LIMIT, RateLimited, 0.0, False),
        (Fault.TIMEOUT_BEFORE, Ambiguous, 5.0, False),
        (Fault.TIMEOUT_AFTER, Ambiguous, 5.0, True),
    ],
)
def test_each_fault_of_a_call_is_what_it_says(
    fault: Fault, failure: type[ExchangeFailure], seconds: float, placed: bool
) -> None:
    async def scenario() -> None:
        world = World(faults=FaultPlan(1, {fault: 1.0}, Latency(100.0)))
        began = world.loop.time()
        with pytest.raises(failure, match="a simulated fault") as raised:
            await world.paper.place(order())
        assert type(raised.value) is failure
        assert world.loop.time() - began == pytest.approx(seconds + 0.05)
        assert (world.venue.order("XBTUSDTM", "bot-1-1") is not None) is placed
        [(endpoint, nanoseconds, kind)] = world.calls
        assert (endpoint, kind) == ("orders.place", failure.kind)
        assert nanoseconds == pytest.approx((seconds + 0.05) * SECOND, abs=2)
        assert len(world.kept) == placed
        if isinstance(raised.value, RateLimited):
            assert raised.value.retry_after >= 1.0
        await world.paper.close()

    under(scenario)


def test_a_refusal_that_gets_lost_is_ambiguous_too() -> None:
    async def scenario() -> None:
        world = World(faults=FaultPlan(1, {Fault.TIMEOUT_AFTER: 1.0}))
        with pytest.raises(Ambiguous, match="no answer in time"):
            await world.paper.place(order(lots=0))
        await world.paper.close()

    under(scenario)


def test_latency_is_taken_there_and_back() -> None:
    async def scenario() -> None:
        world = World(faults=FaultPlan(1, latency=Latency(1_000.0)))
        placing = asyncio.create_task(world.paper.place(order()))
        await asyncio.sleep(0.4)
        assert world.venue.order("XBTUSDTM", "bot-1-1") is None
        await asyncio.sleep(0.2)
        assert world.venue.order("XBTUSDTM", "bot-1-1") is not None
        assert not placing.done()
        await placing
        assert world.loop.time() == pytest.approx(1.0)
        await world.paper.close()

    under(scenario)


@pytest.mark.parametrize("after", [0.2, 0.8])
def test_a_call_that_is_cancelled_is_recorded_all_the_same(after: float) -> None:
    async def scenario() -> None:
        world = World(faults=FaultPlan(1, latency=Latency(1_000.0)))
        placing = asyncio.create_task(world.paper.place(order()))
        await asyncio.sleep(after)
        placing.cancel()
        with pytest.raises(asyncio.CancelledError):
            await placing
        assert world.calls == [("orders.place", round(after * SECOND), "cancelled")]
        assert (world.venue.order("XBTUSDTM", "bot-1-1") is not None) is (after > 0.5)
        await world.paper.close()

    under(scenario)


def test_a_fault_of_our_own_is_recorded_by_its_name() -> None:
    async def scenario() -> None:
        world = World()

        def broken() -> None:
            raise ZeroDivisionError

        with pytest.raises(ZeroDivisionError):
            await world.paper._call("account", broken)
        assert world.calls[0][2] == "ZeroDivisionError"
        await world.paper.close()

    under(scenario)


def test_refusals_carry_the_exchanges_code() -> None:
    async def scenario() -> None:
        world = World()
        await world.paper.open()
        await world.paper.place(order())
        asked: list[tuple[Callable[[], Awaitable[object]], type[Refused], str]] = [
            (lambda: world.paper.place(order()), Refused, "300018"),
            (lambda: world.paper.place(order("bot-1-2", lots=-1)), Refused, "100001"),
            (lambda: world.paper.cancel("XBTUSDTM", "bot-1-9"), Unknown, "100001"),
            (lambda: world.paper.cancel("XBTUSDTM", "bot-1-1"), Unknown, "100004"),
        ]
        for number, (ask, kind, code) in enumerate(asked):
            if number == 3:
                await asyncio.sleep(2)
            with pytest.raises(Refused) as raised:
                await ask()
            assert (type(raised.value), raised.value.code) == (kind, code)
        await world.paper.close()

    under(scenario)


def test_silence_delays_a_feed_and_its_topics() -> None:
    async def scenario() -> None:
        silent = Draw(fault=Fault.SILENCE, seconds=4.0)
        world = World(faults=Script({("market feed", 0): silent, ("account feed", 0): silent}))
        await world.paper.open()
        await world.paper.place(order())
        assert isinstance(await anext(world.paper.account_feed()), OrderReport)
        assert world.loop.time() == 4.0
        tick = await anext(world.paper.market_feed())
        assert world.loop.time() == 5.0
        assert isinstance(tick, Ticked)
        assert tick.at == world.start + 4 * SECOND
        await asyncio.sleep(0.5)
        assert world.topics[0][1] == 5 * SECOND
        assert world.reconnects == []
        await world.paper.close()

    under(scenario)


def test_a_gap_loses_messages_and_announces_it() -> None:
    async def scenario() -> None:
        cut = Draw(fault=Fault.GAP, seconds=90.0)
        world = World(faults=Script({("market feed", 10): cut, ("account feed", 0): cut}), speed=1)
        await world.paper.open()
        await asyncio.sleep(0.5)
        await world.paper.place(order())
        await asyncio.sleep(130)
        market, account = await world.heard()
        assert [type(m) for m in account] == [FeedLost, FeedBack]
        events = [m for m in market if not isinstance(m, Ticked)]
        assert [type(m) for m in events[:2]] == [FeedLost, FeedBack]
        assert [m.opened_at - world.start for m in events[2:]] == [MINUTE, MINUTE]
        assert sorted(why.split(" was")[0] for why in world.reconnects) == ["the account feed", "the market feed"]
        assert not [at for _, at in world.topics if 11 * SECOND <= at < 101 * SECOND]

    under(scenario)


def test_closing_ends_the_feeds_and_every_later_call() -> None:
    async def scenario() -> None:
        world = World(faults=FaultPlan(1, latency=Latency(100.0)))
        await world.paper.open()
        market = asyncio.create_task(_drain(world.paper.market_feed()))
        account = asyncio.create_task(_drain(world.paper.account_feed()))
        placing = asyncio.create_task(world.paper.place(order()))
        await asyncio.sleep(0.01)
        await world.paper.close()
        await world.paper.close()
        assert [await market, await account] == [[], []]
        with pytest.raises(Transient, match="is closed: nothing happened"):
            await placing
        assert world.venue.order("XBTUSDTM", "bot-1-1") is None

    under(scenario)


def test_a_market_that_breaks_down_is_told_to_everyone_and_not_kept() -> None:
    async def scenario() -> None:
        world = World(Breaks(SYMBOLS, 7, EPOCH))
        await world.paper.open()
        with pytest.raises(Transient, match=r"broke down \(RuntimeError: out of prices\).*Restart"):
            await _drain(world.paper.market_feed())
        kept = len(world.kept)
        with pytest.raises(Transient, match="broke down"):
            await world.paper.place(order())
        await world.paper.close()
        assert len(world.kept) == kept

    under(scenario)


def test_after_a_stall_the_market_catches_up_in_slices() -> None:
    async def scenario() -> list[int]:
        world = World(speed=1)
        await world.paper.open()
        await asyncio.sleep(1)
        world.loop._now += 1_000  # type: ignore[attr-defined]
        behind = []
        for _ in range(8):
            await asyncio.sleep(0.1)
            behind.append((world.paper.market_now() - world.venue.now) // SECOND)
        await world.paper.close()
        return behind

    behind = under(scenario)
    assert max(sooner - later for sooner, later in pairwise(behind)) <= 300
    assert behind[0] > 300
    assert behind[-1] == 0


@settings(deadline=None, max_examples=6)
@given(st.integers(0, 2**31))
def test_two_runs_of_one_seed_are_the_same_to_the_last_message(seed: int) -> None:
    async def scenario() -> tuple[object, ...]:
        world = World(faults=FaultPlan(seed, dict.fromkeys(Fault, 0.1), Latency(20.0, 50.0)), speed=60)
        await world.paper.open()
        outcomes = []
        for number in range(12):
            try:
                outcomes.append(await world.paper.place(order(f"bot-1-{number}", side=list(Side)[number % 2])))
            except ExchangeFailure as failure:
                outcomes.append(str(failure))
            await asyncio.sleep(1.3)
        return (*await world.heard(), outcomes, world.calls, world.topics, world.reconnects, world.kept)

    assert under(scenario) == under(scenario)


def test_settlements_are_read_through_the_one_door_and_kept_over_a_restart() -> None:
    async def scenario() -> None:
        start = EPOCH - EPOCH % FUNDING_SPAN + FUNDING_SPAN - MINUTE
        world = World(SeededMarket(SYMBOLS, 7, start), speed=60)
        await world.paper.open()
        await world.paper.place(order())
        await asyncio.sleep(62.0)
        (paid,) = await world.paper.funding(0)
        assert await world.paper.funding(paid.at) == [paid]
        assert await world.paper.funding(paid.at + 1) == []
        assert [name for name, _, failure in world.calls if not failure].count("funding") == 3
        _, account = await world.heard()
        assert [message for message in account if isinstance(message, FundingPaid)] == [paid]
        again = World(SeededMarket(SYMBOLS, 7, start))
        again.venue.restore(world.kept[-1][1], [])
        assert again.venue.funding(0) == [paid]

    under(scenario)


@pytest.mark.parametrize("tape", [True, False])
def test_trades_are_told_where_the_venue_has_a_tape_newest_first(tape: bool) -> None:
    async def scenario() -> None:
        world = World(tape=tape)
        await world.paper.open()
        await asyncio.sleep(10)
        told = await world.paper.trades("XBTUSDTM")
        assert bool(told) is tape
        assert [(t.price, t.lots, t.at) for t in told] == [
            (p.price, p.lots, p.at) for p in world.venue.trades("XBTUSDTM", 100)
        ]
        await world.paper.close()

    under(scenario)
