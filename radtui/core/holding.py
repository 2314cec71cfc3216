"""The arithmetic of one position: what it cost, and what a fill takes out of it.

Source of the formulas: a linear contract's gross profit is what was received minus what was paid (an inverse one's is
the reverse, in coin), so the cost of the closed part is the position's cost times closed over open lots. Only that
share is rounded (to the ledger's grain), and what is taken plus what stays is always the whole.
"""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.money import ZERO, share


class Holding(msgspec.Struct, frozen=True):
    """Signed lots and what they cost.

    Attributes:
        lots: negative is short.
        cost: signed value at entry, in settlement currency: Σ notional of what is still open.
    """

    lots: int = 0
    cost: Decimal = ZERO

    def entry(self, instrument: Instrument) -> Decimal:
        """Return the average entry price; 0 when flat."""
        return instrument.price_of(self.cost, self.lots) if self.lots else ZERO

    def unrealised(self, mark: Decimal, instrument: Instrument) -> Decimal:
        """Return the open profit at `mark`, before fees."""
        return instrument.profit(instrument.notional(mark, self.lots), self.cost)

    def after(self, lots: int, price: Decimal, instrument: Instrument) -> tuple[Holding, Decimal]:
        """Return the holding after a fill of signed `lots` at `price`, and the gross profit the fill realised."""
        closing = self._closed_by(lots)
        if not closing:
            return Holding(self.lots + lots, self.cost + instrument.notional(price, lots)), ZERO
        released = share(self.cost, abs(closing), abs(self.lots))
        rest = Holding(self.lots + closing, self.cost - released)
        realised = instrument.profit(-instrument.notional(price, closing), released)
        opening = lots - closing
        return (rest if not opening else Holding(opening, instrument.notional(price, opening))), realised

    def _closed_by(self, lots: int) -> int:
        if self.lots * lots >= 0:
            return 0
        return lots if abs(lots) <= abs(self.lots) else -self.lots
