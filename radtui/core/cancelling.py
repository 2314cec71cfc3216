"""An operator's cancel of one order, answered once the exchange has shown what became of it.

Cancelled is what could open a position, and what waits to close one at a price of its own.
"""

from __future__ import annotations

from radtui.core.answers import Answers
from radtui.core.commands import Remember
from radtui.core.desk import Desk
from radtui.core.instruction import Ask, Instruction
from radtui.core.orders import Order, OrderState, Purpose
from radtui.core.own_orders import OwnOrders
from radtui.core.tallies import to_cancel
from radtui.core.winding import Asked

UNKNOWN = "No order of ours is known by that id"


class Cancelling:
    """Cancels, and answers. What protects or closes a position is not cancelled: it would only be asked for again.

    Args:
        pending: the instructions that wait, by id; shared with whoever keeps them over a restart.
    """

    def __init__(self, desk: Desk, orders: OwnOrders, answers: Answers, pending: dict[str, Asked]) -> None:
        self._desk = desk
        self._orders = orders
        self._answers = answers
        self._pending = pending

    def ask(self, instruction: Instruction) -> None:
        """Cancel the order that the instruction names by our id or by the exchange's, or say why not."""
        order = self._find(instruction.subject)
        if order is None:
            self._answers.refuse(instruction, UNKNOWN)
        elif order.done:
            self._answers.no(instruction, f"The order is done already: {_fate(order)}")
        elif order.purpose is not Purpose.ENTRY and not (order.purpose is Purpose.EXIT and order.request.may_rest):
            why = "protects a position" if order.purpose is Purpose.STOP else "closes a position"
            self._answers.refuse(instruction, f"The order {why}: only entries are cancelled by hand")
        else:
            self.take_up(Asked(instruction, self._desk.at))
            self._orders.cancel(order)
            self._desk.order(Remember())  # whoever waits finds their receipt also after a crash

    def take_up(self, asked: Asked) -> None:
        """Wait for what becomes of an order that is being cancelled, also by an earlier run."""
        self._pending[asked.instruction.id] = asked

    def settle(self) -> None:
        """Answer those whose order is done."""
        for asked in [each for each in self._pending.values() if each.instruction.ask is Ask.CANCEL_ORDER]:
            order = self._find(asked.instruction.subject)
            if order is None or order.done:
                del self._pending[asked.instruction.id]
                self._answer(asked.instruction, order)

    def _answer(self, instruction: Instruction, order: Order | None) -> None:
        if order is None:
            self._answers.refuse(instruction, UNKNOWN)
        elif order.state is OrderState.FILLED:
            self._answers.no(instruction, f"The order was filled before the cancel came: {_fate(order)}")
        else:
            self._answers.cancelled(instruction, f"Order cancelled: {_fate(order)}", to_cancel(order))

    def _find(self, subject: str) -> Order | None:
        known = self._orders.get(subject)
        if known is not None or not subject:
            return known
        return next((order for order in self._orders.all() if order.order_id == subject), None)


def _fate(order: Order) -> str:
    return f"{order.filled_lots} of {order.lots} lots filled, {order.state}"
