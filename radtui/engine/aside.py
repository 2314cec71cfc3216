"""What is asked of the exchange beside our own orders: books for a preview, rules, cancels by the exchange's own id."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Final

from radtui.core.book import BookShown
from radtui.core.commands import CancelOther, Describe, Survey
from radtui.core.events import BooksShown, Described, Event
from radtui.engine.chores import Chores
from radtui.exchange.port import Exchange
from radtui.resilience.clock import Clock
from radtui.resilience.failures import BreakerOpen, ExchangeFailure, Refused
from radtui.resilience.redaction import named

BOOK_WITHIN: Final = 1.0
"""Seconds after which a book without an answer is left out of a preview: a person waits for it."""
_BROKEN: Final = "no book is read while a breaker is open; cancels and closes are sent all the same"
CANCEL_WITHIN: Final = 10.0
RULES_WITHIN: Final = 5.0
"""Seconds after which a contract's rules are given up; whoever needs them asks again."""


class Aside:
    """Each piece of work is a task of its own; nothing waits for any of them."""

    def __init__(
        self, exchange: Exchange, clock: Clock, *, feed: Callable[[Event], None], alarm: Callable[[str, str], None]
    ) -> None:
        self._exchange = exchange
        self._clock = clock
        self._feed = feed
        self._alarm = alarm
        self._chores = Chores()

    def survey(self, command: Survey) -> None:
        """Read the books and say what they hold, or why one could not be read."""
        self._chores.begin(self._survey(command))

    def describe(self, command: Describe) -> None:
        """Read a contract's rules and say them, or why they could not be read."""
        self._chores.begin(self._describe(command.symbol))

    def cancel(self, command: CancelOther) -> None:
        """Cancel once; whether it helped is seen in the next reading."""
        self._chores.begin(self._cancel(command))

    async def stop(self) -> None:
        """Abandon what is on its way."""
        await self._chores.stop()

    async def _survey(self, command: Survey) -> None:
        books = await asyncio.gather(*(self._book(symbol) for symbol in command.symbols))
        self._feed(BooksShown(self._clock.now(), command.id, tuple(books)))

    async def _book(self, symbol: str) -> BookShown:
        try:
            async with asyncio.timeout(BOOK_WITHIN):
                return await self._exchange.book(symbol)
        except BreakerOpen:
            return BookShown(symbol, failing=_BROKEN)
        except (ExchangeFailure, TimeoutError) as failure:
            return BookShown(symbol, failing=str(failure) or f"its book was not read within {BOOK_WITHIN:.0f} s")
        except Exception as error:  # supervision point: a fault of ours costs one book, not the preview
            self._alarm("preview", f"{symbol}: {named(error)}")
            return BookShown(symbol, failing=f"its book could not be read: {type(error).__name__}")

    async def _describe(self, symbol: str) -> None:
        try:
            async with asyncio.timeout(RULES_WITHIN):
                instrument = await self._exchange.contract(symbol)
        except Exception as error:  # supervision point: it is asked again while somebody needs it
            why = str(error) or f"its rules were not read within {RULES_WITHIN:.0f} s"
            self._feed(Described(self._clock.now(), symbol, None, why, unlisted=isinstance(error, Refused)))
        else:
            self._feed(Described(self._clock.now(), symbol, instrument))

    async def _cancel(self, command: CancelOther) -> None:
        try:
            async with asyncio.timeout(CANCEL_WITHIN):
                await self._exchange.cancel_by_id(command.symbol, command.order_id)
        except Exception as error:  # supervision point: it is asked again while the exchange shows the order
            why = str(error) or f"no answer within {CANCEL_WITHIN:.0f} s"
            self._alarm("cancel", f"{command.symbol} {command.order_id}: {why}")
