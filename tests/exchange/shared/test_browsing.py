"""Several scanners on one account: each candle is read once, and whoever fails or goes stands in nobody's way."""

from __future__ import annotations

import asyncio
from typing import cast

import pytest

from radtui.core.market import HOUR
from radtui.exchange.port import Exchange
from radtui.exchange.shared.browsing import Browsing
from radtui.resilience.failures import Transient
from radtui.resilience.virtual import run_virtual
from tests.engine.scanned import Market, name


def browsed(slow: float = 1.0) -> tuple[Market, Browsing]:
    market = Market(2)
    market.slow = slow
    return market, Browsing(cast("Exchange", market))


def test_all_who_ask_at_once_get_what_one_has_read() -> None:
    async def story() -> None:
        market, browsing = browsed()
        first, second, other = await asyncio.gather(
            browsing.of(name(0), HOUR, 50), browsing.of(name(0), HOUR, 50), browsing.of(name(1), HOUR, 50)
        )
        assert first is second
        assert other[0].symbol == name(1)
        assert market.asked == {(name(0), HOUR): 1, (name(1), HOUR): 1}
        assert await browsing.of(name(0), HOUR, 50) is first
        assert len(await browsing.of(name(0), HOUR, 20)) == 20

    run_virtual(story())


def test_they_are_read_again_at_the_moment_the_next_one_closes() -> None:
    async def story() -> None:
        market, browsing = browsed()
        market.now = 300 * HOUR
        first = await browsing.of(name(0), HOUR, 50)
        market.now = 301 * HOUR - 1
        assert await browsing.of(name(0), HOUR, 50) is first
        market.now = 301 * HOUR
        assert (await browsing.of(name(0), HOUR, 50))[-1].closed_at == 301 * HOUR

    run_virtual(story())


def test_a_failure_is_told_to_who_met_it_and_the_next_one_tries_again() -> None:
    async def story() -> None:
        market, browsing = browsed()
        market.failing.add(name(0))
        with pytest.raises(Transient):
            await browsing.of(name(0), HOUR, 50)
        market.failing.clear()
        assert len(await browsing.of(name(0), HOUR, 50)) == 50

    run_virtual(story())


def test_who_is_cancelled_while_reading_leaves_the_next_one_to_read() -> None:
    async def story() -> None:
        market, browsing = browsed(slow=10.0)
        gone = asyncio.create_task(browsing.of(name(0), HOUR, 50))
        waiting = asyncio.create_task(browsing.of(name(0), HOUR, 50))
        await asyncio.sleep(1)
        gone.cancel()
        assert len(await waiting) == 50
        assert market.asked[name(0), HOUR] == 2

    run_virtual(story())
