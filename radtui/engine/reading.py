"""Reading everything the exchange shows of the account, in one go (rows O3, W3): the eyes of recovery and flatten."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from radtui.core.events import Event, ExchangeShown, ReadFailed
from radtui.exchange.port import Exchange
from radtui.resilience.clock import Clock
from radtui.resilience.failures import ExchangeFailure

READ_WITHIN: Final = 15.0
"""Seconds after which a reading without an answer has failed."""


class Reader:
    """Reads on demand; demands that come during a reading are served together by one that begins after it."""

    def __init__(self, exchange: Exchange, clock: Clock, feed: Callable[[Event], None]) -> None:
        self._exchange = exchange
        self._clock = clock
        self._feed = feed
        self._wanted: int | None = None
        self._task: asyncio.Task[None] | None = None

    def ask(self, since: int) -> None:
        """Have everything read, with the fills since `since` of the market clock."""
        self._wanted = since if self._wanted is None else min(self._wanted, since)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._serve())

    async def read(self, since: int) -> None:
        """Read and say so, or say why not."""
        self.ask(since)
        if self._task is not None:
            await asyncio.shield(self._task)

    async def stop(self) -> None:
        """Abandon a reading on its way."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def _serve(self) -> None:
        while self._wanted is not None:
            since, self._wanted = self._wanted, None
            self._feed(await self._shown(since))

    async def _shown(self, since: int) -> Event:
        begun = self._clock.now()
        try:
            async with asyncio.timeout(READ_WITHIN):
                # A fill that lands between two of these answers shows in the next reading: they overlap.
                orders = await self._exchange.open_orders()
                fills, funding, positions, account = await asyncio.gather(
                    self._exchange.fills(since),
                    self._exchange.funding(since),
                    self._exchange.positions(),
                    self._exchange.account(),
                )
        except (ExchangeFailure, TimeoutError) as failure:
            return ReadFailed(self._clock.now(), str(failure) or f"no answer within {READ_WITHIN:.0f} s")
        return ExchangeShown(
            self._clock.now(), begun, tuple(orders), tuple(fills), tuple(positions), account, tuple(funding)
        )
