"""The rules of contracts that are not traded here but in which a position stands: read once somebody needs them."""

from __future__ import annotations

from typing import Final

from radtui.core.commands import Describe
from radtui.core.desk import Desk
from radtui.core.events import Described
from radtui.core.instrument import Instrument
from radtui.core.market import SECOND

_AGAIN: Final = 2 * SECOND
"""What was asked for and did not come is asked for again this much later."""


class Rules:
    """Asks for rules and keeps them until the next start.

    Attributes:
        known: by symbol. unlisted: why there are none, of contracts that the exchange says it does not have.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._asked_at: dict[str, int] = {}
        self.known: dict[str, Instrument] = {}
        self.unlisted: dict[str, str] = {}

    def need(self, symbol: str) -> Instrument | None:
        """Return a contract's rules; None where they are not known yet, and then they are asked for."""
        known = self._desk.instruments.get(symbol) or self.known.get(symbol)
        if known is None and self._desk.at - self._asked_at.get(symbol, -_AGAIN) >= _AGAIN:
            self._asked_at[symbol] = self._desk.at
            self._desk.order(Describe(symbol))
        return known

    def take(self, event: Described) -> None:
        """Take an answer; one that says nothing definite is no reason not to ask again."""
        if event.instrument is not None:
            self.known[event.symbol] = event.instrument
            self.unlisted.pop(event.symbol, None)
        elif event.unlisted:
            self.unlisted[event.symbol] = event.why
