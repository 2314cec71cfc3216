"""Stop means stopped (promise 2): a receipt is true of the exchange, and nothing is sent after it."""

from __future__ import annotations

from typing import Final

from radtui.core.facts import AnyFact, Instructed, Receipted
from radtui.core.instruction import Ask, Receipt
from radtui.simserver.explore.checks import Check, Placement, Scene
from radtui.simserver.explore.protection import covered
from radtui.simserver.explore.strangers import ours

_ENDS: Final = frozenset({Ask.SHUTDOWN, Ask.EMERGENCY_STOP})
_RESTS: Final = _ENDS | {Ask.STOP}
_HOLDS: Final = _RESTS | {Ask.PAUSE}
_GOES_ON: Final = frozenset({Ask.START, Ask.RESUME})


class TrueReceipts(Check):
    """What a receipt claims is so on the exchange at that moment, and stays so until somebody starts again."""

    name = "a receipt is true"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._given: Receipt | None = None
        self._at = 0

    def heard(self, fact: AnyFact) -> None:
        """Compare a receipt with the exchange."""
        if isinstance(fact, Instructed) and fact.instruction.ask in _GOES_ON:
            self._given = None
        elif isinstance(fact, Receipted) and fact.receipt.success and fact.receipt.ask in _HOLDS:
            self._given, self._at = fact.receipt, self.scene.passed
            self._compare(fact.receipt)

    def placing(self, placement: Placement) -> None:
        """An order arrives: may it?"""
        given = self._given
        if given is None:
            return
        later = placement.sent_at > self._at
        if not placement.reduces and (later or given.ask in _RESTS):
            self.broken(f"the entry {placement.client_id} reached the exchange after the receipt of a {given.ask}")
        elif later and given.ask in _ENDS:
            self.broken(f"{placement.client_id} was sent after the receipt of a {given.ask}")

    def changing(self, what: str, sent_at: int) -> None:
        """A cancel arrives: may it?"""
        if self._given is not None and self._given.ask in _ENDS and sent_at > self._at:
            self.broken(f"{what} was sent after the receipt of a {self._given.ask}")

    def begun(self, desired: str) -> None:
        """A new life may look after what it finds, and goes on with a stop whose receipt says that it is on no disk."""
        if self._given is not None and (self._given.ask is Ask.SHUTDOWN or self._given.unwritten):
            self._given = None

    def _compare(self, receipt: Receipt) -> None:
        if receipt.ask not in _RESTS:
            return
        positions, orders = self.scene.venue.positions(), ours(self.scene.venue.open_orders())
        entries = [order.client_id for order in orders if not order.reduce_only and not order.close_order]
        bare = [position.symbol for position in positions if not covered(position, orders)]
        if entries:
            self.broken(f"a {receipt.ask} is said to be done, and the exchange has entries: {', '.join(entries)}")
        elif bare:
            self.broken(f"a {receipt.ask} is said to be done, and there is no stop on {', '.join(bare)}")
        elif receipt.ask is Ask.EMERGENCY_STOP and (positions or orders):
            held = [position.symbol for position in positions] + [order.client_id for order in orders]
            self.broken(f"an emergency stop is said to be done, and the exchange shows {', '.join(held)}")
