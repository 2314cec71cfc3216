"""At most one accepted order per intent, and none that was not noted first (promise 1)."""

from __future__ import annotations

from radtui.core.facts import AnyFact, OrderChanged
from radtui.core.order import OrderReport
from radtui.core.orders import OrderState, Purpose
from radtui.simserver.explore.checks import Check, Placement, Scene


class OneOrderPerIntent(Check):
    """What reaches the exchange was intended, an entry's note is durable, and no word about an order is taken back."""

    name = "one order per intent"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._states: dict[str, OrderState] = {}
        self._entries: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def heard(self, fact: AnyFact) -> None:
        """Note what the engine says of its orders."""
        if not isinstance(fact, OrderChanged):
            return
        order = fact.order
        self._states[order.client_id] = order.state
        if order.purpose is Purpose.ENTRY:
            self._entries[order.client_id] = order.symbol
        if order.state is OrderState.REJECTED and order.client_id in self._taken:
            self.broken(f"{order.client_id} was taken for rejected ({order.error}), and the exchange has it")

    def placing(self, placement: Placement) -> None:
        """An order arrives: is it ours to send?"""
        client_id = placement.client_id
        if client_id in self._taken:
            return  # it arrives a second time, and is refused
        if client_id not in self._states:
            self.broken(f"{client_id} ({placement.symbol}) reached the exchange and was never intended")
        elif not placement.reduces and client_id not in self.scene.disk.noted:
            self.broken(f"the entry {client_id} reached the exchange before its intent was durable")
        elif not placement.reduces:
            self._alone(placement)

    def accepted(self, report: OrderReport) -> None:
        """The exchange took one."""
        client_id = report.client_id
        if self._taken.setdefault(client_id, report.order_id) != report.order_id:
            self.broken(f"{client_id} was accepted twice: {self._taken[client_id]} and {report.order_id}")
        if self._states.get(client_id) is OrderState.REJECTED:
            self.broken(f"{client_id} was accepted after it had been taken for rejected")

    def _alone(self, placement: Placement) -> None:
        symbol = placement.symbol
        doubtful = [
            client_id
            for client_id, traded in self._entries.items()
            if traded == symbol
            and client_id != placement.client_id
            and self._states[client_id] in {OrderState.SENT, OrderState.UNKNOWN}
        ]
        if doubtful:
            self.broken(f"{placement.client_id} was sent while nobody knew what became of {', '.join(doubtful)}")
        if any(position.symbol == symbol for position in self.scene.venue.positions()):
            self.broken(f"{placement.client_id} enters {symbol}, where a position is open already")
