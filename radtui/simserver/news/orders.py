"""The account's orders on the feed: open, match, filled, canceled and update in their order; stops apart from them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from radtui.core.order import Fill, FillKind, OrderReport
from radtui.simserver.floor import Floor, Said
from radtui.simserver.news.news import News
from radtui.simserver.push import orders as push
from radtui.simserver.push.message import Message, private
from radtui.simserver.ticket import FillNote, Ticket
from radtui.simserver.topics import ORDERS, STOPS
from radtui.venue.refusals import BALANCE

_NO_BALANCE: Final = "error.createOrder.accountBalanceInsufficient"
_FAILED: Final = "error.createOrder.rejected"


class _Told:
    """What the feed has said of one order that is not done.

    Attributes:
        lots, filled: as told last.
        rests: whether ``open`` was said.
        waits: it is a stop that has not fired.
        fires: it fired, and what came of that is not known yet.
    """

    __slots__ = ("filled", "fires", "lots", "rests", "waits")

    def __init__(self, report: OrderReport) -> None:
        self.lots = report.lots
        self.filled = 0
        self.rests = False
        self.waits = report.waits
        self.fires = False


class OrderNews:
    """Turns the venue's reports and fills into order changes.

    The venue reports an order when it accepts it and lets it meet the market after that. So ``open`` is said only at
    the end of a batch, of what still works then: an order that is filled at once sends its matches and ``filled``.
    """

    def __init__(self, floor: Floor) -> None:
        self._floor = floor
        self._told: dict[str, _Told] = {}

    def hear(self, said: Sequence[Said]) -> Iterator[News]:
        """Yield what is to be said of a batch."""
        stirred: dict[str, None] = {}
        for message in said:
            if isinstance(message, Fill):
                yield from self._fill(message)
            elif isinstance(message, OrderReport):
                order_id = self._floor.order_id(message.order_id)
                stirred[order_id] = None
                yield from self._report(order_id, message)
        for order_id in stirred:
            yield from self._settle(order_id)

    def _report(self, order_id: str, report: OrderReport) -> Iterator[News]:
        ticket = self._floor.ticket(order_id)
        if ticket is None:
            return
        told = self._told.get(order_id)
        if told is None:
            if not report.active and report.stop is None and not report.filled_lots and not report.cancelled:
                return
            told = self._told[order_id] = _Told(report)
            if told.waits:
                yield self._stop(ticket, "open")
        if told.waits and report.triggered:
            told.waits, told.fires = False, True
        if not report.active:
            yield from self._end(order_id, ticket, told, report)
        elif told.rests and report.lots != told.lots:
            yield from self._change(push.resized(ticket, told.filled, told.lots))
        told.lots = report.lots

    def _fill(self, fill: Fill) -> Iterator[News]:
        note = self._note(fill)
        if fill.kind is FillKind.LIQUIDATION or note.ticket is None:
            for message in push.liquidated(note):
                yield from self._change(message)
            return
        ticket = note.ticket
        told = self._told.setdefault(ticket.id, _Told(ticket.report))
        if told.fires:
            yield from self._fired(ticket, told)
        if fill.maker and not told.rests:
            yield from self._rest(ticket, told)
        told.filled += fill.lots
        yield from self._change(push.matched(ticket, note, told.filled))

    def _end(self, order_id: str, ticket: Ticket, told: _Told, report: OrderReport) -> Iterator[News]:
        del self._told[order_id]
        if told.waits:
            yield self._stop(ticket, "cancel")
            return
        if told.fires and report.cancelled and not told.filled:
            error = _NO_BALANCE if report.reason.startswith(BALANCE) else _FAILED
            yield self._stop(ticket, "triggered", error)
            return
        if told.fires:
            yield from self._fired(ticket, told)
        yield from self._change(push.done(ticket, told.filled))

    def _settle(self, order_id: str) -> Iterator[News]:
        """Say what an order came to at the end of a batch, if it still works."""
        told, ticket = self._told.get(order_id), self._floor.ticket(order_id)
        if told is None or ticket is None or told.waits:
            return
        if told.fires:
            yield from self._fired(ticket, told)
        if not told.rests:
            yield from self._rest(ticket, told)

    def _rest(self, ticket: Ticket, told: _Told) -> Iterator[News]:
        told.rests = True
        yield from self._change(push.opened(ticket, told.filled))

    def _fired(self, ticket: Ticket, told: _Told) -> Iterator[News]:
        told.fires = False
        yield self._stop(ticket, "triggered")

    def _change(self, data: Message) -> Iterator[News]:
        user = self._floor.user_id
        yield News(ORDERS, private(user, push.ALL, data))
        yield News(f"{ORDERS}:{data['symbol']}", private(user, push.OF_SYMBOL, data))

    def _stop(self, ticket: Ticket, kind: str, error: str = "") -> News:
        data = push.stop(ticket, kind, ticket.updated_at, error)
        return News(STOPS, private(self._floor.user_id, push.STOP, data, f"{ticket.id}{kind[0]}"))

    def _note(self, fill: Fill) -> FillNote:
        return next(note for note in reversed(self._floor.blotter.fills) if note.fill is fill)
