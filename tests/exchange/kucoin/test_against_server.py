"""Our client before our own server with every fault of the wire: nothing is lost, nothing comes twice."""

from __future__ import annotations

import asyncio
from collections import Counter
from decimal import Decimal

import pytest

from radtui.core.order import MarginMode, OrderType, PositionSide, Side
from radtui.exchange.kucoin.rest.bodies import OrderBody
from radtui.exchange.kucoin.rest.client import Rest, guards
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.wire.orders import Order
from radtui.resilience.backoff import Backoff
from radtui.resilience.breaker import Breaker
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Ambiguous, Refused, Transient, Unknown
from radtui.resilience.retry import RetryPlan
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.simserver.wirefaults import WireFault, WireFaults
from radtui.venue.model import SeededMarket
from tests.exchange.kucoin.memory import Record

EPOCH = 1_790_000_000 * 10**9
SYMBOL = "XBTUSDTM"
LATEST = 6.0
"""Seconds after which a request that was given up is refused for its timestamp."""

F = WireFault
STORMS: dict[str, dict[WireFault, float]] = {
    "none": {},
    "lost before": {F.LOST: 0.3},
    "lost after": {F.LOST_AFTER: 0.3},
    "twice": {F.TWICE: 0.5},
    "errors": {F.ERROR: 0.2, F.ERROR_AFTER: 0.2, F.HTML: 0.1},
    "slow": {F.SLOW: 2000.0},
    "limits": {F.RATE_LIMIT: 0.05},
    "skew ahead": {F.SKEW: 60_000.0},
    "skew behind": {F.SKEW: -60_000.0},
    "everything": {F.LOST: 0.1, F.LOST_AFTER: 0.1, F.TWICE: 0.1, F.ERROR_AFTER: 0.1, F.SLOW: 500.0, F.SKEW: 9000.0},
}

STRIKING = {"lost before", "lost after", "twice", "errors", "everything"}


def body(client_id: str, price: str) -> OrderBody:
    return OrderBody(
        client_oid=client_id, symbol=SYMBOL, margin_mode=MarginMode.ISOLATED, position_side=PositionSide.BOTH,
        type=OrderType.LIMIT, side=Side.BUY, size=1, leverage=5, price=price,
    )  # fmt: skip


async def patient(rest: Rest, client_id: str) -> Order | None:
    """Look an order up until there is an answer."""
    while True:
        try:
            return await rest.orders.by_client_id(client_id)
        except Transient:
            await asyncio.sleep(1.0)


async def placed(rest: Rest, order: OrderBody) -> str:
    """Place an order as the engine does: what is open is looked up, and sent again once it cannot arrive any more."""
    while True:
        try:
            return (await rest.orders.place(order)).order_id
        except Ambiguous:
            await asyncio.sleep(LATEST)
            if (found := await patient(rest, order.client_oid)) is not None:
                return found.id
        except Transient:
            await asyncio.sleep(1.0)


async def cancelled(rest: Rest, client_id: str) -> None:
    """Cancel until nothing of it is active."""
    while (found := await patient(rest, client_id)) is not None and found.active:
        try:
            await rest.orders.cancel_by_client_id(SYMBOL, client_id)
        except Unknown:
            pass  # done already: the next look shows it
        except (Ambiguous, Transient):
            await asyncio.sleep(1.0)


@pytest.mark.parametrize("storm", STORMS)
@pytest.mark.parametrize("seed", [1, 2])
def test_every_order_arrives_once_and_every_cancel_in_the_end(storm: str, seed: int) -> None:
    async def story() -> None:
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        key, faults = seeded_key(seed), WireFaults(seed, STORMS[storm])
        market = SeededMarket((SYMBOL,), seed=seed, start=clock.now())
        server = open_exchange(
            market, [key], now=clock.now, seed=seed, balances={"USDT": Decimal(10_000)}, warmup=5, faults=faults
        )
        ways = guards(clock, Breaker("kucoin", clock), Breaker("unified", clock), RetryPlan(backoff=Backoff(retries=3)))
        secret = Credentials(key.key, key.secret, key.passphrase)
        async with Loopback(server) as network:
            record = Record()
            rest = Rest(Door(network, ways, clock=clock, observer=record, credentials=secret, deadline=4.0))
            ids = [f"bot-{number}" for number in range(12)]
            got = await asyncio.gather(*(placed(rest, body(name, "1000")) for name in ids))
            there = [order for order in network.venue.open_orders() if order.client_id in ids]
            assert Counter(order.client_id for order in there) == Counter(ids)
            assert len(set(got)) == len(ids)
            await asyncio.gather(*(cancelled(rest, name) for name in ids))
            assert not network.venue.open_orders()
            assert all(view.waiting == 0 for view in rest.rates)
            assert storm not in STRIKING or any(failure for _, failure in record.calls)

    run_virtual(story())


def test_a_wrong_secret_and_a_symbol_that_does_not_exist_are_told_at_once() -> None:
    async def story() -> None:
        clock = LoopClock(asyncio.get_running_loop(), EPOCH)
        key = seeded_key(3)
        market = SeededMarket((SYMBOL,), seed=3, start=clock.now())
        server = open_exchange(market, [key], now=clock.now, seed=3, balances={"USDT": Decimal(10_000)}, warmup=5)
        ways = guards(clock, Breaker("kucoin", clock), Breaker("unified", clock))
        async with Loopback(server) as network:
            wrong = Credentials(key.key, "not-the-secret", key.passphrase)
            rest = Rest(Door(network, ways, clock=clock, observer=Record(), credentials=wrong))
            with pytest.raises(Exception, match=r"secret is not this key's") as caught:
                await rest.positions.open()
            assert "not-the-secret" not in str(caught.value)
            with pytest.raises(Refused, match="XBTUSDTM"):
                await rest.market.ticker("BTCUSDTM")

    run_virtual(story())
