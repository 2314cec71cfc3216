"""An engine and its journal part: another engine took it over, or a backup took its place."""

from __future__ import annotations

import asyncio
from copy import deepcopy

import msgspec
import pytest

from radtui.core.facts import Found, Trouble
from radtui.core.instruction import Ask
from radtui.store.kept import Kept
from radtui.store.memory import MemoryJournal
from tests.engine.flights import Bot, Buyer, Flight, Turner, fly


def test_an_engine_whose_journal_was_taken_over_enters_no_more_says_so_and_still_closes() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.hold()
        flight.bot.journal.rival()
        entries = len(flight.entries())
        await flight.until(lambda: not flight.venue.positions(), 400)
        await asyncio.sleep(400.0)
        assert {order.state for order in flight.entries()[entries:]} <= {"rejected"}
        assert not flight.venue.positions()
        said = [each for each in flight.facts(Trouble) if each.kind == "journal"]
        assert any("Another engine took this journal over" in each.message for each in said), said
        assert any("took this journal over" in notice for notice in flight.engine.snapshot().notices)
        assert "the journal cannot be written" in flight.engine.snapshot().status.reasons

    fly(scenario, Turner, chunk=1.0)


def test_who_had_the_journal_before_and_seems_to_be_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    known = MemoryJournal.known
    monkeypatch.setattr(
        MemoryJournal, "known", lambda journal: msgspec.structs.replace(known(journal), taken_from="pid 7 on beta")
    )

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        (said,) = [each for each in flight.facts(Trouble) if each.kind == "journal"]
        assert (said.severity, "pid 7 on beta" in said.message) == ("warning", True)

    fly(scenario, Buyer)


class BackedUp(Bot):
    """A bot on an exchange that outlives it, whose journal is copied and put back."""

    backup: Kept

    def back_up(self) -> None:
        writer, self.journal._kept.writer = self.journal._kept.writer, None  # it lives in a loop, which nobody copies
        self.backup = deepcopy(self.journal._kept)
        self.journal._kept.writer = writer

    def restore(self) -> None:
        self.journal.crash()
        self.journal = MemoryJournal(latency=self.latency, kept=self.backup)


@pytest.mark.parametrize(
    "flown_on", [65.0, *(pytest.param(seconds, marks=pytest.mark.long) for seconds in (1.0, 400.0))]
)
@pytest.mark.parametrize("ending", ["kill", "shutdown"])
def test_a_restored_journal_that_is_older_than_the_truth_is_brought_up_to_it(flown_on: float, ending: str) -> None:
    bot = BackedUp(Turner, outlives=True, chunk=1.0)

    async def first(flight: Flight) -> None:
        await flight.hold()
        bot.back_up()
        await asyncio.sleep(flown_on)
        if ending == "shutdown":
            await flight.ask(Ask.SHUTDOWN)

    async def second(flight: Flight) -> None:
        await flight.ready()
        await asyncio.sleep(200.0)
        await flight.calm()
        matches_the_exchange(flight)

    bot.live(first)
    sent = set(bot.arrived)
    bot.crash(5.0)
    bot.restore()
    bot.live(second)
    assert sent < set(bot.arrived), "it traded on, under ids that were never used"
    assert set(bot.arrived.values()) == {1}


def matches_the_exchange(flight: Flight) -> None:
    """Compare what is open; the money of trades that only the lost notes knew is at least told."""
    resting, trading = flight.venue.open_orders(), flight.core.trading
    shown = {position.symbol: position.lots for position in flight.venue.positions()}
    assert {symbol: held.lots for symbol, held in trading.positions.open.items()} == shown
    assert {order.symbol for order in resting if order.waits and order.close_order} == shown.keys()
    assert {order.client_id for order in trading.orders.live()} == {order.client_id for order in resting}
    assert not trading.orders.unsettled
    assert not flight.bot.premature, "sent before recovery"
    if flight.engine.snapshot().money.identity:
        assert any("look at the account" in each.done for each in flight.facts(Found) if each.kind == "balance")
