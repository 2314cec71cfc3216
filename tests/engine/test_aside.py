"""Books and cancels beside our own orders: nothing waits for them, and no fault of theirs goes further."""

from __future__ import annotations

import asyncio
from decimal import Decimal

import pytest

from radtui.core.book import BookShown
from radtui.core.commands import CancelOther, Describe, Survey
from radtui.core.events import BooksShown, Described, Event
from radtui.core.order import OrderRequest, OrderType, Side
from radtui.engine.aside import BOOK_WITHIN, RULES_WITHIN, Aside
from radtui.exchange.paper import PaperExchange
from radtui.resilience.failures import BreakerOpen
from radtui.venue.faults import Fault
from tests.engine.flights import SYMBOLS, Flight, Idle, fly


class Eye:
    """Hears what it says."""

    def __init__(self, flight: Flight) -> None:
        self.seen: list[Event] = []
        self.alarms: list[str] = []
        self.aside = Aside(flight.paper, flight.clock, feed=self.seen.append, alarm=self._alarm)

    @property
    def books(self) -> tuple[BookShown, ...]:
        (shown,) = self.seen
        assert isinstance(shown, BooksShown)
        assert shown.id == "p"
        return shown.books

    def _alarm(self, _: str, why: str) -> None:
        self.alarms.append(why)


def test_books_are_read_and_shown_together() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        eye.aside.survey(Survey("p", SYMBOLS))
        await asyncio.sleep(0.5)
        assert [book.symbol for book in eye.books] == list(SYMBOLS)
        for book in eye.books:
            assert book.bids[0].price < book.asks[0].price
            assert list(book.found_by(Side.BUY)) == sorted(book.asks, key=lambda level: level.price)
            assert list(book.found_by(Side.SELL)) == sorted(book.bids, key=lambda level: -level.price)

    fly(scenario, Idle)


@pytest.mark.parametrize(
    ("fault", "why"), [(Fault.ERROR, "the connection broke"), (Fault.TIMEOUT_BEFORE, "was not read within 1 s")]
)
def test_a_book_that_cannot_be_read_says_why_and_holds_nothing_up(fault: Fault, why: str) -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        flight.faults.strike("book", fault, seconds=60.0)
        eye.aside.survey(Survey("p", SYMBOLS))
        await flight.until(lambda: eye.seen, within=BOOK_WITHIN + 0.1)
        first, second = eye.books
        assert why in first.failing
        assert (first.bids, first.asks, second.failing) == ((), (), "")

    fly(scenario, Idle)


class Broken(PaperExchange):
    """Has a fault in its books."""

    async def book(self, symbol: str) -> BookShown:
        raise KeyError(symbol)


def test_an_open_breaker_costs_the_books_and_is_not_taken_for_one_that_holds_up_a_stop(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def refused(symbol: str) -> BookShown:
        raise BreakerOpen("the breaker 'futures' is open: nothing was sent; tried again in 48 s.", again_in=48.0)

    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        monkeypatch.setattr(flight.paper, "book", refused)
        eye.aside.survey(Survey("p", SYMBOLS))
        await asyncio.sleep(0.5)
        said = {book.failing for book in eye.books}
        assert said == {"no book is read while a breaker is open; cancels and closes are sent all the same"}
        assert eye.alarms == []

    fly(scenario, Idle)


def test_a_fault_of_ours_costs_one_book() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        eye.aside.survey(Survey("p", SYMBOLS[:1]))
        await flight.until(lambda: eye.seen, within=1.0)
        assert eye.books[0].failing == "its book could not be read: KeyError"
        assert len(eye.alarms) == 1

    fly(scenario, Idle, exchange=Broken)


def test_an_order_is_cancelled_by_its_order_id_and_a_failure_is_told() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        price = Decimal(int(flight.core.trading.positions.marks[SYMBOLS[0]] / 2))
        asked = OrderRequest(
            client_id="x-1", symbol=SYMBOLS[0], side=Side.BUY, type=OrderType.LIMIT, lots=1, price=price, leverage=3
        )
        order_id = flight.venue.place(asked).order_id
        eye = Eye(flight)
        eye.aside.cancel(CancelOther(SYMBOLS[0], order_id))
        await asyncio.sleep(0.5)
        assert not flight.venue.open_orders()
        assert eye.alarms == []
        eye.aside.cancel(CancelOther(SYMBOLS[0], order_id))
        await asyncio.sleep(0.5)
        assert len(eye.alarms) == 1

    fly(scenario, Idle)


def test_a_contract_is_described_and_only_a_definite_no_says_that_there_is_none() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        eye.aside.describe(Describe(SYMBOLS[0]))
        await flight.until(lambda: len(eye.seen) == 1, within=1.0)
        eye.aside.describe(Describe("LUNAUSDTM"))
        await flight.until(lambda: len(eye.seen) == 2, within=1.0)
        flight.faults.strike("contracts", Fault.TIMEOUT_BEFORE, seconds=60.0)
        eye.aside.describe(Describe(SYMBOLS[0]))
        await flight.until(lambda: len(eye.seen) == 3, within=RULES_WITHIN + 0.1)
        told = [each for each in eye.seen if isinstance(each, Described)]
        assert [each.instrument and each.instrument.symbol for each in told] == [SYMBOLS[0], None, None]
        assert [each.unlisted for each in told] == [False, True, False]
        assert "LUNAUSDTM" in told[1].why
        assert "not read within 5 s" in told[2].why

    fly(scenario, Idle)


def test_what_is_on_its_way_is_abandoned_at_the_end() -> None:
    async def scenario(flight: Flight) -> None:
        await flight.ready()
        eye = Eye(flight)
        flight.faults.strike("book", Fault.TIMEOUT_BEFORE, seconds=60.0)
        eye.aside.survey(Survey("p", SYMBOLS[:1]))
        await asyncio.sleep(0.1)
        await eye.aside.stop()
        await asyncio.sleep(2.0)
        assert eye.seen == []

    fly(scenario, Idle)
