"""The exchange's own books: a ticket for every order and a note for every fill, as far back as clients may ask."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Final

from radtui.core.instrument import Instrument
from radtui.core.order import Fill, OrderReport, PositionSide
from radtui.simserver.ticket import FillNote, Terms, Ticket

KEPT_TICKETS: Final = 20_000
KEPT_FILLS: Final = 50_000

Stamp = Callable[[int], int]
"""Turns the market clock of a message into wall-clock nanoseconds."""


class Blotter:
    """Hears what the venue says and keeps what clients ask for later.

    Args:
        name: turns the venue's number of an order into its id on the wire.
        trade_id: gives a fill its id on the wire.
    """

    def __init__(
        self, instruments: Iterable[Instrument], name: Callable[[str], str], trade_id: Callable[[Fill], str]
    ) -> None:
        self._instruments: Mapping[str, Instrument] = {known.symbol: known for known in instruments}
        self._name, self._trade_id = name, trade_id
        self._tickets: dict[str, Ticket] = {}
        self._by_client: dict[str, Ticket] = {}
        self._working: dict[str, Ticket] = {}
        self._held: dict[tuple[str, PositionSide], int] = {}
        self.fills: deque[FillNote] = deque(maxlen=KEPT_FILLS)
        """Oldest first."""

    def open(self, report: OrderReport, terms: Terms, at: int) -> Ticket:
        """Write the ticket of an order that was just accepted."""
        ticket = Ticket(id=self._name(report.order_id), report=report, terms=terms, created_at=at, updated_at=at)
        self._tickets[ticket.id] = ticket
        self._by_client[report.client_id] = ticket
        self._working[ticket.id] = ticket
        self._forget()
        return ticket

    def hear(self, message: object, stamp: Stamp) -> None:
        """Take note of one message of the venue."""
        if isinstance(message, OrderReport):
            self._report(message, stamp)
        elif isinstance(message, Fill):
            self._fill(message, stamp)

    def ticket(self, order_id: str) -> Ticket | None:
        """Return an order by its id on the wire."""
        return self._tickets.get(order_id)

    def by_client(self, client_id: str) -> Ticket | None:
        """Return an order by its client's id."""
        return self._by_client.get(client_id)

    def working(self) -> list[Ticket]:
        """Return what is not done, newest first."""
        return list(self._working.values())[::-1]

    def done(self) -> list[Ticket]:
        """Return what is done, newest first."""
        return [ticket for ticket in reversed(self._tickets.values()) if ticket.done]

    def fills_of(self, order_id: str) -> Iterator[FillNote]:
        """Return the fills of one order, oldest first."""
        return (note for note in self.fills if note.order_id == order_id)

    def fill(self, trade_id: str) -> FillNote | None:
        """Return the note of one of the latest fills by the venue's number of it."""
        return next((note for note in reversed(self.fills) if note.fill.trade_id == trade_id), None)

    def _report(self, report: OrderReport, stamp: Stamp) -> None:
        ticket = self._tickets.get(self._name(report.order_id))
        if ticket is None:
            ticket = self.open(report, Terms(), stamp(report.created_at))
        changed = ticket.report != report
        ticket.report = report
        if changed:
            ticket.updated_at = max(ticket.created_at, stamp(report.updated_at))
        if not report.active and ticket.ended_at is None:
            ticket.ended_at = ticket.updated_at = max(ticket.updated_at, stamp(report.updated_at))
            self._working.pop(ticket.id, None)

    def _fill(self, fill: Fill, stamp: Stamp) -> None:
        instrument = self._instruments[fill.symbol]
        order_id = self._name(fill.order_id)
        ticket = self._tickets.get(order_id)
        at = stamp(fill.at)
        self.fills.append(
            FillNote(
                id=self._trade_id(fill),
                order_id=order_id,
                fill=fill,
                at=max(at, ticket.created_at) if ticket else at,
                closing=self._close(fill),
                value=abs(instrument.notional(fill.price, fill.lots)),
                fee_rate=instrument.maker_fee if fill.maker else instrument.taker_fee,
                ticket=ticket,
            )
        )

    def _close(self, fill: Fill) -> int:
        """Book the fill's lots and return how many of them closed."""
        key = fill.symbol, fill.position_side
        held = self._held.get(key, 0)
        self._held[key] = held + fill.signed_lots
        opposite = held * fill.signed_lots < 0
        return min(abs(held), fill.lots) if opposite else 0

    def _forget(self) -> None:
        """Drop the oldest done tickets; working ones stay."""
        while len(self._tickets) - len(self._working) > KEPT_TICKETS:
            oldest = next(ticket for ticket in self._tickets.values() if ticket.done)
            del self._tickets[oldest.id]
            self._by_client.pop(oldest.report.client_id, None)
