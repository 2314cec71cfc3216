"""One bot's port: what it sees is its own, and it never stands in the others' way."""

from __future__ import annotations

import asyncio
from collections import Counter
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from radtui.core.instruction import Ask
from radtui.core.market import MINUTE
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.exchange.shared.limits import AccountLimits
from radtui.exchange.shared.share import AT_ONCE
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Refused, Transient
from radtui.resilience.limiter import Lane, Limiter
from radtui.resilience.virtual import run_virtual
from tests.engine.squads import Account, Life

THREE: dict[str, tuple[str, ...]] = {"alpha": ("XBTUSDTM",), "beta": ("ETHUSDTM",), "gamma": ("SOLUSDTM",)}
SHARES = dict.fromkeys(THREE, "0.3")


class Narrow:
    """Stands before an exchange like the limiter of its one pool."""

    def __init__(self, life: Life, weight: int) -> None:
        self.limiter = Limiter("test", life.clock, limit=30, window=10.0)
        self.weight = weight
        self.served: Counter[str] = Counter()
        inner = life.paper.book

        async def book(symbol: str) -> object:
            async with asyncio.timeout(None):
                with await self.limiter.acquire(self.weight):
                    await asyncio.sleep(0.05)
                    self.served[symbol] += 1
                    return await inner(symbol)

        life.paper.book = book  # type: ignore[method-assign,assignment]


@settings(max_examples=12, deadline=None)
@given(st.dictionaries(st.sampled_from(list(THREE)), st.integers(AT_ONCE, 80), min_size=3), st.integers(1, 3))
def test_however_much_one_asks_each_gets_its_turn(greed: dict[str, int], weight: int) -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        narrow = Narrow(life, weight)
        await life.until(lambda: all(life.core(name).recovered for name in THREE))
        stop = False

        async def ask(name: str) -> None:
            while not stop:
                await life.shares[name].book(THREE[name][0])

        asking = [asyncio.create_task(ask(name)) for name, count in greed.items() for _ in range(count)]
        await asyncio.sleep(120)
        served = narrow.served.copy()
        stop = True
        for task in asking:
            task.cancel()
        await asyncio.gather(*asking, return_exceptions=True)
        assert min(served.values()) >= max(served.values()) - 2 * AT_ONCE, served
        assert sum(served.values()) >= 200 / weight

    account.live(scenario)


def test_what_closes_and_cancels_waits_for_no_turn() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        for name in THREE:
            await life.hold(name)
        hung = asyncio.Event()

        async def book(symbol: str) -> object:
            await hung.wait()
            return symbol

        life.paper.book = book  # type: ignore[method-assign,assignment]
        hanging = [asyncio.create_task(life.shares["alpha"].book("XBTUSDTM")) for _ in range(20)]
        await asyncio.sleep(1)
        began = life.loop.time()
        receipt = await life.ask("alpha", Ask.EMERGENCY_STOP)
        assert receipt.success
        assert life.loop.time() - began < 10
        for task in hanging:
            task.cancel()
        await asyncio.gather(*hanging, return_exceptions=True)

    account.live(scenario)


def test_each_sees_its_own_orders_positions_fills_and_money_and_together_they_see_all() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        for name in THREE:
            await life.hold(name)
        await asyncio.sleep(300)
        shares = life.shares.values()
        orders = [order.client_id for share in shares for order in await share.open_orders()]
        assert sorted(orders) == sorted(order.client_id for order in account.venue.open_orders())
        fills = [fill.trade_id for share in shares for fill in await share.fills(0)]
        assert sorted(fills) == sorted(fill.trade_id for fill in account.venue.fills(0))
        for name, share in life.shares.items():
            assert {position.symbol for position in await share.positions()} <= set(THREE[name])
            assert {listed.symbol for listed in await share.instruments()} == set(THREE[name])
        money = [await share.account() for share in shares]
        whole = account.venue.account()
        assert sum(each.wallet for each in money) == whole.wallet - 1000, "a tenth is nobody's"
        assert sum(each.unrealised for each in money) == whole.unrealised
        assert sum(each.position_margin for each in money) == whole.position_margin
        assert all(each.available <= min(whole.available, each.equity) for each in money)

    account.live(scenario)


