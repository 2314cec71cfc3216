"""Every command of core has somebody who carries it out, and whoever goes home abandons what is on its way."""

from __future__ import annotations

import asyncio

from radtui.core.commands import Cancel, CancelOther, Command, Place, Read, Seek, Survey
from radtui.core.events import BooksShown, Event, ExchangeShown, OrderSought
from radtui.engine.dispatch import ANSWER_WITHIN
from radtui.engine.errands import Errands
from radtui.venue.faults import Fault
from tests.engine.flights import SYMBOLS, Flight, Idle, fly

XBT = SYMBOLS[0]


class Sent:
    """Errands of its own on a flight's exchange, what came of them, and what was warned of."""

    def __init__(self, flight: Flight) -> None:
        self.seen: list[Event] = []
        self.alarms: list[tuple[str, str]] = []
        self.warnings: list[tuple[str, str, str]] = []
        self.errands = Errands(
            flight.core,
            flight.paper,
            flight.engine.journal,
            flight.clock,
            flight.engine._random,
            feed=self.seen.append,
            alarm=lambda where, why: self.alarms.append((where, why)),
            warn=lambda kind, why, where: self.warnings.append((kind, why, where)),
        )

    def send(self, command: Command) -> None:
        self.errands.duties()[type(command)](command)


def test_no_command_is_without_somebody_who_carries_it_out() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        assert set(flight.engine._carry) == set(Command.__subclasses__())
        assert {Place, Cancel, Seek, CancelOther, Survey, Read} <= Sent(flight).errands.duties().keys()

    fly(scenario, Idle)


def test_answers_come_back_as_events() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        sent = Sent(flight)
        for command in (Seek(XBT, "nobody-1", 0), Survey("p", (XBT,)), Read(0)):
            sent.send(command)
        await asyncio.sleep(1.0)
        assert {type(event) for event in sent.seen} == {OrderSought, BooksShown, ExchangeShown}
        assert (sent.alarms, sent.warnings) == ([], [])

    fly(scenario, Idle)


def test_a_part_of_a_reading_that_fails_is_warned_of_by_its_name() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        flight.faults.strike("fills", Fault.ERROR, seconds=60.0)
        sent = Sent(flight)
        sent.send(Read(0))
        await asyncio.sleep(1.0)
        ((kind, _, where),) = sent.warnings
        assert (kind, where) == ("reading", "fills")

    fly(scenario, Idle)


def test_after_the_stop_nothing_more_comes_of_any_of_them() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        sent = Sent(flight)
        for command in (Cancel(XBT, "t-1-1"), Seek(XBT, "t-1-2", 0), Survey("p", (XBT,)), Read(0)):
            sent.send(command)
        await asyncio.sleep(0)
        await sent.errands.stop()
        await asyncio.sleep(2 * ANSWER_WITHIN)
        assert sent.seen == []

    fly(scenario, Idle)
