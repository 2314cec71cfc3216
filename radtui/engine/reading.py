"""Reading everything the exchange shows of the account, in one go (rows O3, W3): the eyes of recovery and flatten.

It is read in parts, each with its own limit of time. Without orders or positions nothing is shown, for nothing could be
made of it; what else could not be read is left out of a reading, said once, and read again with the next one.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from functools import partial
from typing import Final, TypeVar

from radtui.core.account import Transfer
from radtui.core.events import Event, ExchangeShown, ReadFailed
from radtui.exchange.port import Exchange
from radtui.health.phases import READING, Timed, untimed
from radtui.resilience.clock import Clock
from radtui.resilience.failures import BreakerOpen, ExchangeFailure, Maintenance, RateLimited
from radtui.resilience.redaction import named

T = TypeVar("T")
READ_WITHIN: Final = 15.0
"""Seconds after which a part without which nothing is shown has failed."""
_AGAIN: Final = 2
PART_WITHIN: Final = 5.0
"""Seconds after which any other part has failed: it holds up the rest no longer."""


class Reader:
    """Reads on demand; demands that come during a reading are served together by one that begins after it.

    Args:
        wants_transfers: whether the next reading should tell of transfers.
        warn: told of a part that fails (its name and why), once until it works again.
    """

    def __init__(
        self,
        exchange: Exchange,
        clock: Clock,
        feed: Callable[[Event], None],
        *,
        wants_transfers: Callable[[], bool] = lambda: False,
        warn: Callable[[str, str], None] = lambda name, why: None,
        timed: Timed = untimed,
    ) -> None:
        self._exchange = exchange
        self._clock = clock
        self._feed = feed
        self._wants_transfers = wants_transfers
        self._warn = warn
        self._timed = timed
        self._failing: dict[str, Exception] = {}
        self._told: set[str] = set()
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
            began = self._clock.monotonic()
            shown = await self._shown(since)
            self._timed(READING, self._clock.monotonic() - began, failed=isinstance(shown, ReadFailed))
            self._feed(shown)

    async def _shown(self, since: int) -> Event:
        begun, exchange = self._clock.now(), self._exchange
        # A fill that lands between two of these answers shows in the next reading: they overlap.
        orders = await self._must("orders", exchange.open_orders)
        if orders is None:
            return self._unread("orders")
        positions, fills, account, funding, transfers = await asyncio.gather(
            self._must("positions", exchange.positions),
            self._part("fills", partial(exchange.fills, since)),
            self._part("account", exchange.account),
            self._part("funding", partial(exchange.funding, since)),
            self._transfers(since),
        )
        if positions is None:
            return self._unread("positions")
        self._tell()
        return ExchangeShown(
            self._clock.now(),
            begun,
            tuple(orders),
            _all(fills),
            tuple(positions),
            account,
            _all(funding),
            _all(transfers),
        )

    async def _transfers(self, since: int) -> Sequence[Transfer] | None:
        if not self._wants_transfers():
            return None
        return await self._part("transfers", partial(self._exchange.transfers, since))

    async def _must(self, name: str, read: Callable[[], Awaitable[T]]) -> T | None:
        """Read a part without which nothing is shown: one that is merely refused is asked for again at once."""
        answer = await self._part(name, read, READ_WITHIN)
        for _ in range(_AGAIN):
            failure = self._failing.get(name)
            if failure is None or isinstance(failure, TimeoutError | RateLimited | Maintenance | BreakerOpen):
                break
            answer = await self._part(name, read, READ_WITHIN)
        return answer

    async def _part(self, name: str, read: Callable[[], Awaitable[T]], within: float = PART_WITHIN) -> T | None:
        try:
            async with asyncio.timeout(within):
                answer = await read()
        except TimeoutError:
            self._failing[name] = TimeoutError(f"no answer within {within:.0f} s")
            return None
        except ExchangeFailure as failure:
            self._failing[name] = failure
            return None
        except Exception as error:  # supervision point: what cannot be understood of one part blinds nobody to the rest
            self._failing[name] = error
            return None
        self._failing.pop(name, None)
        self._told.discard(name)
        return answer

    def _unread(self, name: str) -> ReadFailed:
        failure = self._failing[name]
        return ReadFailed(self._clock.now(), f"{name}: {_said(failure)}", closed=isinstance(failure, Maintenance))

    def _tell(self) -> None:
        """Say once of each part that it fails."""
        for name, failure in self._failing.items():
            if name not in self._told:
                self._told.add(name)
                self._warn(name, _said(failure))


def _said(failure: Exception) -> str:
    return str(failure) if isinstance(failure, ExchangeFailure | TimeoutError) else named(failure)


def _all(answer: Sequence[T] | None) -> tuple[T, ...] | None:
    return None if answer is None else tuple(answer)
