"""Carrying orders, cancels and look-ups out. An answer that is not definite is never taken for a failure (row O2)."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from random import Random
from typing import Final

from radtui.core.commands import Cancel, Place, Seek
from radtui.core.events import Event, OrderAccepted, OrderRefused, OrderSent, OrderSought, OrderUnclear
from radtui.core.order import OrderReport
from radtui.core.orders import Order
from radtui.engine.chores import Chores
from radtui.exchange.port import Exchange
from radtui.health.phases import NOTING, Timed, untimed
from radtui.resilience.backoff import Backoff
from radtui.resilience.clock import Clock
from radtui.resilience.failures import Ambiguous, ExchangeFailure, Refused
from radtui.resilience.redaction import named
from radtui.store.port import Journal

ANSWER_WITHIN: Final = 10.0
"""Seconds after which a call without an answer is over, whatever the exchange's adapter promised."""
ENTRY_WAITS: Final = 5.0
"""Seconds an entry waits for its note to be on disk: a later one would trade on a price of the past."""
EXIT_WAITS: Final = 0.25
"""Seconds an exit waits for its note to be on disk before it leaves all the same."""


class Dispatch:
    """Turns commands into calls, each in a task of its own, and their answers into events."""

    def __init__(
        self,
        exchange: Exchange,
        journal: Journal,
        clock: Clock,
        random: Random,
        *,
        feed: Callable[[Event], None],
        find: Callable[[str], Order | None],
        alarm: Callable[[str, str], None],
        timed: Timed = untimed,
    ) -> None:
        self._exchange = exchange
        self._journal = journal
        self._clock = clock
        self._random = random
        self._feed = feed
        self._find = find
        self._alarm = alarm
        self._timed = timed
        self._backoff = Backoff(base=0.25, maximum=5.0)
        self._chores = Chores()
        self._seeking: set[str] = set()
        self._cancelling: set[str] = set()

    def place(self, command: Place) -> None:
        """Send an order."""
        self._chores.begin(self._once(command))

    def cancel(self, command: Cancel) -> None:
        """Cancel an order, until the exchange answers definitely; one such piece of work an order at a time."""
        if command.client_id not in self._cancelling:
            self._cancelling.add(command.client_id)
            self._chores.begin(self._until_done(partial(self._cancel, command), command.client_id))

    def seek(self, command: Seek) -> None:
        """Look an order up, until the exchange answers definitely; one look-up an order at a time."""
        if command.client_id not in self._seeking:
            self._seeking.add(command.client_id)
            self._chores.begin(self._until_done(partial(self._seek, command), command.client_id))

    async def stop(self) -> None:
        """Abandon what is on its way. It stays in the journal as it was, and the next start looks it up."""
        await self._chores.stop()

    async def _place(self, command: Place) -> None:
        request = command.request
        if not await self._noted(command):
            return
        order = self._find(request.client_id)
        if order is None or order.done or order.cancelling:
            self._feed(OrderRefused(self._clock.now(), request.client_id, "withdrawn before it was sent"))
            return
        self._feed(OrderSent(self._clock.now(), request.client_id))
        try:
            async with asyncio.timeout(ANSWER_WITHIN):
                order_id = await self._exchange.place(request)
        except (Ambiguous, TimeoutError) as failure:
            self._feed(OrderUnclear(self._clock.now(), request.client_id, str(failure) or "no answer in time"))
        except ExchangeFailure as failure:
            self._feed(OrderRefused(self._clock.now(), request.client_id, str(failure)))
        else:
            self._feed(OrderAccepted(self._clock.now(), request.client_id, order_id))

    async def _noted(self, command: Place) -> bool:
        """Wait until the intent is on disk; an exit waits a moment and goes, an entry goes only then (row O1)."""
        began, failed = self._clock.monotonic(), True
        try:
            async with asyncio.timeout(ENTRY_WAITS if command.durable_first else EXIT_WAITS):
                await self._journal.durable()
                failed = False
        except Exception as failure:  # supervision point: no fault of a journal holds an exit up
            if command.durable_first:
                reason = f"not sent, for it could not be noted: {str(failure) or 'the disk does not answer'}"
                self._feed(OrderRefused(self._clock.now(), command.request.client_id, reason))
                return False
        finally:
            self._timed(NOTING, self._clock.monotonic() - began, failed=failed)
        return True

    async def _cancel(self, command: Cancel) -> None:
        try:
            await self._cancelled(command)
        finally:
            self._cancelling.discard(command.client_id)

    async def _cancelled(self, command: Cancel) -> None:
        attempt = 0
        while not self._done(command.client_id):
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    await self._exchange.cancel(command.symbol, command.client_id)
            except Refused:
                # Done already, or never known: its report says which.
                self.seek(Seek(command.symbol, command.client_id, 0))
                return
            except (ExchangeFailure, TimeoutError):
                await self._pause(attempt)
                attempt += 1
            else:
                return

    async def _seek(self, command: Seek) -> None:
        try:
            await asyncio.sleep(max(0.0, (command.not_before - self._clock.now()) / 1e9))
            report = await self._look_up(command)
        finally:
            self._seeking.discard(command.client_id)
        self._feed(OrderSought(self._clock.now(), command.client_id, report))

    async def _look_up(self, command: Seek) -> OrderReport | None:
        attempt = 0
        while True:
            try:
                async with asyncio.timeout(ANSWER_WITHIN):
                    return await self._exchange.order(command.symbol, command.client_id)
            except (ExchangeFailure, TimeoutError):
                await self._pause(attempt)
                attempt += 1

    async def _pause(self, attempt: int) -> None:
        await asyncio.sleep(self._backoff.wait(attempt, self._random.uniform(-1, 1)))

    def _done(self, client_id: str) -> bool:
        order = self._find(client_id)
        return order is None or order.done

    async def _once(self, command: Place) -> None:
        client_id = command.request.client_id
        try:
            await self._place(command)
        except Exception as error:  # supervision point: a fault of ours leaves the order unclear, never lost
            self._feed(OrderUnclear(self._clock.now(), client_id, self._fault(client_id, error)))

    async def _until_done(self, work: Callable[[], Awaitable[None]], client_id: str) -> None:
        """Cancel or look up, which may be repeated: a fault of ours is told and the work goes on."""
        attempt = 0
        while True:
            try:
                return await work()
            except Exception as error:  # supervision point: who gave up here would leave an order behind
                self._fault(client_id, error)
            await self._pause(attempt)
            attempt += 1

    def _fault(self, client_id: str, error: Exception) -> str:
        text = named(error)
        self._alarm("dispatch", f"{client_id}: {text}")
        return text
