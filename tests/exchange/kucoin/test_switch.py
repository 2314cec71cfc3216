"""The account's own switch, before our server: set, renewed, let go of; and why it must not name a held contract."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import Any

import pytest

from radtui.core.order import Cross, MarginMode, OrderType, PositionSide, PriceType, Side
from radtui.exchange.kucoin.rest.bodies import OrderBody
from radtui.exchange.kucoin.rest.client import Rest, guards
from radtui.exchange.kucoin.rest.credentials import Credentials
from radtui.exchange.kucoin.rest.door import Door
from radtui.exchange.kucoin.switch import AccountSwitch
from radtui.resilience.breaker import Breaker
from radtui.resilience.clock import LoopClock
from radtui.resilience.failures import Ambiguous, ExchangeFailure
from radtui.resilience.virtual import run_virtual
from radtui.simserver.access import seeded_key
from radtui.simserver.exchange import open_exchange
from radtui.simserver.loopback import Loopback
from radtui.venue.model import SeededMarket
from tests.exchange.kucoin.memory import Record

EPOCH = 1_790_000_000 * 10**9
HELD, OTHER = "XBTUSDTM", "ETHUSDTM"


@asynccontextmanager
async def world() -> AsyncIterator[tuple[AccountSwitch, Rest, Loopback]]:
    clock, key = LoopClock(asyncio.get_running_loop(), EPOCH), seeded_key(1)
    market = SeededMarket((HELD, OTHER), seed=1, start=clock.now())
    server = open_exchange(market, [key], now=clock.now, seed=1, balances={"USDT": Decimal(10_000)}, warmup=5)
    ways = guards(clock, Breaker("kucoin", clock), Breaker("unified", clock))
    secret = Credentials(key.key, key.secret, key.passphrase)
    async with Loopback(server) as network:
        rest = Rest(Door(network, ways, clock=clock, observer=Record(), credentials=secret, deadline=4.0))
        yield AccountSwitch(rest), rest, network


async def leave(rest: Rest) -> None:
    """Hold a position with its stop in one contract, and rest an entry in the other."""
    common: dict[str, Any] = {"margin_mode": MarginMode.ISOLATED, "position_side": PositionSide.BOTH}
    for body in (
        OrderBody(client_oid="t-1", symbol=HELD, type=OrderType.MARKET, side=Side.BUY, size=5, leverage=3, **common),
        OrderBody(
            client_oid="t-2", symbol=HELD, type=OrderType.MARKET, side=Side.SELL, close_order=True, stop=Cross.DOWN,
            stop_price="1000", stop_price_type=PriceType.LAST, **common,
        ),
        OrderBody(
            client_oid="t-3", symbol=OTHER, type=OrderType.LIMIT, side=Side.BUY, size=1, leverage=3, price="100",
            **common,
        ),
    ):  # fmt: skip
        await rest.orders.place(body)


def test_it_goes_off_unless_it_is_set_again_and_takes_only_what_it_names() -> None:
    async def story() -> None:
        async with world() as (switch, rest, network):
            await leave(rest)
            await switch.set_switch(30, (OTHER,))
            await asyncio.sleep(20)
            await switch.set_switch(30, (OTHER,))
            await asyncio.sleep(20)
            assert {order.client_id for order in network.venue.open_orders()} == {"t-2", "t-3"}
            await asyncio.sleep(20)
            assert {order.client_id for order in network.venue.open_orders()} == {"t-2"}, "the stop stays"

    run_virtual(story())


def test_one_that_names_a_held_contract_takes_its_stop_away() -> None:
    async def story() -> None:
        async with world() as (switch, rest, network):
            await leave(rest)
            await switch.set_switch(30, (HELD,))
            await asyncio.sleep(40)
            assert {order.client_id for order in network.venue.open_orders()} == {"t-3"}
            assert network.venue.positions()

    run_virtual(story())


def test_switched_off_it_takes_nothing() -> None:
    async def story() -> None:
        async with world() as (switch, rest, network):
            await leave(rest)
            await switch.set_switch(30, (OTHER,))
            await switch.set_switch(30, ())
            await asyncio.sleep(60)
            assert len(network.venue.open_orders()) == 2

    run_virtual(story())


def test_an_exchange_that_does_not_answer_holds_nobody_up() -> None:
    async def story() -> None:
        async with world() as (switch, _, network):
            network.down = True
            began = asyncio.get_running_loop().time()
            with pytest.raises(ExchangeFailure):
                await switch.set_switch(30, (OTHER,))
            assert asyncio.get_running_loop().time() - began < 10
            network.down, network.trip = False, 60.0
            with pytest.raises((Ambiguous, ExchangeFailure)):
                await switch.set_switch(30, (OTHER,))

    run_virtual(story())
