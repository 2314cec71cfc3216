"""Coming to rest with positions kept (stop, shutdown): first by our own books, then as the exchange shows it (row L8).

At rest means: no entry of ours is working or may still come, every position of ours has its own stop resting on the
exchange, read back there by its client id, and no stop of ours rests for a position that is gone. It counts only by a
reading that began after the instruction and after the last of our orders that could have changed a position.
"""

from __future__ import annotations

from radtui.core.account import PositionReport
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.insistence import Insistence
from radtui.core.order import OrderReport
from radtui.core.orders import Order, Purpose
from radtui.core.shown import Shown, reduces, say_order, say_position, sort_out
from radtui.core.trading import Trading
from radtui.core.words import counted


class Rest:
    """Knows what is still in the way.

    Attributes:
        shown: the last reading, sorted; None while none began since the instruction.
        waiting: what was in the way when somebody last asked.
    """

    def __init__(self, desk: Desk, trading: Trading) -> None:
        self._desk = desk
        self._trading = trading
        self._asked_at = 0
        self.shown: Shown | None = None
        self.waiting: tuple[str, ...] = ()
        self.insistence = Insistence(desk, "stop")

    def begin(self, *, anew: bool) -> None:
        """Take an instruction: only a reading from now on counts; `anew` where none was on its way."""
        if anew:
            self.insistence = Insistence(self._desk, "stop")
        self._asked_at, self.shown = self._desk.at, None
        self.insistence.look_now(self._trading.read_since)

    def tick(self) -> None:
        """See that the exchange is being read."""
        self.insistence.look(self._trading.read_since)

    def take(self, seen: ExchangeShown) -> None:
        """Take a reading, once the books have."""
        self.insistence.heard()
        if seen.begun >= self._asked_at:
            self.shown = sort_out(seen.begun, seen.orders, seen.positions, own=self._own, held=self._trading.holds)

    def lacking(self, *, cycling: bool) -> tuple[str, ...]:
        """Return what is in the way, a line each; nothing once the bot is at rest."""
        found = self._unsettled(cycling=cycling) or self._unlike_the_books()
        orders = self._trading.orders
        if not self.insistence.counted(fine=not found, uncounted=orders.uncounted()):
            found = found or tuple(f"{_line(order)}: its fills could not be read yet" for order in orders.untold())
        self.waiting = found
        return found

    @property
    def unreached(self) -> bool:
        """Whether the exchange was never read in this run, and by our books nothing of ours can be there."""
        trading = self._trading
        return not trading.reconciler.readings and not trading.orders.live() and not trading.positions.open

    def _unsettled(self, *, cycling: bool) -> tuple[str, ...]:
        moving = [order for order in self._trading.orders.live() if not self._protects(order)]
        lines = tuple(f"{_line(order)}: {order.state}" for order in moving)
        return (*lines, "a cycle is in hand") if cycling else lines

    def _protects(self, order: Order) -> bool:
        held = self._trading.positions.open.get(order.symbol)
        stands = order.resting and not order.cancelling and not order.filled_lots
        return order.purpose is Purpose.STOP and stands and held is not None and bool(held.lots)

    def _unlike_the_books(self) -> tuple[str, ...]:
        shown = self.shown
        if shown is not None and shown.begun > self._trading.orders.traded_at:
            return self._differences(shown)
        why = self.insistence.failing
        return ("the exchange was not read since" + (f": {why}" if why else ""),)

    def _differences(self, shown: Shown) -> tuple[str, ...]:
        lines = [f"{say_order(order)} is still there" for order in shown.orders]
        lines += [f"{say_order(order)} is still there" for order in shown.stops if not self._wanted(order)]
        lines += [line for position in shown.positions if (line := self._unlike(position, shown))]
        there = {position.symbol for position in shown.positions}
        books = self._trading.positions.open
        lines += [
            f"{symbol}: we knew {counted(held.lots, 'lot')}, the exchange shows none"
            for symbol, held in books.items()
            if symbol not in there
        ]
        if self._trading.reconciler.doubtful:
            lines.append("a position differs from what we knew and is being read again")
        return tuple(lines)

    def _unlike(self, position: PositionReport, shown: Shown) -> str:
        held = self._trading.positions.open.get(position.symbol)
        if held is None or held.lots != position.lots:
            return f"{say_position(position)}: we knew {counted(held.lots if held else 0, 'lot')}"
        stops = [stop for stop in shown.stops if stop.symbol == position.symbol and self._wanted(stop)]
        if any(stop.side is held.closing_side for stop in stops):
            return ""
        return f"{say_position(position)}: NO STOP of ours on the exchange"

    def _wanted(self, stop: OrderReport) -> bool:
        """Return whether a stop that is shown is one that our books want there."""
        order = self._trading.orders.get(stop.client_id)
        return order is not None and self._protects(order) and reduces(stop)

    def _own(self, order: OrderReport) -> bool:
        return self._desk.ids.own(order.client_id)


def _line(order: Order) -> str:
    return f"{order.symbol} {order.purpose} {order.request.side} ({order.client_id})"
