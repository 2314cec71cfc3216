"""What isolated and cross positions have in common, and the tally of a position's life."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.account import PositionReport
from radtui.core.holding import Holding
from radtui.core.instrument import Instrument
from radtui.core.money import ZERO
from radtui.core.order import PositionSide

FLAT: Final = Holding()

Key = tuple[str, PositionSide]
"""Symbol and side: what a position is filed under."""


class Tally(msgspec.Struct, frozen=True, array_like=True):
    """What was bought, sold and paid in the life of one position, in settlement currency.

    Attributes:
        opened, closed: lots so far (unsigned); `opened_value` and `closed_value` what they were worth.
        gross: realised before fees. fees: paid. funding: received.
    """

    opened: int = 0
    opened_value: Decimal = ZERO
    closed: int = 0
    closed_value: Decimal = ZERO
    gross: Decimal = ZERO
    fees: Decimal = ZERO
    funding: Decimal = ZERO

    def after_open(self, lots: int, value: Decimal, fee: Decimal) -> Tally:
        """Return it with an opening of `lots` worth `value` (both unsigned)."""
        return msgspec.structs.replace(
            self, opened=self.opened + lots, opened_value=self.opened_value + value, fees=self.fees + fee
        )

    def after_close(self, lots: int, value: Decimal, gross: Decimal, fee: Decimal) -> Tally:
        """Return it with a close of `lots` worth `value` (both unsigned)."""
        return msgspec.structs.replace(
            self,
            closed=self.closed + lots,
            closed_value=self.closed_value + value,
            gross=self.gross + gross,
            fees=self.fees + fee,
        )

    def after_funding(self, amount: Decimal) -> Tally:
        """Return it with a settlement."""
        return msgspec.structs.replace(self, funding=self.funding + amount)


class Position(msgspec.Struct, frozen=True, array_like=True, kw_only=True):
    """An open position. `IsolatedPosition` and `CrossPosition` say what stands behind it.

    Attributes:
        opened_at: market clock, nanoseconds UTC.
    """

    holding: Holding
    opened_at: int
    tally: Tally = Tally()

    @property
    def lots(self) -> int:
        """Signed lots; negative is short."""
        return self.holding.lots

    def closable(self, sign: int) -> int:
        """Return how many lots an order with this sign (+1 buys) can close."""
        return abs(self.lots) if self.lots * sign < 0 else 0

    def sketch(self, instrument: Instrument, side: PositionSide, mark: Decimal) -> PositionReport:
        """Return what can be reported of it without knowing what stands behind it."""
        return PositionReport(
            symbol=instrument.symbol,
            lots=self.lots,
            entry=self.holding.entry(instrument),
            mark=mark,
            margin=ZERO,
            maintenance=ZERO,
            leverage=1,
            liquidation=ZERO,
            unrealised=self.holding.unrealised(mark, instrument),
            opened_at=self.opened_at,
            position_side=side,
            cost=self.holding.cost,
            gross=self.tally.gross,
            fees=self.tally.fees,
            funding=self.tally.funding,
        )
