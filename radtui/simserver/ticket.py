"""What the books say of an order beyond what the venue needs: how it was sent, and when things happened."""

from __future__ import annotations

from decimal import Decimal

import msgspec

from radtui.core.money import ZERO
from radtui.core.order import Fill, OrderReport


class Terms(msgspec.Struct, frozen=True, kw_only=True):
    """Parameters that read back as they were sent and decide nothing at the venue.

    Attributes:
        value: of the order when it came, in settlement currency.
        leverage: as text, also of a closing order.
    """

    leverage: str = "1"
    value: Decimal = ZERO
    remark: str | None = None
    stp: str = ""
    tif: str = "GTC"
    hidden: bool = False
    iceberg: bool = False
    visible_size: int = 0
    force_hold: bool = False


class Ticket(msgspec.Struct, kw_only=True):
    """One order as the exchange shows it. All times are nanoseconds UTC of the wall clock.

    Attributes:
        report: what the venue said of it last.
        ended_at: None while it works.
    """

    id: str
    report: OrderReport
    terms: Terms
    created_at: int
    updated_at: int
    ended_at: int | None = None

    @property
    def done(self) -> bool:
        """Whether nothing more comes of it."""
        return not self.report.active


class FillNote(msgspec.Struct, kw_only=True):
    """A fill, when it was seen, and its order where there is one (a liquidation has none).

    Attributes:
        id: the trade's on the wire.
        order_id: the order's on the wire.
        at: nanoseconds UTC of the wall clock.
        closing: lots of it that made a position smaller.
        fee_rate: share of the value that was paid.
        shown: as clients get it, once one has asked.
    """

    id: str
    order_id: str
    fill: Fill
    at: int
    closing: int = 0
    value: Decimal = ZERO
    fee_rate: Decimal = ZERO
    ticket: Ticket | None = None
    shown: msgspec.Raw | None = None
