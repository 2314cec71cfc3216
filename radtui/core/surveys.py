"""Previews that wait for the order books they are worked out on; nothing else ever waits for them (row L9)."""

from __future__ import annotations

from typing import Final

from radtui.core.account import PositionReport
from radtui.core.commands import Answer, Survey
from radtui.core.desk import Desk
from radtui.core.events import BooksShown, ExchangeShown
from radtui.core.instruction import ExitPolicy, Instruction, Receipt
from radtui.core.instrument import Instrument
from radtui.core.leftover import leftover
from radtui.core.orders import Order, Purpose
from radtui.core.outcome import by_report
from radtui.core.preview import Closing, Preview, closing, total, unknown
from radtui.core.shown import Shown, say_position, sort_out
from radtui.core.tallies import to_cancel
from radtui.core.trading import Trading

_AT_ONCE: Final = 16
"""Previews that wait at most; an older one whose books never came is forgotten."""


class Surveys:
    """Asks for books and answers with previews.

    Attributes:
        seen: the latest reading of the exchange.
    """

    def __init__(self, desk: Desk, trading: Trading) -> None:
        self._desk = desk
        self._trading = trading
        self._waiting: dict[str, Instruction] = {}
        self.seen: ExchangeShown | None = None

    def ask(self, instruction: Instruction) -> None:
        """Have the books read of whatever would be closed."""
        self._waiting[instruction.id] = instruction
        if len(self._waiting) > _AT_ONCE:
            del self._waiting[next(iter(self._waiting))]
        closing = [] if instruction.exits is ExitPolicy.KEEP else self._lots(instruction)
        closes = tuple(sorted({rules.symbol for rules, _ in closing}))
        self._desk.order(Survey(instruction.id, closes))

    def take(self, event: BooksShown) -> None:
        """Answer with what would be done now; books that nobody waits for any more say nothing."""
        instruction = self._waiting.pop(event.id, None)
        if instruction is None:
            return
        receipt = Receipt(
            id=instruction.id,
            ask=instruction.ask,
            success=True,
            message="Preview: nothing was done",
            status="preview",
            at=self._desk.at,
            who=instruction.who,
            preview=self._preview(instruction, event),
        )
        self._desk.order(Answer(receipt))

    def _preview(self, instruction: Instruction, event: BooksShown) -> Preview:
        trading, shown = self._trading, self._shown()
        live = trading.orders.live()
        keeps = instruction.exits is ExitPolicy.KEEP
        closes = () if keeps else self._closes(instruction, event)
        others = shown.foreign_orders if instruction.foreign and not keeps else ()
        return Preview(
            at=self._desk.at,
            read_at=shown.begun,
            cancels=tuple(to_cancel(order) for order in live if _withdrawn(order)),
            closes=closes,
            keeps=leftover(trading.orders, trading.positions).positions if keeps else (),
            stops=() if keeps else tuple(to_cancel(order) for order in live if order.purpose is Purpose.STOP),
            others=tuple(map(by_report, others)),
            foreign=shown.foreign() if not others and not instruction.foreign else (),
            cost=total(closes),
            unknown=unknown(closes) + (() if keeps else self._unestimated(instruction)),
        )

    def _closes(self, instruction: Instruction, event: BooksShown) -> tuple[Closing, ...]:
        books = {book.symbol: book for book in event.books}
        marks = self._trading.positions.marks
        return tuple(
            closing(rules, lots, marks.get(rules.symbol), books.get(rules.symbol))
            for rules, lots in sorted(self._lots(instruction), key=lambda each: (each[0].symbol, each[1]))
        )

    def _lots(self, instruction: Instruction) -> list[tuple[Instrument, int]]:
        """Return contract and signed lots of whatever would be closed, as far as the contract is known."""
        lots = [(held.instrument, held.lots) for held in self._trading.positions.open.values() if held.lots]
        theirs = ((self._rules(each), each.lots) for each in self._theirs(instruction))
        return lots + [(rules, size) for rules, size in theirs if rules is not None]

    def _unestimated(self, instruction: Instruction) -> tuple[str, ...]:
        """Return what would be closed too, if it can be, and of which nothing more is known yet, a line each."""
        unruled = [each for each in self._theirs(instruction) if self._rules(each) is None]
        unlisted = self._trading.reconciler.rules.unlisted
        return tuple(
            f"{say_position(each)}: {unlisted.get(each.symbol, 'its contract is not traded here and is being read')}"
            for each in unruled
        )

    def _theirs(self, instruction: Instruction) -> tuple[PositionReport, ...]:
        return self._shown().foreign_positions if instruction.foreign else ()

    def _rules(self, position: PositionReport) -> Instrument | None:
        return self._trading.reconciler.rules.need(position.symbol)

    def _shown(self) -> Shown:
        seen = self.seen
        if seen is None:
            return Shown(begun=0)
        own, held = self._desk.ids.own, self._trading.holds
        return sort_out(seen.begun, seen.orders, seen.positions, own=lambda each: own(each.client_id), held=held)


def _withdrawn(order: Order) -> bool:
    """Return whether a stop cancels an order at once: it could open a position, or waits to close one at a price."""
    return order.purpose is Purpose.ENTRY or (order.purpose is Purpose.EXIT and order.request.may_rest)
