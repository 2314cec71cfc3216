"""Which contracts there are: what the exchange trades now, and what of ours it traded once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from radtui.core.desk import MISSING, Desk
from radtui.core.events import Listed
from radtui.core.instrument import Instrument
from radtui.core.orders import Order


class Contracts:
    """Keeps the desk's contracts.

    Attributes:
        listed: the exchange has said which ones it trades; before that nothing it shows can be understood.
    """

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._ours: Mapping[str, Instrument] = {}
        self.listed = False

    def remember(self, ours: Mapping[str, Instrument]) -> None:
        """Take those in which something of ours was open or on its way, by symbol, as an earlier run knew them."""
        self._ours = ours
        self._join(self._desk.instruments)

    def take(self, event: Listed) -> None:
        """Take those that the exchange trades; one of ours that is listed no more is still looked after."""
        desk = self._desk
        self.listed = True
        traded = {instrument.symbol: instrument for instrument in event.instruments}
        self._join(traded)
        desk.missing = tuple(symbol for symbol in desk.config.symbols if symbol not in traded)
        for symbol in desk.missing:
            desk.trouble("contract missing", f"{symbol} {MISSING}", "contracts", "alarm")

    def of(self, orders: Iterable[Order]) -> dict[str, Instrument]:
        """Return the known ones of some orders, by symbol."""
        known = self._desk.instruments
        return {order.symbol: known[order.symbol] for order in orders if order.symbol in known}

    def _join(self, traded: Mapping[str, Instrument]) -> None:
        self._desk.instruments = {**self._ours, **traded} if self.listed else {}
