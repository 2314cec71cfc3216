"""The trading floor: the venue, its clock, the books kept beside it, and who listens to what it says."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from enum import StrEnum
from typing import Final

from radtui.core.account import AccountReport, PositionReport
from radtui.core.instrument import Instrument
from radtui.core.market import HOUR, MINUTE, Candle
from radtui.core.money import ZERO
from radtui.core.order import OrderReport, OrderRequest
from radtui.simserver.blotter import Blotter
from radtui.simserver.boards import Boards
from radtui.simserver.brackets import Bracket, Brackets
from radtui.simserver.dates import Dates
from radtui.simserver.deadman import Deadman
from radtui.simserver.happenings import Happening
from radtui.simserver.pricetape import PriceTape
from radtui.simserver.refusals import SUSPENDED, Refusal
from radtui.simserver.ticket import Terms, Ticket
from radtui.simserver.tokens import Tokens
from radtui.venue.chance import stream
from radtui.venue.execution import VenueMessage
from radtui.venue.refusals import VenueRefusal
from radtui.venue.risk import RiskLimit
from radtui.venue.venue import Venue

Said = VenueMessage | Happening
Listener = Callable[[Sequence[Said]], None]
"""Hears everything in the order in which it happened, after the blotter has noted it."""

_FIRST_DAY: Final = 1_500_000_000_000_000_000
_FIRST_ID: Final = 100_000_000_000_000_000
_IDS: Final = 1_000_000
"""Ids count from the start's wall time: servers started a millisecond apart share none within so many orders."""


class Status(StrEnum):
    """What the exchange lets happen."""

    OPEN = "open"
    CANCEL_ONLY = "cancelonly"
    CLOSE = "close"


