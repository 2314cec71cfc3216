"""Emergency stop: halt, cancel entries, close, read back flat, only then cancel the stops (row L9).

It is driven by what the exchange shows, not by what was sent: each reading is compared with "nothing of ours is left"
and whatever is left is asked for again. So it may be interrupted, repeated, begun in any state, and it never gives up.
What is not ours stays, unless the operator asked for that too; then each order and position of it is named one by one.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from radtui.core.account import PositionReport
from radtui.core.commands import CancelOther
from radtui.core.desk import Desk
from radtui.core.events import ExchangeShown
from radtui.core.insistence import Insistence
from radtui.core.instruction import Instruction
from radtui.core.market import SECOND
from radtui.core.order import OrderReport
from radtui.core.orders import Purpose
from radtui.core.outcome import Cancelled, by_report
from radtui.core.shown import Shown, reduces, say_order, say_position, sort_out
from radtui.core.stopping_view import FlattenView
from radtui.core.trading import Trading

_AGAIN: Final = 2 * SECOND
"""A cancel by the exchange's own id is repeated this much later while the order is still shown."""


class Phase(StrEnum):
    """What the flatten is waiting for."""

    CANCELLING = "cancelling entries"
    CLOSING = "closing positions"
    UNSTOPPING = "cancelling stops"
    FLAT = "flat"


class Flatten:
    """One flatten, from its order to "the exchange shows nothing of ours".

    Attributes:
        shown: the last reading, sorted; None before the first.
        others: orders that our books do not know as live and that were cancelled by their order id.
    """

    def __init__(self, desk: Desk, trading: Trading, instruction: Instruction) -> None:
        self._desk = desk
        self._trading = trading
        self._orders = trading.orders
        self._insistence = Insistence(desk, instruction.ask)
        self.instruction = instruction
        self.everything = False
        self.phase = Phase.CANCELLING
        self.attempts = 0
        self.shown: Shown | None = None
        self.others: dict[str, Cancelled] = {}
        self._dropped_at: dict[str, int] = {}
        self._asked_at = desk.at
        self._withdraw()

    def join(self, instruction: Instruction) -> None:
        """Take one more instruction: a reading counts for it only from now on."""
        self._asked_at = self._desk.at
        self._insistence.look_now(self._trading.read_since)
        self.everything = self.everything or instruction.foreign

    def tick(self) -> None:
        """Ask for a reading when the last one is old enough, and close without waiting for it."""
        self._insistence.look(self._trading.read_since)
        self._close()
        self._trading.tallies.forget(self._orders.get)
        self._insistence.complain(self.waiting)

    @property
    def waiting(self) -> tuple[str, ...]:
        """What is in the way, a line each; empty where the exchange shows nothing of ours."""
        if self.shown is None:
            return ("nothing was read yet",)
        return tuple(f"{self.phase}: {line}" for line in self._remaining())

    @property
    def failing(self) -> str:
        """Why the exchange could not be read last; empty when it could."""
        return self._insistence.failing

    def failed(self, reason: str) -> None:
        """Note that the exchange could not be read: the flatten goes on trying."""
        self._insistence.failed(reason)

    def take(self, seen: ExchangeShown) -> bool:
        """Compare a reading with "nothing left" and act; return True once it shows just that."""
        self._insistence.heard()
        self.attempts += 1
        self.shown = sort_out(seen.begun, seen.orders, seen.positions, own=self._own, held=self._trading.holds)
        if seen.begun < self._asked_at or seen.begun <= self._orders.traded_at:
            return False
        self.phase = self._act(self.shown)
        flat = self.phase is Phase.FLAT
        return self._insistence.counted(fine=flat, uncounted=self._orders.uncounted())

    def view(self) -> FlattenView:
        """Return what a person should see of it."""
        return FlattenView(
            phase=self.phase,
            since=self._insistence.since,
            attempts=self.attempts,
            remaining=self._remaining(),
            failing=self._insistence.failing,
        )

    def beyond_reach(self) -> tuple[str, ...]:
        """Return what should have been closed and cannot be, a line each with the reason."""
        unlisted = self._trading.reconciler.rules.unlisted
        theirs = self.shown.foreign_positions if self.shown is not None and self.everything else ()
        return tuple(
            f"{say_position(position)} is not ours and cannot be closed from here: {unlisted[position.symbol]}"
            for position in theirs
            if position.symbol in unlisted
        )

    def _withdraw(self) -> None:
        for order in self._orders.live(Purpose.ENTRY):
            self._orders.cancel(order)

    def _act(self, shown: Shown) -> Phase:
        theirs = shown.foreign_orders if self.everything else ()
        entries = [order for order in (*shown.orders, *shown.stops, *theirs) if not reduces(order)]
        if entries or self._orders.live(Purpose.ENTRY):
            self._withdraw()
            self._drop(entries)
            self._close()  # what is open never waits for an entry of unknown fate
            return Phase.CANCELLING
        if self._held_still(shown):
            self._close()
            return Phase.CLOSING
        left = (*shown.orders, *shown.stops, *theirs)
        if left or self._orders.live():
            for order in self._orders.live():
                self._orders.cancel(order)
            self._drop(left)
            return Phase.UNSTOPPING
        return Phase.FLAT

    def _held_still(self, shown: Shown) -> bool:
        """Return whether something is open that must close; what is foreign is taken over first, if that was asked."""
        theirs, reconciler = self._theirs(shown), self._trading.reconciler
        for position in theirs:
            reconciler.adopt(position)
        return bool(shown.positions or theirs or self._trading.positions.open) or reconciler.doubtful

    def _theirs(self, shown: Shown) -> list[PositionReport]:
        """Return what is not ours and must close too; not what the exchange has no contract for."""
        unlisted = self._trading.reconciler.rules.unlisted
        theirs = shown.foreign_positions if self.everything else ()
        return [position for position in theirs if position.symbol not in unlisted]

    def _remaining(self) -> tuple[str, ...]:
        """Return what is still there of all that must go, a line each."""
        if self.shown is None:
            return ()
        theirs = self.shown.foreign_orders if self.everything else ()
        return (*self.shown.ours(), *map(say_order, theirs), *map(say_position, self._theirs(self.shown)))

    def _close(self) -> None:
        """Close what we know of, with or without a reading: a close of what is closed already is only refused.

        What only an earlier life's journal knows may be a stranger's by now: for that one reading is waited for, and
        where it fails, not even that.
        """
        exits = self._trading.exits
        if not exits.awake and not self._insistence.failing:
            return
        for symbol, position in list(self._trading.positions.open.items()):
            if position.lots:
                exits.close(symbol, self.instruction.ask)
        self._trading.tallies.refer(self._orders.live(Purpose.EXIT), self._trading.positions, self._desk.at)

    def _drop(self, orders: Iterable[OrderReport]) -> None:
        """Cancel by the exchange's own id what our books do not know as live: theirs, or ours that was lost."""
        for report in orders:
            own = self._orders.get(report.client_id)
            if own is not None and not own.done:
                continue  # it is cancelled by our id, until the exchange says that it is
            if self._desk.at - self._dropped_at.get(report.order_id, -_AGAIN) >= _AGAIN:
                self._dropped_at[report.order_id] = self._desk.at
                self.others[report.order_id] = by_report(report, own=self._own(report))
                self._desk.order(CancelOther(report.symbol, report.order_id))

    def _own(self, order: OrderReport) -> bool:
        return self._desk.ids.own(order.client_id)
