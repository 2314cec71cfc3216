"""What a stop did, as values: the orders it cancelled and the positions it closed (row L9)."""

from __future__ import annotations

from decimal import Decimal
from typing import Final

import msgspec

from radtui.core.instrument import Instrument
from radtui.core.market import SECOND
from radtui.core.order import OrderReport, Side
from radtui.core.words import counted

_OLD: Final = 5 * SECOND
"""A price that was older than this when an order was compared with it bears its age."""


class Cancelled(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was cancelled.

    Attributes:
        purpose: entry, exit or stop; of somebody else's order, its type.
        lots: what was not filled of it; 0 where it would have closed a whole position.
        price: its limit. trigger: where it would have fired.
        own: False for one of somebody else, cancelled because that was asked for.
    """

    symbol: str
    side: Side
    purpose: str
    lots: int
    client_id: str
    price: Decimal | None = None
    trigger: Decimal | None = None
    own: bool = True

    def __str__(self) -> str:
        """Return it in a line for a receipt."""
        price = self.trigger if self.price is None else self.price
        lots = f" {counted(self.lots, 'lot')}" if self.lots else ""
        where = "" if price is None else f" @ {price}"
        return f"{self.symbol} {self.purpose} {self.side}{lots}{where} ({self.client_id or 'no id'})"


class Placed(msgspec.Struct, frozen=True, kw_only=True):
    """An order that was placed by hand, as it stands.

    Attributes:
        order_id: the exchange's; empty where it gave none.
        state: as in `radtui.core.orders.OrderState`.
        lots: 0 of one that closes a whole position.
        price: its limit, or its trigger.
    """

    client_id: str
    order_id: str
    symbol: str
    side: Side
    state: str
    lots: int
    filled_lots: int = 0
    price: Decimal | None = None


class Closed(msgspec.Struct, frozen=True, kw_only=True):
    """What one order of ours closed of a position.

    Attributes:
        side: the order's own: a sale closes a long position.
        average: mean price of its fills.
        reference: the last price when it was sent, or the trigger of a stop; None where none was known.
        reference_age: nanoseconds of the wall clock since that price, when the order was sent.
        stop: it was a stop.
        slippage_ticks, slippage: by how much the average is worse than the reference, in ticks, and in settlement
            currency over all lots; negative where it is better.
        fee: paid. realised: gross profit. Both in settlement currency, of the fills that were told so far.
        settle: that currency. decimals: of the contract's prices.
    """

    symbol: str
    side: Side
    lots: int
    average: Decimal
    client_id: str
    reference: Decimal | None = None
    reference_age: int = 0
    stop: bool = False
    slippage_ticks: int | None = None
    slippage: Decimal | None = None
    fee: Decimal
    realised: Decimal
    settle: str = "USDT"
    decimals: int = 2

    def __str__(self) -> str:
        """Return it in a line for a receipt."""
        sold = f"{self.symbol} {self.side} {counted(self.lots, 'lot')} at {self.average:.{self.decimals}f}"
        brought = f"fee {self.fee:.4f}, realised {self.realised:+.4f} {self.settle}"
        compared = self._compared()
        return f"{sold} ({compared}); {brought}" if compared else f"{sold}; {brought}"

    def _compared(self) -> str:
        """Return by how much it was better or worse than what; empty where that is not known."""
        if self.reference is None or self.slippage is None or self.slippage_ticks is None:
            return ""
        old = f", {self.reference_age // SECOND} s old" if self.reference_age > _OLD else ""
        what = "its trigger" if self.stop else f"the last price when it was sent{old}"
        against = f"{self.reference:.{self.decimals}f}, {what}"
        if not self.slippage:
            return f"just {against}"
        how = "worse" if self.slippage > 0 else "better"
        ticks = counted(abs(self.slippage_ticks), "tick")
        return f"{ticks}, {abs(self.slippage):.4f} {self.settle}, {how} than {against}"


def slippage(
    instrument: Instrument, side: Side, lots: int, average: Decimal, reference: Decimal
) -> tuple[int, Decimal]:
    """Return by how much `average` is worse than `reference`: in whole ticks (rounded), and in settlement currency.

    A buy above the reference and a sale below it are positive: a cost.
    """
    signed = lots * side.sign
    cost = instrument.profit(instrument.notional(average, signed), instrument.notional(reference, signed))
    return round((average - reference) * side.sign / instrument.tick), cost


def by_report(report: OrderReport, *, own: bool = False) -> Cancelled:
    """Return an order of the exchange's list as one that is or would be cancelled."""
    return Cancelled(
        symbol=report.symbol,
        side=report.side,
        purpose="stop" if report.stop else report.type,
        lots=0 if report.close_order else report.lots - report.filled_lots,
        client_id=report.client_id,
        price=report.price,
        trigger=report.stop.price if report.stop else None,
        own=own,
    )