class Floor:
    """Everything a request or a connection can see of the exchange.

    Args:
        now: wall clock, nanoseconds UTC.
        speed: market seconds in a wall second.
        seed: makes tokens and ids.
    """

    def __init__(self, venue: Venue, *, now: Callable[[], int], speed: float = 1.0, seed: int = 0) -> None:
        self.venue = venue
        self.speed = speed
        self.status = Status.OPEN
        self.endpoint = "ws://127.0.0.1/"
        self.user_id = f"{stream(seed, 'user'):016x}{stream(seed, 'user', 2):016x}"[:24]
        self.now = now
        self._wall0 = now()
        live = 0 <= self._wall0 - venue.now < HOUR
        self._market0 = self._wall0 if live else venue.now
        self.shift = (self._wall0 - self._market0) // MINUTE * MINUTE
        """What is added to a candle's market time on the wire: whole minutes, 0 for a market that began now."""
        self._first_id = _FIRST_ID + max(0, self._wall0 - _FIRST_DAY) // 1_000_000 * _IDS
        self.instruments = {known.symbol: known for known in venue.instruments}
        self.boards = Boards(venue, self.instruments, seed=seed, order_id=self.order_id, now=self.now, wall=self.wall)
        self.blotter = Blotter(venue.instruments, self.order_id, self.boards.trade_id)
        self.prices = PriceTape(self.instruments)
        self.dates = Dates(venue, self.wall)
        self.brackets = Brackets()
        self.deadman = Deadman()
        self.tokens = Tokens(seed)
        self.deposits: set[str] = set()
        """Business numbers of margin deposits that were carried out: a repeat changes nothing."""
        self._listeners: list[Listener] = []
        self._forming: dict[tuple[str, int], Candle] = {}
        self._forming_at = -1

    def wall(self, market: int) -> int:
        """Return when a moment of the market clock is on the wall clock, nanoseconds UTC."""
        return self._wall0 + round((market - self._market0) / self.speed)

    def settled(self, market: int) -> int:
        """Return when a past moment is told to have been: what the server itself lived through as it was dated then."""
        return self.wall(market) if market >= self._market0 else market + self.shift

    def market(self, wall: int) -> int:
        """Return when a moment of the wall clock is on the market clock."""
        return self._market0 + round((wall - self._wall0) * self.speed)

    def order_id(self, number: str) -> str:
        """Return what an order of the venue is called on the wire: 18 digits."""
        return str(self._first_id + int(number))

    def ticket(self, order_id: str) -> Ticket | None:
        """Return an order by its id on the wire."""
        return self.blotter.ticket(order_id)

    def instrument(self, symbol: str) -> Instrument | None:
        """Return a contract that trades here."""
        return self.instruments.get(symbol)

    def risk(self, symbol: str) -> RiskLimit:
        """Return the level of a contract's risk limit that is in force."""
        return self.risk_levels(symbol)[self.venue.risk_level(symbol) - 1]

    def risk_levels(self, symbol: str) -> list[RiskLimit]:
        """Return the levels of a contract's risk limit; where none are known, one that takes its largest order."""
        known = self.venue.risk_limits(symbol)
        if known:
            return known
        rules = self.instruments[symbol]
        largest = abs(rules.notional(self.venue.prices(symbol).last, rules.max_lots))
        margins = rules.initial_margin, rules.maintenance_margin
        return [RiskLimit(symbol, 1, largest, ZERO, rules.max_leverage, *margins)]

    def forming(self, symbol: str, span: int) -> Candle | None:
        """Return a contract's candle that is still open; None for a span that is not kept."""
        if self._forming_at != self.venue.now:
            self._forming = {(candle.symbol, candle.span): candle for candle in self.venue.forming()}
            self._forming_at = self.venue.now
        return self._forming.get((symbol, span))

    def listen(self, listener: Listener) -> None:
        """Let `listener` hear everything from now on."""
        self._listeners.append(listener)

    def move(self) -> None:
        """Let the market come to the present, hand out what was said, and do what fell due meanwhile."""
        self._hand_out(self.venue.advance(self.market(self.now())), self.wall)
        self.prices.take(self.venue, self.now())
        if self.deadman.is_due(self.now()):
            self._stop_dead()

    def after(self) -> None:
        """Let what was just placed meet the market, and hand out at once what came of it."""
        self.venue.match()
        at = self.now()
        self._hand_out(self.venue.drain(), lambda _: at)

    def say(self, happening: Happening) -> None:
        """Hand out something that is no message of the venue's, after what the venue said until now."""
        self.after()
        self._tell([happening])

    def place(self, request: OrderRequest, terms: Terms, bracket: Bracket | None = None) -> Ticket:
        """Accept an order and let it meet the market at once.

        Raises:
            Refusal: 300002 while placements are suspended.
            VenueRefusal: it breaks a rule.
        """
        self.check_open()
        ticket = self.blotter.open(self.venue.place(request), terms, self.now())
        if bracket is not None:
            self.brackets.add(ticket.id, bracket)
        self.after()
        return ticket

    def cancel(self, ticket: Ticket) -> None:
        """End an order.

        Raises:
            Refusal: 300002 while everything is suspended.
            VenueRefusal: it is done already.
        """
        if self.status is Status.CLOSE:
            raise Refusal(SUSPENDED)
        self.venue.cancel(ticket.report.symbol, ticket.report.client_id)
        self.after()

    def check_open(self) -> None:
        """Refuse a placement while there are none.

        Raises:
            Refusal: 300002.
        """
        if self.status is not Status.OPEN:
            raise Refusal(SUSPENDED)

    def _hand_out(self, said: Sequence[VenueMessage], stamp: Callable[[int], int]) -> None:
        while said:
            self.boards.hear(said, stamp)
            for message in said:
                self.blotter.hear(message, stamp)
                if isinstance(message, PositionReport):
                    self.dates.hear(message, stamp)
            if any(isinstance(message, AccountReport) for message in said):
                self.dates.note(stamp)
            self._tell(said)
            said = self._follow_up(said)

    def _tell(self, said: Sequence[Said]) -> None:
        for listener in self._listeners:
            listener(said)

    def _follow_up(self, said: Sequence[VenueMessage]) -> Sequence[VenueMessage]:
        """Place and cancel the protective orders that what was said calls for, and return what that said."""
        changed = False
        for message in said:
            if isinstance(message, OrderReport):
                changed |= self._bracket(message)
        if not changed:
            return ()
        self.venue.match()
        return self.venue.drain()

    def _bracket(self, report: OrderReport) -> bool:
        order_id = self.order_id(report.order_id)
        placed = False
        for request in self.brackets.protect(order_id, report):
            placed |= self._protect(order_id, request)
        for other in self.brackets.release(order_id, report):
            placed |= self._withdraw(other)
        return placed

    def _protect(self, order_id: str, request: OrderRequest) -> bool:
        try:
            report = self.venue.place(request)
        except VenueRefusal:
            return False  # a stop limit is reached or the position is gone: the entry stands without it, as there
        entry = self.blotter.ticket(order_id)
        terms = Terms(leverage=entry.terms.leverage if entry is not None else "1")
        ticket = self.blotter.open(report, terms, self.now())
        self.brackets.pair(order_id, ticket.id)
        return True

    def _withdraw(self, order_id: str) -> bool:
        ticket = self.blotter.ticket(order_id)
        if ticket is None or ticket.done:
            return False
        self.venue.cancel(ticket.report.symbol, ticket.report.client_id)
        return True

    def _stop_dead(self) -> None:
        """Cancel everything the dead man's switch names, stops included: nobody answered in time."""
        symbols = self.deadman.fire()
        for ticket in self.blotter.working():
            if not symbols or ticket.report.symbol in symbols:
                self.venue.cancel(ticket.report.symbol, ticket.report.client_id)
        self.after()
