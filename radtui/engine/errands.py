"""What core has done at the exchange: orders, cancels, look-ups, books and readings, each by whoever is good at it."""

from __future__ import annotations

from collections.abc import Callable
from random import Random
from typing import Any

from radtui.core.commands import Cancel, CancelOther, Command, Describe, Place, Read, Seek, Survey
from radtui.core.core import Core
from radtui.core.events import Event
from radtui.engine.aside import Aside
from radtui.engine.dispatch import Dispatch
from radtui.engine.reading import Reader
from radtui.exchange.port import Exchange
from radtui.health.phases import Timed, untimed
from radtui.resilience.clock import Clock
from radtui.store.port import Journal


class Errands:
    """Runs them; their answers come back as events.

    Attributes:
        reader: reads on demand, also for others.

    Args:
        random: of the jitter between two tries.
        feed: takes the events.
        alarm: told where a fault of ours was, and which.
        warn: told of the kind, the message and the place of what a person should know.
        timed: told how long it took.
    """

    def __init__(
        self,
        core: Core,
        exchange: Exchange,
        journal: Journal,
        clock: Clock,
        random: Random,
        *,
        feed: Callable[[Event], None],
        alarm: Callable[[str, str], None],
        warn: Callable[[str, str, str], None],
        timed: Timed = untimed,
    ) -> None:
        trading = core.trading
        self._dispatch = Dispatch(
            exchange, journal, clock, random, feed=feed, find=trading.orders.get, alarm=alarm, timed=timed
        )
        self._aside = Aside(exchange, clock, feed=feed, alarm=alarm)
        self.reader = Reader(
            exchange,
            clock,
            feed,
            wants_transfers=trading.treasury.wants_transfers,
            warn=lambda part, why: warn("reading", why, part),
            timed=timed,
        )

    def duties(self) -> dict[type[Command], Callable[[Any], object]]:
        """Return what is to be called with which command."""
        return {
            Place: self._dispatch.place,
            Cancel: self._dispatch.cancel,
            Seek: self._dispatch.seek,
            CancelOther: self._aside.cancel,
            Survey: self._aside.survey,
            Describe: self._aside.describe,
            Read: lambda command: self.reader.ask(command.since),
        }

    async def stop(self) -> None:
        """Abandon what is on its way: the journal has it as it was, and the next start looks it up."""
        await self._dispatch.stop()
        await self._aside.stop()
        await self.reader.stop()