def test_an_entry_that_was_decided_too_late_is_refused_at_the_door_and_a_close_never() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        for name in THREE:
            await life.hold(name)
        held = life.core("beta").trading.positions.open["ETHUSDTM"]
        life.shared._limits = AccountLimits(exposure=Decimal(0), margin_share=Decimal(0))
        more = OrderRequest(
            client_id="beta-x-1",
            symbol="ETHUSDTM",
            side=Side.BUY if held.lots > 0 else Side.SELL,
            type=OrderType.MARKET,
            lots=1,
            leverage=3,
        )
        with pytest.raises(Refused, match="account exposure: all bots together would hold"):
            await life.shares["beta"].place(more)
        assert await life.shares["beta"].order("ETHUSDTM", "beta-x-1") is None
        close = OrderRequest(
            client_id="beta-x-2", symbol="ETHUSDTM", side=held.closing_side, type=OrderType.MARKET, close_order=True
        )
        assert await life.shares["beta"].place(close)
        await life.until(lambda: "ETHUSDTM" not in {each.symbol for each in account.venue.positions()})

    account.live(scenario)


def test_the_exchange_is_opened_with_the_first_and_closed_with_the_last() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        await life.ready()
        for name in ("alpha", "beta"):
            await life.ask(name, Ask.SHUTDOWN)
        await life.until(lambda: life.squad.flying == ("gamma",))
        at = life.paper.market_now()
        await asyncio.sleep(60)
        assert life.paper.market_now() > at
        assert (await life.shares["gamma"].account()).wallet
        await life.ask("gamma", Ask.SHUTDOWN)
        await life.until(life.task.done)
        with pytest.raises(Transient):
            await life.paper.account()

    account.live(scenario)


def test_a_fault_in_handing_on_loses_messages_that_are_read_again() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        await life.hold("alpha")
        share, broken = life.shares["beta"], RuntimeError("a fault of ours")
        heard, failing = share.hear_account, [True]

        def hear(message: object) -> None:
            if failing:
                raise broken
            heard(message)  # type: ignore[arg-type]

        share.hear_account = hear  # type: ignore[method-assign]
        await asyncio.sleep(240)
        failing.clear()
        await life.calm()
        life.check()

    account.live(scenario)


def test_the_limiters_line_is_what_fairness_stands_on() -> None:
    """First come, first served within a lane: else a bound on each bot's calls in line would give nobody a turn."""

    async def life() -> None:
        limiter = Limiter("test", LoopClock(asyncio.get_running_loop(), 1), limit=10, window=1.0)
        order: list[int] = []

        async def call(number: int) -> None:
            with await limiter.acquire(5, Lane.NORMAL):
                order.append(number)

        await asyncio.gather(*(call(number) for number in range(8)))
        assert order == sorted(order)

    run_virtual(life())


def test_what_the_scanners_of_all_of_them_look_at_is_read_once() -> None:
    account = Account(THREE, budgets=SHARES)

    async def scenario(life: Life) -> None:
        asked: Counter[str] = Counter()
        inner = life.paper.browse

        async def browse(symbol: str, span: int, limit: int) -> object:
            asked[symbol] += 1
            return await inner(symbol, span, limit)

        life.paper.browse = browse  # type: ignore[method-assign,assignment]
        first, *others = await asyncio.gather(*(share.browse("XBTUSDTM", MINUTE, 30) for share in life.shares.values()))
        assert len(first) == 30
        assert all(each is first for each in others)
        assert asked == {"XBTUSDTM": 1}

    account.live(scenario)
