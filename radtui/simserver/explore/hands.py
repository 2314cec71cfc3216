"""Orders that an operator places by hand, some of them twice, and what must hold of them (row S1)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

from radtui.core.facts import AnyFact, OrderChanged, Receipted
from radtui.core.hand_order import HandOrder, HandType
from radtui.core.instruction import Ask, Receipt
from radtui.core.order import OrderReport, Side
from radtui.core.orders import Purpose
from radtui.simserver.explore.chances import Chances
from radtui.simserver.explore.checks import Check, Scene
from radtui.venue.venue import Venue

_REDUCES: Final = 0.75
"""Chance that it is meant to make a position smaller, where there is one."""
_CLOSES: Final = 0.5
_AGAIN: Final = 0.4
"""Chance that whoever placed it does so again under the same key."""
_NEAR: Final = Decimal("0.0015")
"""How far from the market a limit or a trigger lies: near enough to be met within minutes."""
_MOST: Final = 12


def order(chances: Chances, venue: Venue, number: int) -> HandOrder:
    """Return the order of a number, at the prices of this moment."""
    instrument = venue.instruments[int(chances.draw("hand where", number) * len(venue.instruments))]
    held = next((each.lots for each in venue.positions() if each.symbol == instrument.symbol), 0)
    lots = 1 + int(chances.draw("hand size", number) * _MOST)
    reduces = bool(held) and chances.draw("hand reduces", number) < _REDUCES
    side = Side.BUY if (held < 0 if reduces else chances.draw("hand side", number) < 0.5) else Side.SELL
    kind = _kind(chances, number, reduces=reduces)
    closes = reduces and kind is HandType.MARKET and chances.draw("hand closes", number) < _CLOSES
    away = -side.sign if kind is HandType.LIMIT else side.sign
    price = instrument.below(venue.prices(instrument.symbol).last * (1 + _NEAR * away))
    return HandOrder(
        symbol=instrument.symbol,
        side=side,
        type=kind,
        lots=None if closes else min(lots, abs(held)) if reduces else lots,
        price=None if kind is HandType.MARKET else price,
        reduce_only=reduces and not closes,
        close=closes,
        key=f"hand-{number}",
    )


def impatient(chances: Chances, number: int) -> bool:
    """Return whether the order of a number is asked for twice."""
    return chances.draw("hand again", number) < _AGAIN


def _kind(chances: Chances, number: int, *, reduces: bool) -> HandType:
    kinds = [HandType.MARKET, HandType.LIMIT] if reduces else list(HandType)
    return kinds[int(chances.draw("hand kind", number) * len(kinds))]


class OncePerKey(Check):
    """An entry by hand is accepted once for each key, over all lives; a receipt says of it what the exchange says.

    The key is told as the reason, which every order bears.
    """

    name = "an order by hand is placed once"

    def __init__(self, scene: Scene) -> None:
        super().__init__(scene)
        self._keys: dict[str, str] = {}
        self._taken: dict[str, str] = {}

    def heard(self, fact: AnyFact) -> None:
        """Note what was placed by hand, and compare receipts with the exchange."""
        if isinstance(fact, OrderChanged):
            if fact.order.purpose is Purpose.ENTRY and fact.order.why.startswith("by hand"):
                self._keys[fact.order.client_id] = fact.order.why
        elif isinstance(fact, Receipted) and fact.receipt.ask is Ask.PLACE_ORDER:
            self._compare(fact.receipt)

    def accepted(self, report: OrderReport) -> None:
        """The exchange took an order: is it the first of its key?"""
        key = self._keys.get(report.client_id)
        if key is not None and self._taken.setdefault(key, report.client_id) != report.client_id:
            self.broken(f"{key}: {self._taken[key]} was accepted, and then {report.client_id}")

    def _compare(self, receipt: Receipt) -> None:
        placed = receipt.placed
        if placed is None:
            return
        there = self.scene.venue.order(placed.symbol, placed.client_id)
        if receipt.success and there is None:
            self.broken(f"{placed.client_id} is said to be {placed.state}, and the exchange knows no such order")
        elif not receipt.success and there is not None and (there.active or there.filled_lots):
            self.broken(f"{placed.client_id} is said not to be placed, and the exchange has it")
